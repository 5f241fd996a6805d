"""Who bought what, how long ago, as parallel arrays; read with one query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from knowledge.shop.schema import LineRow, OrderRow
from knowledge.shop.types import OrderStatus

# Money that went back says nothing about taste.
UNDONE = (OrderStatus.CANCELLED, OrderStatus.RETURN_REQUESTED, OrderStatus.RETURNED, OrderStatus.REFUNDED)
UNDATED_DAYS = 365.0
"""The age given to purchases without a date (imported shops): old enough not to count as news."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Purchases:
    """One row an order line. `products[product[i]]` is row i's product id; `age_days` counts back from now."""

    products: tuple[str, ...]
    product: Ints
    customer: Ints
    order: Ints
    age_days: Floats


@dataclass(frozen=True)
class Bought:
    """One product in one customer's history."""

    product_id: str
    times: int
    days_ago: float


def read_purchases(session: Session, now: datetime) -> Purchases:
    """Every line of every order that was not undone."""
    rows = session.execute(_lines()).all()
    products, product = _numbered(row[0] for row in rows)
    _, customer = _numbered(row[1] for row in rows)
    order = np.array([row[2] for row in rows], dtype=np.int64)
    age = np.array([_days_since(row[3], now) for row in rows], dtype=np.float64)
    return Purchases(products, product, customer, order, age)


def read_history(session: Session, customer_id: str, now: datetime) -> list[Bought]:
    """What one customer has bought, latest first; read afresh, so that today's order counts."""
    times: dict[str, set[int]] = {}
    latest: dict[str, float] = {}
    for product_id, _, order_id, placed_at in session.execute(_lines().where(OrderRow.customer_id == customer_id)):
        times.setdefault(product_id, set()).add(order_id)
        latest[product_id] = min(latest.get(product_id, np.inf), _days_since(placed_at, now))
    history = [Bought(product_id, len(orders), latest[product_id]) for product_id, orders in times.items()]
    return sorted(history, key=lambda bought: bought.days_ago)


def _lines() -> Select[str, str, int, datetime | None]:
    return (
        select(LineRow.product_id, OrderRow.customer_id, OrderRow.order_id, OrderRow.placed_at)
        .join(OrderRow, OrderRow.order_id == LineRow.order_id)
        .where(OrderRow.status.not_in([status.value for status in UNDONE]))
    )


def _days_since(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds() / 86400) if moment else UNDATED_DAYS


def _numbered(values: Iterable[str]) -> tuple[tuple[str, ...], Ints]:
    numbers: dict[str, int] = {}
    codes: Sequence[int] = [numbers.setdefault(value, len(numbers)) for value in values]
    return tuple(numbers), np.array(codes, dtype=np.int64)
