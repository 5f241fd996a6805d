"""What others try these days in the categories where a customer buys."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import History, Scores

DAYS = 90.0
WITHIN_DAYS = 28.0


@dataclass(frozen=True)
class Taste:
    """`shares` customers × groups CSR; `number` (items,) the group of each item; `pull` (items,)."""

    shares: Any
    number: Ints
    pull: Scores

    def of(self, customers: Ints) -> Scores:
        return np.asarray(self.shares[customers].toarray()[:, self.number] * self.pull, dtype=np.float32)


def fit(history: History, number: Ints) -> Taste:
    from scipy.sparse import csr_matrix

    bought, groups = history.purchases, int(number.max(initial=-1)) + 1
    weight = np.exp((bought.day - history.cut) / DAYS)
    shape = (history.customers, groups)
    shares = csr_matrix((weight, (bought.customer, number[bought.item])), shape=shape)
    first = np.zeros(len(bought.day), dtype=bool)
    first[history.pairs.starts[:-1]] = True
    recent = first & (bought.day >= history.cut - WITHIN_DAYS)
    tried = np.bincount(bought.item[recent], minlength=history.items) + 0.01
    total = np.bincount(number, weights=tried, minlength=groups)
    return Taste(shares, number, (tried / np.sqrt(total[number])).astype(np.float32))
