"""Four pictures of how a model reads, as inline SVG: no script, no font, no colour of their own (report.css has them).

Each is one `<svg role="img">` with a title and a description, so that it can be heard as well as seen; what a mark
means exactly is in its tooltip.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from nlu.calibration import Bin, Floats
from nlu.risk import Bools, Promise, RiskPoint, upper_bound

WIDTH = 520
_CELL = 14
_NAMES = 172
_SCORE_BINS = 20
_FEWEST = 0.08
"""Below this share of the messages a risk is an anecdote, and is not drawn."""


@dataclass(frozen=True)
class Frame:
    """The rectangle that data is drawn in, and what its corners mean: (0, 0) to (x_end, y_end)."""

    height: int
    x_end: float = 1.0
    y_end: float = 1.0
    left: int = 56
    right: int = WIDTH - 22
    top: int = 14
    bottom: int = 46

    def x(self, value: float) -> float:
        return round(self.left + (self.right - self.left) * value / self.x_end, 1)

    def y(self, value: float) -> float:
        low = self.height - self.bottom
        return round(low - (low - self.top) * value / self.y_end, 1)

    def axes(self, x_name: str, y_name: str, y_step: float) -> str:
        """Grid lines, per cent at both sides, and the names of the axes."""
        low, middle = self.y(0), (self.top + self.height - self.bottom) / 2
        parts = []
        for n in range(round(self.y_end / y_step) + 1):
            y = self.y(n * y_step)
            parts.append(f'<path class="grid" d="M{self.left} {y}H{self.right}"/>')
            parts.append(f'<text class="tick end" x="{self.left - 7}" y="{y + 4}">{percent(n * y_step)}</text>')
        for n in range(6):
            parts.append(f'<text class="tick middle" x="{self.x(n / 5 * self.x_end)}" y="{low + 17}">{n * 20} %</text>')
        parts.append(f'<text class="axis middle" x="{(self.left + self.right) / 2}" y="{low + 37}">{x_name}</text>')
        turned = f'transform="rotate(-90 13 {middle})"'
        return "".join(parts) + f'<text class="axis middle" x="13" y="{middle}" {turned}>{y_name}</text>'


def risk_coverage(
    key: str,
    where: str,
    curve: Sequence[RiskPoint],
    turns: int,
    promises: Sequence[Promise],
    threshold: float,
    highest: float,
) -> str:
    """How many turns are answered and how many of those wrongly, over all thresholds; the one in force is marked.
    `highest` is the risk that must fit in, so that two pictures have the same scale."""
    bounds = [upper_bound(round(p.risk * p.coverage * turns), round(p.coverage * turns)) for p in curve]
    shown = [n for n, p in enumerate(curve) if p.coverage >= _FEWEST]
    frame = Frame(330, y_end=_nice(highest * 1.25))
    line = [(frame.x(curve[n].coverage), frame.y(curve[n].risk)) for n in shown]
    above = [(frame.x(curve[n].coverage), frame.y(min(bounds[n], frame.y_end))) for n in shown]
    body = frame.axes("of the messages are answered", "of those are wrong", frame.y_end / 5)
    body += f'<path class="band" d="{_path([*line, *reversed(above)])}Z"/><path class="curve" d="{_path(line)}"/>'
    body += "".join(_promised(frame, one, point) for one in promises if (point := _point(curve, one.threshold)))
    now = _point(curve, threshold)
    said = f"The threshold {threshold:.2f} answers nothing."
    if now:
        said = f"From {threshold:.2f} on: {percent(now.coverage)} answered, {percent(now.risk, 1)} of those wrong."
        body += _marked(frame, now, said)
    return _svg(key, frame.height, f"Risk and coverage, {where}", f"{said} {_kept(promises)}", body)


def reliability_diagram(key: str, where: str, bins: Sequence[Bin], error: float) -> str:
    """How often the model is right when it says so: points on the diagonal are honest. Below, how many messages."""
    frame, total = Frame(400, bottom=116), sum(one.count for one in bins)
    body = frame.axes("", "are right", 0.2)
    body += f'<path class="honest" d="M{frame.x(0)} {frame.y(0)}L{frame.x(1)} {frame.y(1)}"/>'
    most = max(one.count for one in bins)
    for one in bins:
        x, right = frame.x(one.confidence), round(one.accuracy * one.count)
        low, high = 1 - upper_bound(one.count - right, one.count, 0.975), upper_bound(right, one.count, 0.975)
        tip = f"{one.count} messages read with {percent(one.low)} to {percent(one.high)}: {percent(one.accuracy)} right"
        body += f'<g><title>{tip}</title><path class="doubt" d="M{x} {frame.y(low)}V{frame.y(high)}"/>'
        body += f'<circle class="point" cx="{x}" cy="{frame.y(one.accuracy)}" r="{_radius(one.count, total)}"/></g>'
        body += _counted(frame, one, 34 * one.count / most, tip)
    middle = (frame.left + frame.right) / 2
    body += (
        f'<text class="axis middle" x="{middle}" y="{frame.height - 8}">when the model says so (bars: messages)</text>'
    )
    sums = "; ".join(f"said {percent(one.confidence)}, right {percent(one.accuracy)} of {one.count}" for one in bins)
    return _svg(key, frame.height, f"Reliability, {where}", f"Calibration error {error:.3f}. {sums}.", body)


def scope_histogram(key: str, where: str, scores: Floats, outside: Bools, threshold: float | None) -> str:
    """Out-of-scope scores: of messages that belong to an intent upwards, of the others downwards."""
    height, left, right, middle, reach = 300, 20, WIDTH - 14, 146, 104
    step = (right - left) / _SCORE_BINS
    body = f'<path class="grid" d="M{left} {middle}H{right}"/>'
    for its, name, sign in ((~outside, "inside", -1), (outside, "outside", 1)):
        counts = np.histogram(scores[its], _SCORE_BINS, (0, 1))[0]
        for n, count in enumerate(counts.tolist()):
            if count:
                tall = max(2.0, round(reach * count / max(counts.max(), 1), 1))
                x, y = round(left + n * step + 1, 1), middle - tall if sign < 0 else middle
                body += f'<rect class="{name}" x="{x}" y="{y}" width="{step - 2:.1f}" height="{tall}" rx="2">'
                body += f"<title>{count} with a score of {n * 5} to {n * 5 + 5} %</title></rect>"
                at = middle + sign * (tall + 8) + 3.5
                body += f'<text class="count middle" x="{x + step / 2 - 1:.1f}" y="{at:.1f}">{count}</text>'
    body += f'<text class="axis" x="{left}" y="18">{int((~outside).sum())} that belong to an intent</text>'
    body += f'<text class="axis" x="{left}" y="{height - 26}">{int(outside.sum())} out of scope</text>'
    for n in range(6):
        at = left + (right - left) * n / 5
        anchor = "end" if n == 5 else "middle" if n else "start"
        body += f'<text class="tick {anchor}" x="{at:.1f}" y="{height - 8}">{n / 5:.1f}</text>'
    said = f"{int((~outside).sum())} messages in scope and {int(outside.sum())} out of scope by score."
    if threshold is not None:
        x = round(left + (right - left) * threshold, 1)
        body += f'<path class="chosen" d="M{x} 26V{height - 42}"/>'
        caught, false = float((scores[outside] >= threshold).mean()), float((scores[~outside] >= threshold).mean())
        said += (
            f" From {threshold:.2f} on lie {percent(caught)} of those out of scope, {percent(false, 1)} of the others."
        )
    return _svg(key, height, f"Out-of-scope scores, {where}", said, body)


def confusion_matrix(key: str, where: str, labels: Sequence[str], read: Sequence[str]) -> str:
    """A row for every right intent, a column for what it was read as; a cell's strength is its share of the row."""
    names, rows, counts = sorted({*labels, *read}), Counter(labels), Counter(zip(labels, read, strict=True))
    at = {name: n for n, name in enumerate(names)}
    edge, size = _NAMES, _CELL * len(names)
    body = f'<text class="axis end" x="{edge - 6}" y="{edge - 8}">meant ↓  read as →</text>'
    body += f'<rect class="paper" x="{edge}" y="{edge}" width="{size}" height="{size}"/>'
    for name, n in at.items():
        place = edge + n * _CELL
        body += f'<path class="grid" d="M{edge} {place}h{size}M{place} {edge}v{size}"/>'
        body += f'<text class="name end" x="{edge - 6}" y="{place + 10.5}">{escape(name)}</text>'
        turned = f'transform="rotate(-90 {place + 10.5} {edge - 6})"'
        body += f'<text class="name" x="{place + 10.5}" y="{edge - 6}" {turned}>{escape(name)}</text>'
    for (label, guess), count in counts.items():
        body += _cell(edge + at[guess] * _CELL, edge + at[label] * _CELL, label, guess, count, count / rows[label])
    wrong = sum(count for (label, guess), count in counts.items() if label != guess)
    said = f"{len(labels)} messages of {len(rows)} intents, {wrong} read as another intent. The table below lists them."
    whole = edge + size + 8
    return _svg(key, whole, f"Confusion matrix, {where}", said, body, whole, "matrix")


