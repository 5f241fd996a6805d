"""A matplotlib figure → an inline SVG whose colours are the page's."""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

from knowledge.customers.errors import ExtraMissing
from knowledge.segmentation import ARCHETYPES

VARIABLES = ("ink", "quiet", "line", "paper", "main", "warm", "soft")
COLOURS = {name: f"#0a0b{number:02d}" for number, name in enumerate(VARIABLES, start=10)} | {
    f"seg-{code}": f"#0a0c{number:02d}" for number, code in enumerate(ARCHETYPES, start=10)
}
"""Stand-ins: no picture means these as colours."""
LOWEST = 1.8
"""Inches: lower, and the axes have no room beside their labels."""
SHADES = 12
SHADE_COLOURS = [f"#0a0d{number:02d}" for number in range(10, 10 + 2 * SHADES + 1)]
"""From the warm end over the paper to the main end: `shade(-1)` to `shade(1)`."""
STYLE: Any = {
    "svg.fonttype": "none",
    "font.size": 9.5,
    "axes.edgecolor": COLOURS["line"],
    "axes.labelcolor": COLOURS["quiet"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": False,
    "grid.color": COLOURS["line"],
    "grid.linewidth": 0.7,
    "text.color": COLOURS["ink"],
    "xtick.color": COLOURS["line"],
    "ytick.color": COLOURS["line"],
    "xtick.labelcolor": COLOURS["quiet"],
    "ytick.labelcolor": COLOURS["quiet"],
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}


def colour(name: str) -> str:
    return COLOURS[name]


def shade(value: float) -> str:
    """-1 to 1 → a colour between the warm and the main one, the paper in the middle."""
    return SHADE_COLOURS[round(SHADES + SHADES * max(-1.0, min(1.0, value)))]


@dataclass
class Canvas:
    """`axes`: matplotlib's, one or several. `svg` is there when the `with` block has ended."""

    axes: Any
    svg: str = field(default="")


@contextmanager
def canvas(key: str, said: str, height: float, columns: int = 1, width: float = 5.4, **grid: Any) -> Iterator[Canvas]:
    """A picture of `width` × `height` inches; `said`: what it shows, for who can't see it. `key` is its own on the
    page."""
    try:
        import matplotlib
    except ImportError as error:
        raise ExtraMissing("matplotlib") from error
    from matplotlib.figure import Figure

    with matplotlib.rc_context(STYLE | {"svg.hashsalt": key}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = Figure(figsize=(width, max(height, LOWEST)), layout="constrained")
        drawn = Canvas(figure.subplots(1, columns, **grid))
        yield drawn
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None, "Type": None, "Format": None})
    drawn.svg = _for_the_page(written.getvalue(), said)


def _for_the_page(svg: str, said: str) -> str:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r"<svg", f'<svg role="img" aria-label="{escape(said)}"', svg, count=1)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", svg)
    for name, stand_in in COLOURS.items():
        svg = svg.replace(stand_in, f"var(--{name})")
    for number, stand_in in enumerate(SHADE_COLOURS):
        svg = svg.replace(stand_in, _mixed(number - SHADES))
    return svg


def _mixed(step: int) -> str:
    end = "main" if step > 0 else "warm"
    return f"color-mix(in srgb, var(--{end}) {round(100 * abs(step) / SHADES)}%, var(--paper))"
