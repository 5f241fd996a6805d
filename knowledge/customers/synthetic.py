"""Shops of any size that nobody's data stand in: to measure time and memory, to try a model, to show one.

Each customer arrives some day, buys at a rate of their own and one day silently stops (the assumptions of Pareto/NBD:
Schmittlein, Morrison & Colombo 1987, "Counting Your Customers"). Items are popular by Zipf's law, and more than half of
what is bought is one of the customer's few favourites. Seeded: the same numbers give the same shop.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.customers.tables import quoted, workspace
from knowledge.customers.transactions import Floats, Ints, Items, Texts, Transactions, day_of

END = datetime(2026, 1, 1, tzinfo=UTC)
FAVOURITES = 6
CATEGORIES = 40


@dataclass(frozen=True)
class Habits:
    """What the customers are like; the figures give about five orders and twenty lines a customer in two years."""

    days: float = 730.0
    rate_shape: float = 0.7
    """Of the gamma distribution of orders a day: below 1, many buy seldom and a few very often."""
    mean_rate: float = 0.0167
    mean_lifetime: float = 500.0
    extra_lines: float = 3.3
    """Of an order beside its first line, on average; the same item twice is one line."""
    repeats: float = 0.6
    """What share of lines is a favourite."""


def synthetic_shop(customers: int, seed: int, habits: Habits = Habits()) -> tuple[Transactions, Items]:
    """About 20 lines a customer; one item to 20 customers, but at least 200 and at most 70,000."""
    chance = np.random.default_rng(seed)
    item_count = int(np.clip(customers // 20, 200, 70_000))
    buyer, day = _orders(chance, customers, habits)
    order = np.repeat(np.arange(len(buyer), dtype=np.int32), 1 + chance.poisson(habits.extra_lines, len(buyer)))
    item = _bought(chance, buyer[order], customers, item_count, habits)
    _, once = np.unique(order * np.int64(item_count) + item, return_index=True)
    order, item = order[once], item[once]
    quantity = (1 + chance.poisson(0.3, len(order))).astype(np.float64)
    price: Floats = np.exp(chance.normal(2.3, 0.8, item_count)).round(2)
    transactions = Transactions(
        _ids("c", customers),
        _ids("i", item_count),
        buyer[order],
        item,
        order,
        day[order],
        quantity,
        quantity * price[item],
    )
    names = np.array([f"Item {number}" for number in range(item_count)])
    return transactions, Items(names, np.array([f"Category {number % CATEGORIES}" for number in range(item_count)]))


def write_shop(transactions: Transactions, file: Path) -> None:
    """As the table that anybody's shop would hand over (.parquet or .csv), with ids as text and times."""
    shop = transactions
    lines = {"customer": shop.customer, "item": shop.item, "order_id": shop.order, "day": shop.day}
    lines |= {"quantity": shop.quantity, "amount": shop.amount}
    form = "csv" if file.suffix == ".csv" else "parquet"
    with workspace(file) as work:
        db = work.db
        for name, ids in (("customers", shop.customers), ("items", shop.items)):
            listed = {"number": np.arange(len(ids)), "id": ids.astype(object)}  # noqa: F841
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM listed")
        db.execute(
            f"""
            COPY (SELECT c.id AS customer_id, i.id AS item_id, to_timestamp(day * 86400)::TIMESTAMP AS time,
                         quantity, round(amount, 2) AS amount, order_id
                  FROM lines JOIN customers c ON c.number = customer JOIN items i ON i.number = item)
            TO {quoted(file)} (FORMAT {form})
            """
        )


def _orders(chance: np.random.Generator, customers: int, habits: Habits) -> tuple[Ints, Floats]:
    """Who orders, and when; sorted by customer and day. The first order is the arrival."""
    arrival = chance.uniform(0, habits.days, customers)
    lifetime = np.minimum(chance.exponential(habits.mean_lifetime, customers), habits.days - arrival)
    rate = chance.gamma(habits.rate_shape, habits.mean_rate / habits.rate_shape, customers)
    further = chance.poisson(rate * lifetime)
    buyer = np.repeat(np.arange(customers, dtype=np.int32), 1 + further)
    is_first = np.append(True, buyer[1:] != buyer[:-1])
    after = np.where(is_first, 0.0, chance.uniform(0, 1, len(buyer))) * lifetime[buyer]
    day = day_of(END) - habits.days + arrival[buyer] + after
    return buyer, day[np.lexsort((day, buyer))]


def _bought(chance: np.random.Generator, buyer: Ints, customers: int, items: int, habits: Habits) -> Ints:
    favourites = _popular(chance, (customers, FAVOURITES), items)
    favourite = favourites[buyer, chance.integers(0, FAVOURITES, len(buyer))]
    is_repeat = chance.random(len(buyer)) < habits.repeats
    return np.where(is_repeat, favourite, _popular(chance, (len(buyer),), items)).astype(np.int32)


def _popular(chance: np.random.Generator, shape: tuple[int, ...], items: int) -> npt.NDArray[np.int32]:
    """Item numbers by Zipf's law with exponent 1 (its continuous form: one logarithm a draw)."""
    drawn: npt.NDArray[np.int32] = (np.exp(chance.random(shape) * np.log(items + 1)) - 1).astype(np.int32)
    return drawn


def _ids(letter: str, count: int) -> Texts:
    """Of one length, so that their order is that of the numbers."""
    return np.array([f"{letter}{number:07}" for number in range(count)])
