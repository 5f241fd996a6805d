"""Segments: the plane they are seen on, who brings the revenue, and how k was chosen."""

from collections.abc import Mapping

import numpy as np

from knowledge.analysis.pictures.canvas import canvas, colour
from knowledge.analysis.standing import Standing
from knowledge.analysis.words import Words
from knowledge.segmentation.choosing import STABLE_ARI

LINES = {"ari_mean": "main", "eta_squared": "warm", "silhouette": "quiet", "spread_within": "seg-need_attention"}
LABEL_HEIGHT = 0.075


def plane(words: Words, found: Standing) -> str:
    """A sample of customers where they differ most; each segment's name at its middle."""
    with canvas("plane", words("plane.said"), 4.0) as drawn:
        axes = drawn.axes
        points, codes = found.plane.points[found.drawn], found.codes[found.drawn]
        for segment in found.segments:
            inside = points[codes == segment.code]
            axes.scatter(*inside.T, s=9, color=colour(f"seg-{segment.code}"), alpha=0.55, linewidths=0)
        for segment in found.segments:
            middle = np.median(points[codes == segment.code], axis=0)
            face, edge = colour(f"seg-{segment.code}"), colour("paper")
            axes.plot(*middle, "o", markersize=12, color=face, markeredgecolor=edge, markeredgewidth=2)
        for axis, number in ((axes.xaxis, 0), (axes.yaxis, 1)):
            axis.set_label_text(words("plane.axis", number=number + 1, share=words.percent(found.plane.shares[number])))
            axis.set_ticklabels([])
    return drawn.svg


def shares(words: Words, found: Standing) -> str:
    """Two bars a segment: its share of the customers, and of the revenue."""
    total = len(found.codes)
    with canvas("shares", words("shares.said"), 0.5 * len(found.segments) + 0.9) as drawn:
        axes = drawn.axes
        rows = np.arange(len(found.segments))[::-1]
        of_customers = [segment.customers / total for segment in found.segments]
        of_revenue = [segment.revenue_share for segment in found.segments]
        axes.barh(rows + 0.19, of_customers, 0.34, color=colour("line"))
        axes.barh(rows - 0.19, of_revenue, 0.34, color=[colour(f"seg-{each.code}") for each in found.segments])
        gap = 0.015 * max(of_customers + of_revenue)
        for up, name, values in ((0.19, "customers", of_customers), (-0.19, "revenue", of_revenue)):
            for row, value in zip(rows, values, strict=True):
                said = words(f"shares.{name}", share=words.percent(value))
                axes.text(value + gap, row + up, said, va="center", fontsize=8.5)
        axes.set_yticks(rows, [words.segment(each.code) for each in found.segments])
        axes.tick_params(axis="y", labelcolor=colour("ink"), length=0)
        axes.set_xlim(0, 1.35 * max(of_customers + of_revenue))
        axes.set_xticks([])
        axes.grid(False)
        axes.spines[["bottom", "left"]].set_visible(False)
    return drawn.svg


def choice(words: Words, found: Mapping[str, object]) -> str:
    """By number of rungs: how well the segments keep, and what they say about what comes."""
    rows = found["candidates"]
    assert isinstance(rows, list)
    ks = [row["k"] for row in rows]
    with canvas("choice", words("choice.said"), 3.3) as drawn:
        axes = drawn.axes
        drawn_ones = [name for name in LINES if all(row[name] is not None for row in rows)]
        ends = _apart({name: rows[-1][name] for name in drawn_ones})
        for name in drawn_ones:
            tone = colour(LINES[name])
            axes.plot(ks, [row[name] for row in rows], color=tone, marker="o", markersize=4)
            axes.text(ks[-1] + 0.15, ends[name], words(f"choice.{name}"), color=tone, va="center", fontsize=8.5)
        axes.plot(ks, [STABLE_ARI] * len(ks), color=colour("main"), linestyle=":", linewidth=1)
        axes.axvline(found["k"], color=colour("line"), linewidth=7, zorder=0)
        axes.set_xticks(ks)
        axes.set_xlim(ks[0] - 0.2, ks[-1] + 2.1)
        axes.set_ylim(0, 1.05)
        axes.set_xlabel(words("choice.axis"))
    return drawn.svg


def _apart(heights: Mapping[str, float]) -> dict[str, float]:
    """Where to write what belongs at these heights, so that no label lies on another."""
    upwards = sorted(heights, key=lambda each: heights[each])
    placed: dict[str, float] = {}
    lowest, highest = 0.0, 1.0
    for name in upwards:
        placed[name] = max(heights[name], lowest)
        lowest = placed[name] + LABEL_HEIGHT
    for name in reversed(upwards):
        placed[name] = min(placed[name], highest)
        highest = placed[name] - LABEL_HEIGHT
    return placed
