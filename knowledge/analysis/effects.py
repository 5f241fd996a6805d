"""How large a difference is and how sure: effect sizes, their intervals, and what many looks do to chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Floats, Texts

RESAMPLES = 400
MOST = 4000
"""Values of a group that are resampled, drawn at random."""
SEED = 20_261_120


@dataclass(frozen=True)
class Estimate:
    """`low` to `high`: the 95 % interval, by bootstrap."""

    value: float
    low: float
    high: float


def cliffs_delta(first: Floats, second: Floats) -> float:
    """How much more often the first is above the second than below: -1 to 1, 0 is no difference. Cliff 1993."""
    ordered = np.sort(second)
    below = np.searchsorted(ordered, first, side="left")
    above = len(second) - np.searchsorted(ordered, first, side="right")
    return float((below - above).sum() / (len(first) * len(second)))


def hedges_g(first: Floats, second: Floats) -> float:
    """Difference of the means in pooled standard deviations, put right for small groups. Hedges 1981."""
    free = len(first) + len(second) - 2
    pooled = np.sqrt(((len(first) - 1) * first.var(ddof=1) + (len(second) - 1) * second.var(ddof=1)) / free)
    return float((first.mean() - second.mean()) / pooled * (1 - 3 / (4 * free - 1))) if pooled > 0 else 0.0


def cramers_v(first: Texts, second: Texts) -> float:
    """How far two groupings go together, 0 to 1, put right for chance. Bergsma 2013."""
    table = crossed(first, second)
    count, (rows, columns) = table.sum(), table.shape
    if count < 2 or rows < 2 or columns < 2:
        return 0.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / count
    phi = float((((table - expected) ** 2) / expected).sum() / count)
    phi = max(0.0, phi - (rows - 1) * (columns - 1) / (count - 1))
    fewest = min(rows - (rows - 1) ** 2 / (count - 1), columns - (columns - 1) ** 2 / (count - 1))
    return float(np.sqrt(phi / (fewest - 1))) if fewest > 1 else 0.0


def crossed(first: Texts, second: Texts) -> Floats:
    """(r, c) how often each pair of values stands together."""
    rows, columns = (np.unique(each, return_inverse=True)[1] for each in (first, second))
    table = np.zeros((rows.max(initial=-1) + 1, columns.max(initial=-1) + 1))
    np.add.at(table, (rows, columns), 1)
    return table


def between(measure: Callable[[Floats, Floats], float], first: Floats, second: Floats) -> Estimate:
    """`measure` of two groups, with its interval."""
    chance = np.random.default_rng(SEED)
    some, others = _drawn(first, chance), _drawn(second, chance)
    again = [measure(_again(some, chance), _again(others, chance)) for _ in range(RESAMPLES)]
    narrower = np.sqrt(max(len(some) / len(first), len(others) / len(second)))
    return _estimate(measure(first, second), measure(some, others), again, float(narrower))


def of(measure: Callable[[Floats], float], values: Floats) -> Estimate:
    """`measure` of one column, with its interval."""
    chance = np.random.default_rng(SEED)
    some = _drawn(values, chance)
    again = [measure(_again(some, chance)) for _ in range(RESAMPLES)]
    return _estimate(measure(values), measure(some), again, float(np.sqrt(len(some) / len(values))))


def holm(p_values: Sequence[float]) -> Floats:
    """p-values that keep the chance of even one false find at 5 %. Holm 1979."""
    order = np.argsort(p_values)
    raised = np.asarray(p_values)[order] * np.arange(len(p_values), 0, -1)
    return _in_order(np.minimum(1.0, np.maximum.accumulate(raised)), order)


def benjamini_hochberg(p_values: Sequence[float]) -> Floats:
    """p-values that keep the share of false finds at 5 %. Benjamini & Hochberg 1995."""
    order = np.argsort(p_values)
    raised = np.asarray(p_values)[order] * len(p_values) / np.arange(1, len(p_values) + 1)
    return _in_order(np.minimum(1.0, np.minimum.accumulate(raised[::-1])[::-1]), order)


def _in_order(values: Floats, order: npt.NDArray[np.intp]) -> Floats:
    found = np.empty(len(values))
    found[order] = values
    return found


def _drawn(values: Floats, chance: np.random.Generator) -> Floats:
    return chance.choice(values, MOST, replace=False) if len(values) > MOST else values


def _again(values: Floats, chance: np.random.Generator) -> Floats:
    return values[chance.integers(0, len(values), len(values))]


def _estimate(value: float, of_drawn: float, again: Sequence[float], narrower: float) -> Estimate:
    """The interval of those drawn, moved to the value of all and drawn in as more customers draw it in."""
    low, high = value + narrower * (np.quantile(again, [0.025, 0.975]) - of_drawn)
    return Estimate(value, min(float(low), value), max(float(high), value))
