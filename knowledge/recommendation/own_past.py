"""One customer's purchases, read afresh, so that today's order counts; and what they sent back."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.customers.shop_lines import SENT_BACK, read_customer
from knowledge.customers.transactions import Transactions, day_of
from knowledge.shop.schema import LineRow, OrderRow, ReturnRow


@dataclass(frozen=True)
class Bought:
    """One product in one customer's history. `gap_days`: between their own purchases of it; 0 where there was one."""

    product_id: str
    times: int
    days_ago: float
    gap_days: float = 0.0


def read_history(session: Session, customer_id: str, now: datetime) -> list[Bought]:
    """What one customer has bought and kept, latest first."""
    return histories(read_customer(session, now, customer_id), day_of(now))


def histories(transactions: Transactions, today: float) -> list[Bought]:
    """The same from the rows of one customer."""
    found = [_bought(transactions, int(item), today) for item in np.unique(transactions.item)]
    return sorted(found, key=lambda bought: bought.days_ago)


def _bought(transactions: Transactions, item: int, today: float) -> Bought:
    rows = transactions.item == item
    times = len(np.unique(transactions.order[rows]))
    days = transactions.day[rows]
    span = float(days.max() - days.min())
    gap = span / (times - 1) if times > 1 else 0.0
    return Bought(str(transactions.items[item]), times, max(0.0, today - float(days.max())), gap)


def sent_back(session: Session, customer_id: str) -> set[str]:
    """Products that the customer sent back, or is sending back: lines named by a return, else the whole order's."""
    is_own = OrderRow.customer_id == customer_id
    returns = select(ReturnRow.order_id, ReturnRow.items).join(OrderRow, OrderRow.order_id == ReturnRow.order_id)
    named = session.execute(returns.where(is_own, ReturnRow.kind == "return")).all()
    lines = {item["line_id"] for _, items in named for item in items}
    orders = {order for order, _ in named}
    own = select(LineRow.product_id, LineRow.line_id, LineRow.order_id, OrderRow.status)
    found = session.execute(own.join(OrderRow, OrderRow.order_id == LineRow.order_id).where(is_own)).all()
    return {
        product
        for product, line, order, status in found
        if line in lines or (status in SENT_BACK and order not in orders)
    }
