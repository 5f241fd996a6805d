"""The top of the page: how much there is, what was left out, and what stands out."""

from collections.abc import Iterator

from knowledge.analysis.comparison import LOUD
from knowledge.analysis.groups import SMALLEST_GROUP
from knowledge.analysis.page.html import escape, note
from knowledge.analysis.survey import Survey
from knowledge.analysis.words import Words

TELLING_DELTA = 0.147
"""Below it a difference is negligible. Romano et al. 2006."""


def head(words: Words, found: Survey) -> str:
    subtitle = words("subtitle", start=words.day(found.first_day), end=words.day(found.cut - 1e-6))
    counts: dict[str, float] = {"customers": found.customers}
    if found.customers >= SMALLEST_GROUP:  # the sums of fewer are what these people did
        counts |= {"orders": found.orders, "revenue": found.revenue, "items": found.items}
    cards = "".join(
        f"<li><strong>{words.number(count)}</strong> {words(f'card.{name}')}</li>" for name, count in counts.items()
    )
    title = f"<h1>{words('title')}</h1>{note(subtitle)}"
    return f'<header>{title}<ul class="cards">{cards}</ul>{_left_out(words, found)}</header>'


def _left_out(words: Words, found: Survey) -> str:
    if not found.left_out:
        return ""
    rows = (
        words("left_out.row", count=words.number(count), reason=escape(words.reason(reason)))
        for reason, count in found.left_out.items()
    )
    return note(words("left_out", rows=words("join").join(rows)))


def in_short(words: Words, found: Survey) -> str:
    """What a hurried reader takes along."""
    sentences = "".join(f"<li>{sentence}</li>" for sentence in _findings(words, found))
    return f'<div class="verdict"><h2>{words("short")}</h2><ul>{sentences}</ul></div>' if sentences else ""


def _findings(words: Words, found: Survey) -> Iterator[str]:
    if (share := found.concentration) and share.top_fifth:
        fifth, half = words.percent(share.top_fifth.value), words.percent(share.half_of_revenue)
        yield words("finding.concentration", fifth=fifth, half=half)
    yield from _segments(words, found)
    yield from _change(words, found)
    if (cohorts := found.cohorts) and len(cohorts.average) > 1 and cohorts.average[1] == cohorts.average[1]:
        yield words(
            "finding.retention",
            share=words.percent(cohorts.average[1]),
            low=words.percent(cohorts.low[1]),
            high=words.percent(cohorts.high[1]),
            days=round(cohorts.period_days),
        )
    yield from _difference(words, found)


def _segments(words: Words, found: Survey) -> Iterator[str]:
    by_code = {each.code: each for each in found.standing.segments} if found.standing else {}
    if best := by_code.get("champions"):
        people = words.percent(best.customers / found.customers)
        share = words.percent(best.revenue_share)
        yield words("finding.champions", count=words.number(best.customers), people=people, share=share)
    if risk := by_code.get("at_risk"):
        share = words.percent(risk.revenue_share)
        yield words("finding.at_risk", count=words.number(risk.customers), share=share)


def _change(words: Words, found: Survey) -> Iterator[str]:
    change = found.trend.change if found.trend else None
    if change is None:
        return
    way = "up" if change.low > 0 else "down" if change.high < 0 else "unclear"
    sign = -1 if way == "down" else 1
    low, high = sorted((sign * change.low, sign * change.high))
    facts = {"change": sign * change.value, "low": low, "high": high}
    yield words(f"finding.change_{way}", **{name: words.percent(value, 1) for name, value in facts.items()})


def _difference(words: Words, found: Survey) -> Iterator[str]:
    """Segments differ of course: they were made to."""
    loud = [row for row in found.comparisons if row.p_holm < LOUD and row.grouping != "segment"]
    largest = max(loud, key=lambda row: abs(row.delta.value), default=None)
    if largest and abs(largest.delta.value) >= TELLING_DELTA:
        yield words(
            "finding.difference",
            group=escape(words.group(largest.grouping, largest.group)),
            grouping=words.grouping(largest.grouping),
            outcome=words.column(largest.outcome).lower(),
            more=words("more.more" if largest.delta.value > 0 else "more.less"),
            delta=words.signed(largest.delta.value),
        )
