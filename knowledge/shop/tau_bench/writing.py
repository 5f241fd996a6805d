"""A shop database → tau-bench's three files, with the states and fields that its tools would have left there."""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from knowledge.shop.schema import CustomerRow, OrderRow, PaymentMethodRow, ProductRow, ReturnRow
from knowledge.shop.tau_bench import ADDRESS_KEYS, ORDERS, PRODUCTS, USERS

Record = dict[str, Any]


def export_tau_bench(session: Session, directory: Path) -> dict[str, int]:
    """Write users, orders and products; returns how many of each. The directory is made if need be."""
    directory.mkdir(parents=True, exist_ok=True)
    return {
        "customers": _write(directory / USERS, users_of(session)),
        "orders": _write(directory / ORDERS, orders_of(session)),
        "products": _write(directory / PRODUCTS, products_of(session)),
    }


def users_of(session: Session) -> Iterator[Record]:
    numbers: dict[str, list[str]] = {}
    for customer_id, number in session.execute(
        select(OrderRow.customer_id, OrderRow.order_number).order_by(OrderRow.order_id)
    ):
        numbers.setdefault(customer_id, []).append(number)
    query = select(CustomerRow).options(selectinload(CustomerRow.payment_methods)).order_by(CustomerRow.customer_id)
    for row in session.scalars(query):
        yield {
            "user_id": row.customer_id,
            "name": {"first_name": row.first_name, "last_name": row.last_name},
            "address": _address(row.address or {}),
            "email": row.email,
            "payment_methods": {method.payment_method_id: _payment_method(method) for method in row.payment_methods},
            "orders": numbers.get(row.customer_id, []),
        }


def orders_of(session: Session) -> Iterator[Record]:
    parts = (OrderRow.lines, OrderRow.payments, OrderRow.shipments, OrderRow.returns)
    query = select(OrderRow).options(*(selectinload(part) for part in parts)).order_by(OrderRow.order_id)
    for row in session.scalars(query):
        yield {
            "order_id": row.order_number,
            "user_id": row.customer_id,
            "address": _address(row.address),
            "items": _items(row),
            "status": row.status,
            "fulfillments": _fulfillments(row),
            "payment_history": [
                {
                    "transaction_type": payment.kind,
                    "amount": float(payment.amount),
                    "payment_method_id": payment.payment_method_id,
                }
                for payment in row.payments
            ],
            **({"cancel_reason": row.cancel_reason.replace("_", " ")} if row.cancel_reason else {}),
            **{key: value for request in row.returns for key, value in _request(request).items()},
        }


def products_of(session: Session) -> Iterator[Record]:
    for row in session.scalars(select(ProductRow).options(selectinload(ProductRow.variants))):
        variants = {
            variant.variant_id: {
                "item_id": variant.variant_id,
                "options": variant.options,
                "available": variant.is_on_sale,
                "price": float(variant.price),
            }
            for variant in row.variants
        }
        yield {"name": row.name_en, "product_id": row.product_id, "variants": variants}


def _items(order: OrderRow) -> list[Record]:
    return [
        {
            "name": line.name_en,
            "product_id": line.product_id,
            "item_id": line.variant_id,
            "price": float(line.unit_price),
            "options": line.options,
        }
        for line in order.lines
        for _ in range(line.quantity)
    ]


def _fulfillments(order: OrderRow) -> list[Record]:
    pieces = {line.line_id: [line.variant_id] * line.quantity for line in order.lines}
    return [
        {
            "tracking_id": shipment.tracking_number.split(","),
            "item_ids": [item_id for line_id in shipment.line_ids for item_id in pieces[line_id]],
        }
        for shipment in order.shipments
    ]


def _request(request: ReturnRow) -> Record:
    old = sorted(item["variant_id"] for item in request.items for _ in range(item["quantity"]))
    if request.kind == "return":
        return {"return_items": old, "return_payment_method_id": request.payment_method_id}
    return {
        "exchange_items": old,
        "exchange_new_items": sorted(item["new_variant_id"] for item in request.items for _ in range(item["quantity"])),
        "exchange_payment_method_id": request.payment_method_id,
        "exchange_price_difference": float(request.amount),
    }


def _payment_method(method: PaymentMethodRow) -> Record:
    record: Record = {"source": method.source, "id": method.payment_method_id}
    if method.brand is not None:
        record |= {"brand": method.brand, "last_four": method.last_four}
    if method.balance is not None:
        record["balance"] = float(method.balance)
    return record


def _address(stored: dict[str, str]) -> dict[str, str]:
    return {key: stored.get(field, "") for field, key in ADDRESS_KEYS.items()}


def _write(path: Path, records: Iterable[Record]) -> int:
    """Gzip without a time stamp, so that equal shops make equal files."""
    count = 0
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        for count, record in enumerate(records, 1):  # noqa: B007  (the last number is the answer)
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    return count
