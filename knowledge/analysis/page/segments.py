"""Section: the segments, with a name, a face and a number."""

from knowledge.analysis.page.html import figure, limits, note, pair, section, table
from knowledge.analysis.pictures import segments as pictures
from knowledge.analysis.standing import Standing
from knowledge.analysis.survey import Survey
from knowledge.analysis.words import Words
from knowledge.segmentation import ARCHETYPES
from knowledge.segmentation.choosing import MOST_RUNGS, STABLE_ARI
from knowledge.segmentation.fitting import FEWEST_CUSTOMERS


def segmented(words: Words, found: Survey, standing: Standing) -> str:
    said = limits(words, *(words(f"segments.limit.{number}") for number in (1, 2, 3)))
    if not standing.segments:
        return section("segments", words("segments.title"), note(words("segments.none")), said)
    intro = words("segments.intro")
    if standing.model is None:
        intro = words("segments.rule_intro", count=words.number(found.customers), needed=FEWEST_CUSTOMERS)
    return section(
        "segments",
        words("segments.title"),
        note(intro),
        _table(words, found.horizon_days, standing),
        pair(
            figure(words("shares.title"), pictures.shares(words, standing), words("shares.note")),
            figure(
                words("plane.title"), pictures.plane(words, standing) + _legend(words, standing), words("plane.note")
            ),
        ),
        _choice(words, found.horizon_days, standing),
        said,
    )


def _table(words: Words, horizon: int, standing: Standing) -> str:
    medians = ("recency_days", "orders", "spend")
    head = [words("segments.head.segment"), words("segments.head.customers")]
    head += [words.column(name) for name in medians]
    has_returns = any(each.came_back is not None for each in standing.segments)
    head += [words("segments.head.came_back", days=horizon)] if has_returns else []
    rows = []
    for each in standing.segments:
        archetype = ARCHETYPES[each.code]
        name = f"{_dot(each.code)}{archetype.name(words.language)}<small>{archetype.about(words.language)}</small>"
        row = [name, words.number(each.customers), *(words.figure(getattr(each, column)) for column in medians)]
        back = words.percent(each.came_back) if each.came_back is not None else "–"
        rows.append(row + ([back] if has_returns else []))
    said = words("segments.came_back_note", days=horizon) if has_returns else ""
    return note(words("segments.typical")) + table(head, rows) + (note(said) if said else "")


def _legend(words: Words, standing: Standing) -> str:
    names = (f"<li>{_dot(each.code)}{words.segment(each.code)}</li>" for each in standing.segments)
    return f'<ul class="legend">{"".join(names)}</ul>'


def _dot(code: str) -> str:
    return f'<i class="dot" style="background: var(--seg-{code})"></i>'


def _choice(words: Words, horizon: int, standing: Standing) -> str:
    if standing.model is None:
        return ""
    figures = standing.model.figures
    facts = {"k": figures["k"], "most": MOST_RUNGS, "stable": words.decimal(STABLE_ARI, 2)}
    said = words("choice.note", **facts, days=horizon)
    head = [words(f"alternatives.head.{name}") for name in ("name", "groups", "noise", "agreement")]
    rows = [
        [
            words(f"alternatives.{each.name}"),
            words.number(each.groups),
            words.percent(each.noise),
            words.decimal(each.agreement, 2),
        ]
        for each in standing.alternatives
    ]
    others = f"<h3>{words('alternatives.title')}</h3>{note(words('alternatives.note'))}{table(head, rows)}"
    return pair(figure(words("choice.title"), pictures.choice(words, figures), said), f"<div>{others}</div>")
