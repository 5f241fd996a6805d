"""One's own decayed habits, and those of the customers who buy alike."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import History, Scores
from knowledge.recommendation.scorers.neighbours import nearest

DAYS = 120.0
NEIGHBOURS = 300
SHARE = 0.3
"""Of the score, what the neighbours say."""


@dataclass(frozen=True)
class Blend:
    """own × (1 - share) + mean of the neighbours × share; `own` customers × items, `weights` customers × customers."""

    own: Any
    weights: Any
    share: float

    def of(self, customers: Ints) -> Scores:
        theirs = (self.weights[customers] @ self.own).toarray()
        theirs *= self.share
        theirs += (1 - self.share) * self.own[customers].toarray()
        return np.asarray(theirs, dtype=np.float32)


def fit(
    history: History, references: Ints, days: float = DAYS, neighbours: int = NEIGHBOURS, share: float = SHARE
) -> Blend:
    """`references`: the customers who may be somebody's neighbour."""
    own = history.matrix(history.decayed(days))
    return Blend(own, nearest(own, references, neighbours), share)
