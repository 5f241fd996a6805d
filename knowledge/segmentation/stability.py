"""How segmentations are judged: are they the same with other customers, and what do they say of next month?"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Floats

Labels = npt.NDArray[Any]


def eta_squared(labels: Labels, values: Floats) -> float:
    """Share of the values' variance that lies between the groups (0-1)."""
    _, group = np.unique(labels, return_inverse=True)
    total = float(((values - values.mean()) ** 2).sum()) if len(values) else 0.0
    if total == 0:
        return 0.0
    counts = np.bincount(group)
    means = np.bincount(group, values) / counts
    return float((counts * (means - values.mean()) ** 2).sum() / total)


def adjusted_rand(first: Labels, second: Labels) -> float:
    """How alike two groupings of the same customers are: 1 the same, 0 as alike as by chance. Hubert & Arabie 1985."""
    _, rows = np.unique(first, return_inverse=True)
    _, columns = np.unique(second, return_inverse=True)
    table = np.bincount(rows * (columns.max() + 1) + columns)
    both, one, other = (_pairs(counts) for counts in (table, np.bincount(rows), np.bincount(columns)))
    expected = one * other / max(1.0, _pairs(np.array([len(rows)])))
    most = (one + other) / 2
    return (both - expected) / (most - expected) if most > expected else 1.0


def _pairs(counts: npt.NDArray[np.int64]) -> float:
    return float((counts.astype(np.float64) * (counts - 1)).sum() / 2)


def mean_and_least(values: Sequence[float]) -> tuple[float, float]:
    return float(np.mean(values)), float(np.min(values))
