"""What is to be foreseen: what is bought in a window, in the next basket, or for the first time."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from knowledge.customers.transactions import Ints, Transactions
from knowledge.recommendation.history import History, Longs

WINDOW_DAYS = 28.0


class Task(StrEnum):
    WINDOW = "window"
    NEXT = "next"
    NEW = "new"


@dataclass(frozen=True)
class Truth:
    """What came after the cut: each customer and item once, sorted.

    `is_next`: in the first order; `is_new`: never bought before.
    """

    customer: Ints
    item: Ints
    is_next: np.ndarray[tuple[int], np.dtype[np.bool_]]
    is_new: np.ndarray[tuple[int], np.dtype[np.bool_]]

    def of(self, task: Task) -> tuple[Ints, Ints]:
        """The customers and items that are right answers."""
        chosen = {Task.WINDOW: np.ones(len(self.item), dtype=bool), Task.NEXT: self.is_next, Task.NEW: self.is_new}
        return self.customer[chosen[task]], self.item[chosen[task]]


def look_ahead(transactions: Transactions, history: History, days: float = WINDOW_DAYS) -> Truth:
    """What customers with a history bought within `days` from its cut on."""
    after = transactions.between(history.cut, history.cut + days)
    has_past = np.diff(history.pairs.of_customer)[after.customer] > 0
    first = np.full(history.customers, np.inf)
    np.minimum.at(first, after.customer, after.day)
    order = np.full(history.customers, -1, dtype=np.int64)
    opening = after.day == first[after.customer]
    order[after.customer[opening]] = after.order[opening]
    in_first = order[after.customer] == after.order
    key = after.customer.astype(np.int64) * history.items + after.item
    distinct = np.unique(key[has_past])
    customer = (distinct // max(1, history.items)).astype(np.int32)
    item = (distinct % max(1, history.items)).astype(np.int32)
    is_next = np.isin(distinct, key[in_first & has_past])
    return Truth(customer, item, is_next, history.lookup(customer, item) < 0)


def experienced(history: History, truth: Truth, orders: int = 3) -> Longs:
    """Customers with at least so many orders before the cut and a purchase after it."""
    enough = np.diff(history.orders.of_customer) >= orders
    return np.intersect1d(np.flatnonzero(enough), truth.customer)
