"""What is known at a cut: every purchase before it, merged by order, and by customer and item ("pairs").

All models read this and nothing else, so that nothing from the cut on can reach them.
"""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Floats, Ints, Transactions

Longs = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Purchases:
    """One row for each item in each order (n rows), sorted by customer, item, day."""

    customer: Ints
    item: Ints
    day: Floats
    basket: Ints
    """Which of the customer's orders it was: 0 for the first."""
    quantity: Floats
    amount: Floats


@dataclass(frozen=True)
class Pairs:
    """One row for each customer and item they ever bought (p rows), sorted by customer, then item.

    `starts` (p + 1,) delimits the pair's rows in Purchases; `of_customer` (customers + 1,) the customer's pairs.
    """

    customer: Ints
    item: Ints
    starts: Longs
    of_customer: Longs


@dataclass(frozen=True)
class Orders:
    """One row an order (o rows), sorted by customer, then day; `of_customer` (customers + 1,) delimits theirs."""

    customer: Ints
    day: Floats
    size: Ints
    """Different items in it."""
    of_customer: Longs


@dataclass(frozen=True)
class History:
    """`customers` and `items` count the numbers of the whole table: the same at every cut."""

    cut: float
    customers: int
    items: int
    purchases: Purchases
    pairs: Pairs
    orders: Orders

    @cached_property
    def buyers(self) -> Longs:
        """(items,) how many different customers ever bought each item."""
        return np.bincount(self.pairs.item, minlength=self.items)

    def decayed(self, days: float) -> Floats:
        """(p,) times bought, one of `days` ago counting 1/e; with `days` = inf the plain count."""
        weight = np.exp((self.purchases.day - self.cut) / days)
        return self.summed(weight)

    def summed(self, weight: Floats) -> Floats:
        """(p,) the sum of a weight a purchase over each pair's purchases."""
        return np.add.reduceat(weight, self.pairs.starts[:-1]) if len(weight) else weight

    def only(self, chosen: Longs | Ints) -> "History":
        """The same customers and orders, with nothing but the chosen items, renumbered from 0 in their order."""
        number = np.full(self.items, -1, dtype=np.int32)
        number[chosen] = np.arange(len(chosen))
        kept = number[self.purchases.item] >= 0
        fewer = Purchases(*(getattr(self.purchases, each.name)[kept] for each in fields(Purchases)))
        fewer = replace(fewer, item=number[fewer.item])
        return replace(self, items=len(chosen), purchases=fewer, pairs=pairs_of(fewer, self.customers))

    def matrix(self, weight: Floats) -> Any:
        """customers × items as a scipy CSR matrix of a weight (p,) a pair."""
        from scipy.sparse import csr_matrix

        shape = (self.customers, self.items)
        return csr_matrix((weight.astype(np.float32), self.pairs.item, self.pairs.of_customer), shape=shape)

    def lookup(self, customer: Ints, item: Ints) -> Longs:
        """The number of each pair, -1 where the customer never bought the item."""
        keys = self.pairs.customer.astype(np.int64) * self.items + self.pairs.item
        wanted = customer.astype(np.int64) * self.items + item
        if not len(keys):
            return np.full(len(wanted), -1, dtype=np.int64)
        found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[found] == wanted, found, -1)


def look_back(transactions: Transactions, cut: float) -> History:
    """The history at `cut`. A line counts once an order, however many lines the order has of the item."""
    known = transactions.before(cut)
    customers, items = len(known.customers), len(known.items)
    orders, basket = _orders(known, customers)
    key = (known.customer.astype(np.int64) * items + known.item) * (int(basket.max(initial=0)) + 1) + basket
    by = np.argsort(key, kind="stable")
    key = key[by]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.array([], dtype=np.int64)
    rows = by[first]
    total = (lambda column: np.add.reduceat(column[by], first)) if len(key) else (lambda column: column)
    purchases = Purchases(
        known.customer[rows],
        known.item[rows],
        known.day[rows],
        basket[rows],
        total(known.quantity),
        total(known.amount),
    )
    return History(cut, customers, items, purchases, pairs_of(purchases, customers), orders)


def _orders(known: Transactions, customers: int) -> tuple[Orders, Ints]:
    """The orders by customer and day, and for each row which of its customer's orders it belongs to."""
    _, first, inverse = np.unique(known.order, return_index=True, return_inverse=True)
    customer, day = known.customer[first], known.day[first]
    by = np.lexsort((day, customer))
    of_customer = np.searchsorted(customer[by], np.arange(customers + 1))
    place = np.empty(len(by), dtype=np.int64)
    place[by] = np.arange(len(by)) - of_customer[customer[by]]
    pairs = np.unique(inverse.astype(np.int64) * max(1, len(known.items)) + known.item)
    size = np.bincount(pairs // max(1, len(known.items)), minlength=len(first))
    orders = Orders(customer[by], day[by], size[by].astype(np.int32), of_customer)
    return orders, place[inverse].astype(np.int32)


def pairs_of(purchases: Purchases, customers: int) -> Pairs:
    """The pairs of purchases sorted by customer, item and day."""
    customer, item = purchases.customer, purchases.item
    is_first = np.r_[True, (customer[1:] != customer[:-1]) | (item[1:] != item[:-1])][: len(customer)]
    first = np.flatnonzero(is_first)
    of_customer = np.searchsorted(customer[first], np.arange(customers + 1))
    return Pairs(customer[first], item[first], np.r_[first, len(customer)], of_customer)
