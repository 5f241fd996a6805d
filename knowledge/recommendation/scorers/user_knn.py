"""One's own decayed habits, and those of the customers who buy alike."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.customers.transactions import Floats, Ints
from knowledge.recommendation.history import History, Scores
from knowledge.recommendation.scorers.neighbours import Neighbourhood, surround

DAYS = 120.0
NEIGHBOURS = 300
SHARE = 0.3
"""Of the score, what the neighbours say."""


@dataclass(frozen=True)
class Blend:
    """own × (1 - share) + mean of the neighbours × share; `own` customers × items CSR."""

    own: Any
    around: Neighbourhood
    share: float

    def of(self, customers: Ints) -> Scores:
        theirs = self.around.of(customers) * np.float32(self.share)
        theirs += np.float32(1 - self.share) * self.own[customers].toarray()
        return theirs


def blend(history: History, weight: Floats, references: Ints, neighbours: int, share: float) -> Blend:
    """`weight` (p,) what each pair's purchases count; `references`: who may be somebody's neighbour."""
    own = history.matrix(weight)
    return Blend(own, surround(own, references, neighbours), share)


def fit(history: History, references: Ints) -> Blend:
    return blend(history, history.decayed(DAYS), references, NEIGHBOURS, SHARE)
