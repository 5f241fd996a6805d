"""One's own habits: how often a customer bought each item, slowly forgotten."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import History, Scores
from knowledge.recommendation.scorers import popularity

DAYS = 120.0
TIE = 1e-6
"""What popularity adds: it orders what is equal and what one never bought."""


@dataclass(frozen=True)
class Frequency:
    counts: Any
    """customers × items, CSR."""
    popular: Scores

    def of(self, customers: Ints) -> Scores:
        return np.asarray(self.counts[customers].toarray() + TIE * self.popular, dtype=np.float32)


def fit(history: History, days: float = DAYS) -> Frequency:
    """With `days` = inf nothing is forgotten."""
    counts = popularity.fit(history).counts
    return Frequency(history.matrix(history.decayed(days)), counts / max(1.0, float(counts.max(initial=0.0))))
