"""What happened over time: who came back, what was sold, on which days."""

from typing import Any

import numpy as np

from knowledge.analysis.cohorts import Cohorts
from knowledge.analysis.pictures.canvas import canvas, colour, shade
from knowledge.analysis.trends import Trend
from knowledge.analysis.words import Words


def retention(words: Words, found: Cohorts) -> str:
    """All cohorts together, with the 95 % interval."""
    with canvas("retention", words("retention.said"), 3.0) as drawn:
        axes = drawn.axes
        after = np.arange(1, len(found.average))
        known = np.isfinite(found.average[1:])
        after, average = after[known], found.average[1:][known]
        axes.fill_between(after, found.low[1:][known], found.high[1:][known], color=colour("soft"), linewidth=0)
        axes.plot(after, average, color=colour("main"), marker="o", markersize=4)
        axes.set_ylim(0, min(1.0, 1.25 * float(found.high[1:][known].max())))
        axes.yaxis.set_major_formatter(lambda value, _: words.percent(value))
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_xlabel(words("retention.axis", days=round(found.period_days)))
    return drawn.svg


def cohort_table(words: Words, found: Cohorts) -> str:
    """A row a cohort, a column a period since; cohorts of fewer than five stay empty."""
    count = len(found.sizes)
    with canvas("cohorts", words("cohorts.said"), 0.29 * count + 1.0, width=6.4) as drawn:
        axes = drawn.axes
        for row in range(count):
            for column in range(1, count):
                share = found.retained[row, column]
                if np.isfinite(share):
                    corners = [column, column + 1, column + 1, column], [row, row, row + 1, row + 1]
                    axes.fill(*corners, color=shade(0.85 * share), linewidth=0)
                    text = f"{100 * share:.0f}"
                    axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=8)
        names = [
            words("cohorts.row", day=words.day(start), count=words.few(int(size)))
            for start, size in zip(found.starts, found.sizes, strict=True)
        ]
        axes.set_yticks(np.arange(count) + 0.5, names)
        axes.set_xticks(np.arange(1, count) + 0.5, [str(each) for each in range(1, count)])
        axes.tick_params(length=0)
        axes.set_xlim(1, count)
        axes.set_ylim(count, 0)
        axes.grid(False)
        axes.spines[:].set_visible(False)
        axes.set_xlabel(words("retention.axis", days=round(found.period_days)))
    return drawn.svg


def revenue(words: Words, found: Trend) -> str:
    """Each week's revenue, and the trend."""
    with canvas("revenue", words("revenue.said"), 2.9, width=11.6) as drawn:
        axes = drawn.axes
        weeks = found.weeks
        axes.bar(weeks, found.weekly_revenue, 5.6, align="edge", color=colour("line"))
        axes.plot(found.days, 7 * found.trend, color=colour("main"), linewidth=2)
        axes.set_ylim(0, 1.08 * float(found.weekly_revenue.max()))
        axes.yaxis.set_major_formatter(lambda value, _: words.number(value))
        _month_ticks(axes, words, found)
        axes.grid(axis="x", visible=False)
    return drawn.svg


def weekdays(words: Words, found: Trend) -> str:
    """How many times the usual day each day of the week is."""
    names = [words(f"weekday.{number}") for number in range(7)]
    return _ratios("weekdays", words("weekdays.said"), words, names, [(e.value, e.low, e.high) for e in found.weekday])


def seasons(words: Words, found: Trend) -> str:
    """How many times the usual month each month is."""
    names = [words(f"month.{number}") for number in range(12)]
    return _ratios("seasons", words("seasons.said"), words, names, [(each, each, each) for each in found.season])


def _ratios(key: str, said: str, words: Words, names: list[str], ratios: list[tuple[float, float, float]]) -> str:
    with canvas(key, said, 2.9) as drawn:
        axes = drawn.axes
        for at, (value, low, high) in enumerate(ratios):
            axes.bar(at, value - 1, 0.68, bottom=1, color=colour("main" if value >= 1 else "warm"), alpha=0.75)
            axes.plot([at, at], [low, high], color=colour("ink"), linewidth=1.2)
        axes.axhline(1, color=colour("quiet"), linewidth=1)
        axes.set_xticks(range(len(names)), names)
        axes.tick_params(axis="x", length=0)
        axes.yaxis.set_major_formatter(lambda value, _: f"× {words.decimal(value, 2)}")
        axes.grid(axis="x", visible=False)
    return drawn.svg


def _month_ticks(axes: Any, words: Words, found: Trend) -> None:
    first, last = found.days[0], found.days[-1]
    months = np.arange(np.datetime64(int(first), "D").astype("datetime64[M]") + 1, np.datetime64(int(last) + 1, "D"))
    months = np.unique(months.astype("datetime64[M]"))
    step = max(1, -(-len(months) // 12))
    at = months[::step].astype("datetime64[D]").astype(np.float64)
    axes.set_xticks(at, [words.month(day) for day in at])
