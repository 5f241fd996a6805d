"""People and orders to try the bot with."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypedDict

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from knowledge.shop.columns import utc_now
from knowledge.shop.rows import order_from
from knowledge.shop.schema import CustomerRow, OrderRow
from knowledge.shop.types import Order

RECENT = timedelta(days=35)


class ListedLine(TypedDict):
    line_id: str
    product: str
    product_zh: str
    options: dict[str, str]
    quantity: int
    price: str


class ListedOrder(TypedDict):
    order_number: str
    status: str
    email: str
    first_name: str
    last_name: str
    postcode: str
    locale: str
    lines: list[ListedLine]


class ListedCustomer(TypedDict):
    customer_id: str
    email: str
    first_name: str
    last_name: str
    postcode: str
    locale: str
    payment_methods: list[str]
    orders: list[dict[str, str]]
    """Order number and status of the newest, newest first."""


def orders_to_try(
    session: Session, *, status: str | None = None, locale: str | None = None, limit: int = 10
) -> list[ListedOrder]:
    """Newest first."""
    query = (
        select(OrderRow).join(CustomerRow).order_by(OrderRow.placed_at.desc(), OrderRow.order_id.desc()).limit(limit)
    )
    if status is not None:
        query = query.where(OrderRow.status == status)
    if locale is not None:
        query = query.where(CustomerRow.locale == locale)
    rows = session.scalars(query.options(selectinload(OrderRow.customer), selectinload(OrderRow.lines)))
    return [_listed_order(row.customer, order_from(row)) for row in rows]


def customers_to_try(session: Session, *, locale: str | None = None, limit: int = 10) -> list[ListedCustomer]:
    """Those first whose recent orders are in the most different states."""
    recent = OrderRow.placed_at >= utc_now() - RECENT
    variety = func.count(OrderRow.status.distinct()).filter(recent)
    query = select(CustomerRow).join(OrderRow).group_by(CustomerRow.customer_id)
    if locale is not None:
        query = query.where(CustomerRow.locale == locale)
    ranked = query.order_by(variety.desc(), func.count().desc(), CustomerRow.customer_id).limit(limit)
    customers = session.scalars(ranked.options(selectinload(CustomerRow.payment_methods))).all()
    return [_listed_customer(row, _newest_orders(session, row.customer_id)) for row in customers]


def customer_to_try(session: Session, customer_id: str) -> ListedCustomer | None:
    row = session.get(CustomerRow, customer_id)
    return _listed_customer(row, _newest_orders(session, customer_id)) if row else None


def _newest_orders(session: Session, customer_id: str) -> list[dict[str, str]]:
    columns = select(OrderRow.order_number, OrderRow.status).where(OrderRow.customer_id == customer_id)
    newest = columns.order_by(OrderRow.placed_at.desc(), OrderRow.order_id.desc()).limit(6)
    return [{"order_number": number, "status": status} for number, status in session.execute(newest)]


def _listed_order(customer: CustomerRow, order: Order) -> ListedOrder:
    return {
        "order_number": order.order_number,
        "status": order.status.value,
        "email": customer.email,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "postcode": _postcode(customer) or order.address.postcode,
        "locale": customer.locale,
        "lines": [
            {
                "line_id": line.line_id,
                "product": line.name_en,
                "product_zh": line.name_zh,
                "options": dict(line.options),
                "quantity": line.quantity,
                "price": str(line.unit_price),
            }
            for line in order.lines
        ],
    }


def _listed_customer(row: CustomerRow, orders: Sequence[dict[str, str]]) -> ListedCustomer:
    return {
        "customer_id": row.customer_id,
        "email": row.email,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "postcode": _postcode(row),
        "locale": row.locale,
        "payment_methods": [method.source for method in row.payment_methods],
        "orders": list(orders),
    }


def _postcode(row: CustomerRow) -> str:
    return (row.address or {}).get("postcode", "")
