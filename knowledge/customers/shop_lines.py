"""The shop's own tables → Transactions: what was bought and kept, up to now. Needs nothing but numpy and SQLAlchemy.

A cancelled order says nothing about taste, nor does what went back: the pieces of a return are taken off their line. An
order that is marked as sent back without saying which lines (an imported one) is left out as a whole.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, or_, select, type_coerce
from sqlalchemy.orm import Session

from knowledge.customers.transactions import Floats, Items, Transactions, day_of
from knowledge.shop.schema import LineRow, OrderRow, ProductRow, ReturnRow
from knowledge.shop.types import OrderStatus

SENT_BACK = (OrderStatus.RETURN_REQUESTED, OrderStatus.RETURNED, OrderStatus.REFUNDED)
UNDATED = timedelta(days=365)
"""How long ago an order without a date (an imported shop's) is taken to be: old enough not to count as news."""

Line = Row[str, str, int, datetime | None, str, int, int]
Lines = Select[str, str, int, datetime | None, str, int, int]
"""customer_id, product_id, order_id, placed_at, line_id, quantity, unit price in cents"""


def read_shop(session: Session, now: datetime) -> tuple[Transactions, Items]:
    """Every line that was bought by `now` and kept. One item a product of the catalogue, bought or not.

    Names are the English ones. Orders dated after `now` are left out.
    """
    products = {row.product_id: row for row in session.execute(_products())}
    transactions = _read(session, now, OrderRow.order_id.is_not(None), products)
    known = [products.get(item) for item in transactions.items.tolist()]
    names, categories = ([getattr(row, name, "") for row in known] for name in ("name_en", "category"))
    return transactions, Items(np.array(names, dtype=np.str_), np.array(categories, dtype=np.str_))


def read_customer(session: Session, now: datetime, customer_id: str) -> Transactions:
    """The same lines of one customer, without a look at the catalogue: items are numbered among those bought."""
    return _read(session, now, OrderRow.customer_id == customer_id, ())


def _read(session: Session, now: datetime, whose: ColumnElement[bool], known_items: Iterable[str]) -> Transactions:
    back = _sent_back(session, whose)
    lines = [line for line in session.execute(_lines(whose, now)) if line[5] > back[line[4]]]
    quantity = _floats(line[5] - back[line[4]] for line in lines)
    undated = day_of(now - UNDATED)
    return Transactions.numbered(
        _column(lines, 0),
        _column(lines, 1),
        _column(lines, 2),
        _floats(undated if line[3] is None else day_of(line[3]) for line in lines),
        quantity,
        quantity * _floats(line[6] for line in lines) / 100,
        known_items,
    )


def _lines(whose: ColumnElement[bool], now: datetime) -> Lines:
    cents = type_coerce(LineRow.unit_price, BigInteger)
    is_by_now = or_(OrderRow.placed_at.is_(None), OrderRow.placed_at <= now)
    return (
        select(
            OrderRow.customer_id,
            LineRow.product_id,
            LineRow.order_id,
            OrderRow.placed_at,
            LineRow.line_id,
            LineRow.quantity,
            cents,
        )
        .join(OrderRow, OrderRow.order_id == LineRow.order_id)
        .where(whose, is_by_now, _is_kept())
    )


def _is_kept() -> ColumnElement[bool]:
    names_lines = select(ReturnRow.return_id).where(ReturnRow.order_id == OrderRow.order_id, ReturnRow.kind == "return")
    is_sent_back = OrderRow.status.in_([status.value for status in SENT_BACK])
    return and_(OrderRow.status != OrderStatus.CANCELLED.value, or_(~is_sent_back, names_lines.exists()))


def _sent_back(session: Session, whose: ColumnElement[bool]) -> Counter[str]:
    """How many pieces of which lines went back, or are on their way."""
    back: Counter[str] = Counter()
    returns = select(ReturnRow.items).join(OrderRow, OrderRow.order_id == ReturnRow.order_id)
    for items in session.scalars(returns.where(whose, ReturnRow.kind == "return")):
        for item in items:
            back[item["line_id"]] += int(item["quantity"])
    return back


def _products() -> Select[str, str, str]:
    return select(ProductRow.product_id, ProductRow.name_en, ProductRow.category)


def _column(lines: Sequence[Line], position: int) -> list[Any]:
    return [line[position] for line in lines]


def _floats(values: Iterable[float]) -> Floats:
    return np.array(list(values), dtype=np.float64)
