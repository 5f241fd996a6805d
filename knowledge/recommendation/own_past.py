"""One customer's purchases, read afresh, so that today's order counts; and what they sent back.

The same lines count as in knowledge/customers/shop_lines.py. Two statements, put together once: they are asked in every
request, and to build them takes longer than the database does.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from knowledge.customers.shop_lines import SENT_BACK, UNDATED
from knowledge.shop.schema import LineRow, OrderRow, ReturnRow
from knowledge.shop.types import OrderStatus

_IS_OWN = OrderRow.customer_id == bindparam("customer_id")
_LINES = (
    select(LineRow.product_id, LineRow.line_id, LineRow.order_id, LineRow.quantity, OrderRow.status, OrderRow.placed_at)
    .join(OrderRow, OrderRow.order_id == LineRow.order_id)
    .where(_IS_OWN, OrderRow.status != OrderStatus.CANCELLED.value)
)
_RETURNS = (
    select(ReturnRow.order_id, ReturnRow.items)
    .join(OrderRow, OrderRow.order_id == ReturnRow.order_id)
    .where(_IS_OWN, ReturnRow.kind == "return")
)


@dataclass(frozen=True)
class Bought:
    """One product in one customer's history. `gap_days`: between their own purchases of it; 0 where there was one."""

    product_id: str
    times: int
    days_ago: float
    gap_days: float = 0.0


@dataclass(frozen=True)
class Past:
    """What one customer has bought and kept, latest first, and the products they sent back, or are sending back."""

    bought: tuple[Bought, ...] = ()
    sent_back: frozenset[str] = field(default_factory=frozenset)


def read_past(session: Session, customer_id: str, now: datetime) -> Past:
    back, orders = _returns(session, customer_id)
    kept: dict[str, dict[int, float]] = {}
    sent_back = set()
    for product, line, order, quantity, status, placed_at in session.execute(_LINES, {"customer_id": customer_id}):
        days_ago = ((now - placed_at) if placed_at else UNDATED).total_seconds() / 86400
        if back[line] or (status in SENT_BACK and order not in orders):
            sent_back.add(product)
        if days_ago >= 0 and back[line] < quantity and (status not in SENT_BACK or order in orders):
            kept.setdefault(product, {})[order] = days_ago
    found = (_bought(product, orders.values()) for product, orders in kept.items())
    return Past(tuple(sorted(found, key=lambda bought: bought.days_ago)), frozenset(sent_back))


def _returns(session: Session, customer_id: str) -> tuple[Counter[str], set[int]]:
    """Pieces that went back by line, and the orders whose returns name their lines."""
    back: Counter[str] = Counter()
    orders = set()
    for order, items in session.execute(_RETURNS, {"customer_id": customer_id}):
        orders.add(order)
        for item in items:
            back[item["line_id"]] += int(item["quantity"])
    return back, orders


def _bought(product: str, days_ago: Iterable[float]) -> Bought:
    days = sorted(days_ago)
    gap = (days[-1] - days[0]) / (len(days) - 1) if len(days) > 1 else 0.0
    return Bought(product, len(days), days[0], gap)
