"""How much comes from how few."""

import numpy as np

from knowledge.analysis.concentration import POINTS, Concentration
from knowledge.analysis.pictures.canvas import canvas, colour
from knowledge.analysis.words import Words


def lorenz(words: Words, found: Concentration) -> str:
    """Customers from the one who spends least to the one who spends most, and what they bring together."""
    with canvas("lorenz", words("lorenz.said"), 3.6) as drawn:
        axes = drawn.axes
        share = np.linspace(0, 1, POINTS)
        axes.fill_between(share, found.curve, share, color=colour("soft"), linewidth=0)
        axes.plot(share, share, color=colour("quiet"), linestyle="--", linewidth=1)
        axes.plot(share, found.curve, color=colour("main"), linewidth=2)
        axes.text(0.44, 0.5, words("lorenz.equal"), color=colour("quiet"), fontsize=8.5, rotation=34, ha="center")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: words.percent(value))
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.set_xlabel(words("lorenz.customers"))
        axes.set_ylabel(words("lorenz.revenue"))
    return drawn.svg
