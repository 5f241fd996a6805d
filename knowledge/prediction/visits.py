"""Lines bought → visits: one row a customer and day, counted back from the cut.

Every snapshot of the past is a cheap look at the same visits. Nothing at or after the cut gets in, and what a row says
(was this item new to the customer?) depends on earlier rows only, so a snapshot reads nothing of its own future.
"""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Floats, Ints, Transactions


@dataclass(frozen=True)
class Visits:
    """n rows, sorted by customer, then from the oldest to the latest."""

    customer: Ints
    """(n,) customer numbers of the transactions."""
    age: Ints
    """(n,) days back from the cut: 1 is the 24 hours before it."""
    orders: Floats
    items: Floats
    """(n,) lines."""
    new_items: Floats
    """(n,) lines with an item that the customer buys for the first time."""
    spend: Floats

    def __len__(self) -> int:
        return len(self.age)

    @classmethod
    def before(cls, transactions: Transactions, cut: float) -> Self:
        """All visits before the day `cut`."""
        lines = transactions.before(cut)
        age = -np.floor(lines.day - cut).astype(np.int32)
        starts = _differs(lines.customer) | _differs(age)
        at = np.cumsum(starts) - 1

        def a_visit(weights: npt.NDArray[np.generic]) -> Floats:
            return np.bincount(at, weights.astype(np.float64), int(starts.sum())).astype(np.float64)

        return cls(
            lines.customer[starts],
            age[starts],
            a_visit(_is_first(lines.order)),
            a_visit(np.ones(len(lines))),
            a_visit(_is_first(_pairs(lines))),
            a_visit(lines.amount),
        )

    @classmethod
    def none(cls) -> Self:
        """No visits."""
        return cls(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))

    def where(self, rows: npt.NDArray[np.bool_] | slice) -> Self:
        """Some of the rows."""
        return type(self)(*(getattr(self, one.name)[rows] for one in fields(self)))

    def of(self, customers: Ints) -> Self:
        """Those of some customers."""
        return self.where(np.isin(self.customer, customers))

    def earlier(self, days: int) -> Self:
        """The visits as they stood `days` days before the cut, counted back from there."""
        known = self.where(self.age > days)
        return replace(known, age=known.age - np.int32(days))


def _differs(values: Ints) -> npt.NDArray[np.bool_]:
    """(n,) where a value is not the one before it."""
    return np.concatenate([np.ones(min(1, len(values)), bool), values[1:] != values[:-1]])


def _is_first(values: npt.NDArray[np.signedinteger[Any]]) -> npt.NDArray[np.bool_]:
    """(n,) where a value stands for the first time."""
    first = np.zeros(len(values), dtype=bool)
    first[np.unique(values, return_index=True)[1]] = True
    return first


def _pairs(lines: Transactions) -> npt.NDArray[np.int64]:
    """(n,) one number for a customer and an item."""
    return lines.customer.astype(np.int64) * max(1, len(lines.items)) + lines.item