def percent(share: float, digits: int = 0) -> str:
    """ "12 %" """
    return f"{share * 100:.{digits}f} %"


def _cell(x: int, y: int, label: str, guess: str, count: int, share: float) -> str:
    kind, strength = ("right", 0.15 + 0.85 * share) if label == guess else ("wrong", 0.3 + 0.7 * share)
    tip = f"{label} read as {guess}: {count} ({percent(share)})" if label != guess else f"{label}: {count} right"
    box = f'x="{x + 0.5}" y="{y + 0.5}" width="{_CELL - 1}" height="{_CELL - 1}"'
    cell = f'<g><title>{escape(tip)}</title><rect class="{kind}" fill-opacity="{strength:.2f}" {box}/>'
    if label != guess:
        cell += f'<text class="in middle" x="{x + _CELL / 2}" y="{y + 10.3}">{count}</text>'
    return cell + "</g>"


def highest_risk(curve: Sequence[RiskPoint]) -> float:
    """Of what `risk_coverage` draws."""
    return max((point.risk for point in curve if point.coverage >= _FEWEST), default=0.0)


def _nice(highest: float) -> float:
    """The end of an axis that shows it."""
    return next((end for end in (0.05, 0.1, 0.2, 0.3, 0.4, 0.6) if highest <= end), 1.0)


