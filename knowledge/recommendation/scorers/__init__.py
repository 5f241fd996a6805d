"""Single models: each scores every item for some customers, from a History alone.

    popularity.py   what sells these days                      item_knn.py   bought by the same people
    frequency.py    one's own habits, slowly forgotten         ease.py       the same, as one linear model
    tifu_knn.py     habits and those of like customers         als.py        customers and items as points of one space
    user_knn.py     the same with plain decayed counts         content.py    names that mean something alike

Each file has `fit(history, …)` and its result `of(customers) -> (customers, items) float32`; higher is better, and
only the order within one customer means something.
"""

from typing import Protocol

from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import Scores


class Scorer(Protocol):
    def of(self, customers: Ints) -> Scores:
        """(len(customers), items) scores."""
        ...


__all__ = ["Scorer"]
