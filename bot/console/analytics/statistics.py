"""The few statistics that the figures need, each honest about how little may be known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z95 = 1.959964


@dataclass(frozen=True)
class Share:
    """`count` of `of`, with Wilson's 95 % interval; nothing known is None, not zero."""

    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None


def share(count: int, of: int) -> Share:
    if not of:
        return Share(count, of, None, None, None)
    middle = (count + Z95**2 / 2) / (of + Z95**2)
    half = Z95 / (of + Z95**2) * math.sqrt(count * (of - count) / of + Z95**2 / 4)
    return Share(count, of, count / of, max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True)
class Spread:
    """Of so many durations in seconds: the middle one, and what nine of ten stay below."""

    count: int
    median: float | None
    p90: float | None


def spread(seconds: Sequence[float]) -> Spread:
    ordered = sorted(seconds)
    return Spread(len(ordered), quantile(ordered, 0.5), quantile(ordered, 0.9))


def quantile(ordered: Sequence[float], at: float) -> float | None:
    """Between the two nearest values, in proportion."""
    if not ordered:
        return None
    place = at * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
