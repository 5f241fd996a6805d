"""How much of the revenue comes from how few customers; of fewer than five together nothing is told."""

from dataclasses import dataclass

import numpy as np

from knowledge.analysis.effects import Estimate, of
from knowledge.analysis.groups import SMALLEST_GROUP
from knowledge.customers.transactions import Floats

POINTS = 101


@dataclass(frozen=True)
class Concentration:
    """`curve` (101,): the share of revenue of the poorest 0, 1 … 100 % of customers (Lorenz). A top that would be fewer
    than five people is None."""

    curve: Floats
    gini: Estimate
    top_tenth: Estimate | None
    top_fifth: Estimate | None
    half_of_revenue: float
    """The smallest share of customers that together brings half of the revenue."""


def concentration(spend: Floats) -> Concentration | None:
    """None where nobody paid anything."""
    if not len(spend) or spend.sum() <= 0:
        return None
    curve = lorenz(spend)
    half = 1.0 - float(np.interp(0.5, curve, np.linspace(0, 1, POINTS)))
    return Concentration(curve, of(gini, spend), _top(spend, 0.1), _top(spend, 0.2), half)


def lorenz(spend: Floats) -> Floats:
    """(101,) In steps of five customers, so that no single one can be read off a small shop's curve."""
    steps = np.append(np.arange(0, max(1, len(spend) - SMALLEST_GROUP + 1), SMALLEST_GROUP), len(spend))
    reached = np.concatenate([[0.0], np.cumsum(np.sort(spend))])[steps] / spend.sum()
    return np.asarray(np.interp(np.linspace(0, 1, POINTS), steps / len(spend), reached))


def gini(spend: Floats) -> float:
    """0: all spend the same; 1: one spends everything."""
    total = float(spend.sum())
    weights = 2 * np.arange(1, len(spend) + 1) - len(spend) - 1
    return float((weights * np.sort(spend)).sum() / (len(spend) * total)) if total > 0 else 0.0


def _top(spend: Floats, share: float) -> Estimate | None:
    if round(share * len(spend)) < SMALLEST_GROUP:
        return None
    return of(lambda values: _share_of_top(values, share), spend)


def _share_of_top(spend: Floats, share: float) -> float:
    most = np.sort(spend)[::-1][: max(1, round(share * len(spend)))]
    return float(most.sum() / max(1e-12, spend.sum()))
