"""How much of the revenue comes from how few customers."""

from dataclasses import dataclass

import numpy as np

from knowledge.analysis.effects import Estimate, of
from knowledge.customers.transactions import Floats

POINTS = 101


@dataclass(frozen=True)
class Concentration:
    """`curve` (101,): the share of revenue of the poorest 0, 1 … 100 % of customers (Lorenz)."""

    curve: Floats
    gini: Estimate
    top_tenth: Estimate
    top_fifth: Estimate
    half_of_revenue: float
    """The smallest share of customers that together brings half of the revenue."""


def concentration(spend: Floats) -> Concentration | None:
    """None where nobody paid anything."""
    if not len(spend) or spend.sum() <= 0:
        return None
    curve = lorenz(spend)
    half = 1.0 - float(np.interp(0.5, curve, np.linspace(0, 1, POINTS)))
    tenth, fifth = of(lambda values: _top(values, 0.1), spend), of(lambda values: _top(values, 0.2), spend)
    return Concentration(curve, of(gini, spend), tenth, fifth, half)


def lorenz(spend: Floats) -> Floats:
    """(101,)"""
    reached = np.concatenate([[0.0], np.cumsum(np.sort(spend))]) / spend.sum()
    return np.asarray(np.interp(np.linspace(0, 1, POINTS), np.linspace(0, 1, len(reached)), reached))


def gini(spend: Floats) -> float:
    """0: all spend the same; 1: one spends everything."""
    total = float(spend.sum())
    weights = 2 * np.arange(1, len(spend) + 1) - len(spend) - 1
    return float((weights * np.sort(spend)).sum() / (len(spend) * total)) if total > 0 else 0.0


def _top(spend: Floats, share: float) -> float:
    most = np.sort(spend)[::-1][: max(1, round(share * len(spend)))]
    return float(most.sum() / max(1e-12, spend.sum()))
