"""Section: differences between groups, and figures that go together."""

from collections.abc import Sequence

from knowledge.analysis.comparison import LOUD, Compared
from knowledge.analysis.effects import Estimate
from knowledge.analysis.page.html import escape, figure, limits, note, pair, section, table
from knowledge.analysis.pictures import groups as pictures
from knowledge.analysis.survey import FEWEST_TO_CORRELATE, Survey
from knowledge.analysis.words import Words

DRAWN = {"segment": "spend_after"}
"""The outcome that a grouping's picture shows; `spend_182` for the others, all of them in the table."""


def compared(words: Words, found: Survey) -> str:
    count = len(found.comparisons)
    title = words("comparison.title")
    if not count:
        return section("comparison", title, note(words("comparison.none")), limits(words, words("comparison.limit.1")))
    by_chance = words.figure(round(LOUD * count, 1))
    looked = words("comparison.limit.2", count=count, chance=by_chance)
    return section(
        "comparison",
        title,
        note(words("comparison.intro", count=count)),
        pair(*_pictures(words, found)),
        f"<details><summary>{words('comparison.all')}</summary>{_table(words, found.comparisons)}</details>",
        _together(words, found),
        limits(words, words("comparison.limit.1"), looked, words("comparison.limit.3")),
    )


def _pictures(words: Words, found: Survey) -> list[str]:
    drawn = []
    for grouping in sorted({row.grouping for row in found.comparisons}, key=lambda name: name != "segment"):
        outcome = DRAWN.get(grouping, "spend_182")
        rows = [row for row in found.comparisons if row.grouping == grouping and row.outcome == outcome]
        rows.sort(key=lambda row: -row.delta.value)
        title = words("forest.title", grouping=words.grouping(grouping), outcome=words.column(outcome))
        said = words("comparison.segment_note", days=found.horizon_days) if grouping == "segment" else ""
        drawn.append(figure(title, pictures.forest(words, grouping, rows), said))
    return drawn


def _table(words: Words, rows: Sequence[Compared]) -> str:
    head = [words(f"comparison.head.{name}") for name in ("group", "outcome", "count", "medians", "delta", "g", "p")]
    cells = [
        [
            f"{escape(words.group(row.grouping, row.group))}<small>{words.grouping(row.grouping)}</small>",
            words.column(row.outcome),
            words.number(row.count),
            f"{words.figure(row.median)} <small>({words.figure(row.others_median)})</small>",
            _interval(words, row.delta),
            _interval(words, row.g),
            f"{words.chance(row.p)} <small>({words.chance(row.p_holm)}; {words.chance(row.p_bh)})</small>",
        ]
        for row in rows
    ]
    return table(head, cells, numbers_from=2)


def _interval(words: Words, estimate: Estimate) -> str:
    between = f"{words.signed(estimate.low)} … {words.signed(estimate.high)}"
    return f"{words.signed(estimate.value)} <small>({between})</small>"


def _together(words: Words, found: Survey) -> str:
    if not found.together:
        return ""
    head = [words("together.head.pair"), words("comparison.head.count"), "V", words("together.head.p")]
    rows = [
        [
            f"{words.grouping(each.first)} × {words.grouping(each.second)}",
            words.number(each.count),
            words.decimal(each.v, 2),
            words.chance(each.p_holm),
        ]
        for each in found.together
    ]
    return f"<h3>{words('together.title')}</h3>{note(words('together.note'))}{table(head, rows)}"


def correlated(words: Words, found: Survey) -> str:
    title = words("correlation.title")
    said = limits(words, *(words(f"correlation.limit.{number}") for number in (1, 2, 3)))
    if found.correlations is None:
        few = words("correlation.few", count=found.customers, needed=FEWEST_TO_CORRELATE)
        return section("correlation", title, note(few), said)
    intro = note(words("correlation.intro", count=words.number(found.correlations.count)))
    picture = figure("", pictures.heat(words, found.correlations), kind="dense")
    return section("correlation", title, intro, f'<div class="middle">{picture}</div>', said)
