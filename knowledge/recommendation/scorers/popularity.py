"""What sells these days: different customers who bought an item within the last days."""

from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import History, Scores

WITHIN_DAYS = 28.0


@dataclass(frozen=True)
class Popularity:
    counts: Scores
    """(items,)"""

    def of(self, customers: Ints) -> Scores:
        return np.broadcast_to(self.counts, (len(customers), len(self.counts))).copy()


def fit(history: History, within_days: float = WITHIN_DAYS) -> Popularity:
    """What was sold earlier counts too, but only to order what nobody bought lately."""
    bought = history.purchases
    recent = bought.day >= history.cut - within_days
    pairs = np.unique(bought.customer[recent].astype(np.int64) * history.items + bought.item[recent])
    lately = np.bincount(pairs % max(1, history.items), minlength=history.items)
    return Popularity((lately + history.buyers / (1.0 + history.customers)).astype(np.float32))
