"""How good predictions are, with 95 % intervals over customers.

auc          the chance that somebody who did gets a higher score than somebody who did not
ap           average precision: how pure the top of the list is
brier, ece   how far chances are from what happened: squared, and between ten equal groups of customers
mae, rmse    how far amounts are off; bias: the total's error as a share
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Floats

GROUPS = 10
RESAMPLES = 400
Measure = Callable[[Floats, Floats], float]


@dataclass(frozen=True)
class Figure:
    """`low` to `high`: the middle 95 % when customers are drawn again."""

    value: float
    low: float
    high: float


def auc(predicted: Floats, labels: Floats) -> float:
    """Ties count half; 0.5 where there is only one kind."""
    positive = int((labels > 0).sum())
    negative = len(labels) - positive
    if not positive or not negative:
        return 0.5
    _, at, count = np.unique(predicted, return_inverse=True, return_counts=True)
    ranks = np.cumsum(count) - (count - 1) / 2
    return float((ranks[at][labels > 0].sum() - positive * (positive + 1) / 2) / (positive * negative))


def average_precision(predicted: Floats, labels: Floats) -> float:
    """Customers with the same score enter together."""
    values, at = np.unique(-predicted, return_inverse=True)
    hits = np.bincount(at, labels > 0, len(values))
    found, seen = np.cumsum(hits), np.cumsum(np.bincount(at, minlength=len(values)))
    return float((hits * found / seen).sum() / max(found[-1], 1)) if len(values) else 0.0


def brier(predicted: Floats, labels: Floats) -> float:
    return float(((predicted - labels) ** 2).mean())


def ece(predicted: Floats, labels: Floats) -> float:
    """Expected calibration error over GROUPS groups of as many customers each."""
    parts = np.array_split(np.argsort(predicted, kind="stable"), GROUPS)
    return float(sum(abs((predicted[part] - labels[part]).sum()) for part in parts) / len(labels))


def mae(predicted: Floats, labels: Floats) -> float:
    return float(np.abs(predicted - labels).mean())


def rmse(predicted: Floats, labels: Floats) -> float:
    return float(np.sqrt(((predicted - labels) ** 2).mean()))


def bias(predicted: Floats, labels: Floats) -> float:
    return float(predicted.sum() / max(labels.sum(), 1e-9) - 1)


CHANCE: Mapping[str, Measure] = {"auc": auc, "ap": average_precision, "brier": brier, "ece": ece}
AMOUNT: Mapping[str, Measure] = {"mae": mae, "rmse": rmse, "bias": bias}


def figures(measures: Mapping[str, Measure], predicted: Floats, labels: Floats) -> dict[str, Figure]:
    """Each measure with its interval: the customers are drawn again RESAMPLES times."""
    random = np.random.default_rng(0)
    drawn = [random.integers(len(labels), size=len(labels)) for _ in range(RESAMPLES)]
    found = {}
    for name, measure in measures.items():
        low, high = np.percentile([measure(predicted[some], labels[some]) for some in drawn], [2.5, 97.5])
        found[name] = Figure(measure(predicted, labels), float(low), float(high))
    return found