def _point(curve: Sequence[RiskPoint], threshold: float) -> RiskPoint | None:
    """What happens at a threshold; None when it answers nothing."""
    return next((point for point in reversed(curve) if point.threshold >= threshold), None)


def _promised(frame: Frame, one: Promise, point: RiskPoint) -> str:
    tip = (
        f"at most {percent(one.rate)} wrong is promised from {one.threshold:.2f} on: {percent(point.coverage)} answered"
    )
    x, y = frame.x(point.coverage), frame.y(point.risk)
    return f'<circle class="promised" cx="{x}" cy="{y}" r="3.5"><title>{tip}</title></circle>'


def _marked(frame: Frame, now: RiskPoint, said: str) -> str:
    """The point in force, with a label on the side where there is room."""
    x, y = frame.x(now.coverage), frame.y(now.risk)
    label_y = min(y - 16, frame.y(0) - 46) if y > frame.top + 60 else y + 26
    lines = (f"from {now.threshold:.2f} on: {percent(now.coverage)} answered", f"{percent(now.risk, 1)} of those wrong")
    return (
        f'<g><title>{said}</title><path class="chosen" d="M{x} {frame.y(0)}V{y}"/>'
        f'<circle class="chosen" cx="{x}" cy="{y}" r="6"/></g>'
        f'<text class="said end" x="{x - 10}" y="{label_y}">{lines[0]}</text>'
        f'<text class="said end" x="{x - 10}" y="{label_y + 15}">{lines[1]}</text>'
    )


def _counted(frame: Frame, one: Bin, tall: float, tip: str) -> str:
    """A bar below the axis with the number of messages on it."""
    x, wide, low = frame.x(one.low), frame.x(one.high) - frame.x(one.low), frame.height - 34
    bar = (
        f'<rect class="bar" x="{x + 1}" y="{low - tall:.1f}" width="{wide - 2:.1f}" height="{max(tall, 1):.1f}" rx="2">'
    )
    number = f'<text class="count middle" x="{x + wide / 2:.1f}" y="{low - tall - 4:.1f}">{one.count}</text>'
    return f"{bar}<title>{tip}</title></rect>{number}"


def _radius(count: int, total: int) -> float:
    return round(3 + 5 * float(np.sqrt(count / total)), 1)


def _kept(promises: Sequence[Promise]) -> str:
    if not promises:
        return "No error rate can be promised."
    return "It can be promised that " + "; ".join(
        f"at most {percent(one.rate)} are wrong, answering {percent(one.coverage)}" for one in promises
    ) + "."  # fmt: skip


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _svg(key: str, height: int, title: str, said: str, body: str, width: int = WIDTH, kind: str = "chart") -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(said)}</desc>{body}</svg>'
    )
