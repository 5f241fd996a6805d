"""Differences between groups with their intervals, and which figures go together."""

from collections.abc import Sequence

import numpy as np

from knowledge.analysis.comparison import LOUD, Compared
from knowledge.analysis.correlation import Correlations
from knowledge.analysis.pictures.canvas import canvas, colour, shade
from knowledge.analysis.words import Words


def forest(words: Words, grouping: str, rows: Sequence[Compared]) -> str:
    """Cliff's delta of each group against all others; filled where it counts after all looks."""
    title = words("forest.said", grouping=words.grouping(grouping))
    with canvas(f"forest-{grouping}", title, 0.32 * len(rows) + 0.9) as drawn:
        axes = drawn.axes
        for at, row in zip(range(len(rows), 0, -1), rows, strict=True):
            counts = row.p_holm < LOUD
            tone = colour("main" if row.delta.value > 0 else "warm") if counts else colour("quiet")
            axes.plot([row.delta.low, row.delta.high], [at, at], color=tone, linewidth=2)
            face = tone if counts else colour("paper")
            axes.plot(row.delta.value, at, "o", color=tone, markerfacecolor=face, markersize=6)
        axes.axvline(0, color=colour("quiet"), linewidth=1)
        names = [words.group(row.grouping, row.group) for row in rows]
        axes.set_yticks(range(len(rows), 0, -1), names)
        axes.tick_params(axis="y", labelcolor=colour("ink"), length=0)
        reach = max(0.3, 1.1 * max(max(abs(row.delta.low), abs(row.delta.high)) for row in rows))
        axes.set_xlim(-min(1.0, reach), min(1.0, reach))
        axes.set_ylim(0.4, len(rows) + 0.6)
        axes.grid(axis="y", visible=False)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(words("forest.axis"))
    return drawn.svg


def heat(words: Words, found: Correlations) -> str:
    """Below the diagonal Pearson, above it Spearman."""
    count = len(found.columns)
    with canvas("heat", words("heat.said"), 4.9, width=6.4) as drawn:
        axes = drawn.axes
        for row in range(count):
            for column in range(count):
                value = (found.pearson if row > column else found.spearman)[row, column]
                tone = colour("line") if row == column else shade(0.75 * value)
                axes.fill(
                    [column, column + 1, column + 1, column], [row, row, row + 1, row + 1], color=tone, linewidth=0
                )
                if row != column:
                    text = words.decimal(value, 2)
                    axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=8.5)
        names = [words.column(name) for name in found.columns]
        axes.set_yticks(np.arange(count) + 0.5, names)
        axes.set_xticks(np.arange(count) + 0.5, names, rotation=35, ha="right")
        axes.tick_params(length=0, labelcolor=colour("ink"))
        axes.set_xlim(0, count)
        axes.set_ylim(count, 0)
        axes.grid(False)
        axes.spines[:].set_visible(False)
    return drawn.svg
