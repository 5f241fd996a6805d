"""Who bought what, when: the one table that all models about customers read, as parallel arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.str_]
SECONDS_A_DAY = 86_400.0


def day_of(moment: date | datetime) -> float:
    """Days since 1970-01-01 UTC, with the fraction; a date, or a datetime without a zone, is taken as UTC."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() / SECONDS_A_DAY


@dataclass(frozen=True)
class Items:
    """What is known about the items, by item number; "" where it isn't."""

    names: Texts
    categories: Texts


@dataclass(frozen=True)
class Transactions:
    """One row a line bought (n rows), sorted by customer, then day, order, item, quantity and amount.

    `customers[customer[i]]` and `items[item[i]]` are row i's ids as the shop writes them. Numbers of customers, items
    and orders stay the same in every cut, so that arrays by number may be compared between cuts.
    """

    customers: Texts
    items: Texts
    customer: Ints
    item: Ints
    order: Ints
    """(n,) number of the order; the lines of one order share customer and number."""
    day: Floats
    """(n,) days since 1970-01-01 UTC, with the fraction."""
    quantity: Floats
    """(n,) pieces, above 0."""
    amount: Floats
    """(n,) what was paid for the line in the shop's one currency, 0 or more."""

    @classmethod
    def numbered(
        cls,
        customers: Sequence[str],
        items: Sequence[str],
        orders: Sequence[int] | Sequence[str] | Sequence[float],
        day: Floats,
        quantity: Floats,
        amount: Floats,
        known_items: Iterable[str] = (),
    ) -> Self:
        """Rows in any order, with the shop's own ids; `known_items` get a number even if nobody bought them.

        The same rows in another order give the same arrays.
        """
        customer_ids, customer = _numbers(customers)
        item_ids, item = _numbers(items, known_items)
        order = _order_numbers(customer, orders)
        by = np.lexsort((amount, quantity, item, order, day, customer))
        rows = (customer[by], item[by], order[by], day[by], quantity[by], amount[by])
        return cls(customer_ids, item_ids, *rows)

    def __len__(self) -> int:
        return len(self.day)

    def before(self, day: float) -> Self:
        """The rows strictly earlier than `day`: what may be known at that moment."""
        is_before = self.day < day
        return self if is_before.all() else self.where(is_before)

    def between(self, start: float, end: float) -> Self:
        """The rows of start ≤ day < end: what happened in a window."""
        return self.where((self.day >= start) & (self.day < end))

    def of(self, customer: int) -> Self:
        """The rows of one customer, found without looking at the others'."""
        first, last = np.searchsorted(self.customer, np.array([customer, customer + 1], dtype=np.int32))
        return self.where(slice(int(first), int(last)))

    def without_repeats(self) -> Self:
        """Each line once: of those that are the same in every column only one."""
        is_repeat = np.zeros(len(self), dtype=bool)
        columns = (self.customer, self.item, self.order, self.day, self.quantity, self.amount)
        is_repeat[1:] = np.logical_and.reduce([column[1:] == column[:-1] for column in columns])
        return self.where(~is_repeat) if is_repeat.any() else self

    def where(self, rows: npt.NDArray[np.bool_] | slice) -> Self:
        """Some of the rows."""
        return replace(
            self,
            customer=self.customer[rows],
            item=self.item[rows],
            order=self.order[rows],
            day=self.day[rows],
            quantity=self.quantity[rows],
            amount=self.amount[rows],
        )


def _numbers(ids: Sequence[str], known: Iterable[str] = ()) -> tuple[Texts, Ints]:
    """The different ids, sorted, and the number of each row's."""
    different = sorted({*ids, *known})
    number = {text: position for position, text in enumerate(different)}
    return np.array(different, dtype=np.str_), np.fromiter(map(number.__getitem__, ids), np.int32, len(ids))


def _order_numbers(customer: Ints, orders: Sequence[Any]) -> Ints:
    keys = list(zip(customer.tolist(), orders, strict=True))
    number = {key: position for position, key in enumerate(sorted(set(keys)))}
    return np.fromiter(map(number.__getitem__, keys), np.int32, len(keys))
