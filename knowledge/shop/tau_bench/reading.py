"""tau-bench's users, orders and products → an empty shop database, ids kept."""

import gzip
import json
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from knowledge.shop.errors import DatabaseInUse, ImportFailed
from knowledge.shop.folding import digits_of, email_key, order_number_key, postcode_key
from knowledge.shop.policy import packaged_override, store_policy
from knowledge.shop.schema import (
    Base,
    CustomerRow,
    LineRow,
    OrderRow,
    PaymentMethodRow,
    PaymentRow,
    ProductRow,
    ShipmentRow,
    VariantRow,
)
from knowledge.shop.tau_bench import ADDRESS_KEYS, ORDERS, PRODUCTS, USERS, exact

Record = dict[str, Any]
Counts = dict[str, int]


def import_tau_bench(
    session: Session, directory: Path, progress: Callable[[str, int, int], None] = lambda *_: None
) -> Counts:
    """Fill an empty database and store that shop's policy; `progress` hears of tables done. Does not commit.

    Raises ImportFailed when a file is missing or unreadable, or when the database has customers already.
    """
    if session.scalar(select(CustomerRow.customer_id).limit(1)) is not None:
        raise DatabaseInUse("The database has customers already: import into a new one (set KEFU_DATABASE_URL)")
    users, orders, products = (_records(directory / name) for name in (USERS, ORDERS, PRODUCTS))
    store_policy(session, packaged_override("tau_bench/policy.yml"))
    by_id = {order["order_id"]: order for order in orders}
    in_user_order = [by_id[order_id] for user in users for order_id in user["orders"]]
    options_zh = {product["product_id"]: _options(product) for product in products}
    tables: list[tuple[type[Base], Iterable[Record]]] = [
        (ProductRow, (_product(product, options_zh[product["product_id"]]) for product in products)),
        (VariantRow, (row for product in products for row in _variants(product))),
        (CustomerRow, map(_customer, users)),
        (PaymentMethodRow, (row for user in users for row in _payment_methods(user))),
        (OrderRow, (_order(number, order) for number, order in enumerate(in_user_order, 1))),
        (LineRow, (row for number, order in enumerate(in_user_order, 1) for row in _lines(number, order))),
        (PaymentRow, (row for number, order in enumerate(in_user_order, 1) for row in _payments(number, order))),
        (ShipmentRow, (row for number, order in enumerate(in_user_order, 1) for row in _shipments(number, order))),
    ]
    for done, (table, rows) in enumerate(tables, 1):
        session.execute(insert(table), list(rows))
        progress(table.__tablename__.replace("_", " "), done, len(tables))
    return {"customers": len(users), "orders": len(orders), "products": len(products)}


def _records(path: Path) -> list[Record]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]
    except FileNotFoundError as error:
        raise ImportFailed(f"{path} is missing: the directory must hold {USERS}, {ORDERS} and {PRODUCTS}") from error
    except (OSError, ValueError) as error:
        raise ImportFailed(f"{path} is not gzipped JSON lines: {error}") from error


@cache
def _names() -> dict[str, dict[str, Any]]:
    source = files("knowledge.shop.tau_bench").joinpath("names_zh.yml").read_text("utf-8")
    names: dict[str, dict[str, Any]] = yaml.safe_load(source)
    return names


def _chinese(option: str, value: str) -> str:
    own = _names()["values_of"].get(option, {})
    return str(own.get(value) or _names()["values"].get(value, value))


def _options(product: Record) -> list[Record]:
    """The product's option names and the values that its variants have, in both languages."""
    values: dict[str, list[str]] = {}
    for variant in product["variants"].values():
        for name, value in variant["options"].items():
            known = values.setdefault(name, [])
            if value not in known:
                known.append(value)
    return [
        {
            "name": name,
            "name_zh": _names()["options"].get(name, name),
            "values": found,
            "values_zh": [_chinese(name, value) for value in found],
        }
        for name, found in values.items()
    ]


def _product(product: Record, options: list[Record]) -> Record:
    name = product["name"]
    name_zh, category = _names()["products"].get(name, (name, ""))
    return {
        "product_id": product["product_id"],
        "name_en": name,
        "name_zh": name_zh,
        "category": category,
        "options": options,
    }


def _variants(product: Record) -> Iterable[Record]:
    for position, variant in enumerate(product["variants"].values()):
        yield {
            "variant_id": variant["item_id"],
            "product_id": product["product_id"],
            "position": position,
            "options": variant["options"],
            "price": exact(variant["price"]),
            "is_on_sale": variant["available"],
        }


def _address(record: Record) -> dict[str, str]:
    return {field: record[key] for field, key in ADDRESS_KEYS.items()}


def _customer(user: Record) -> Record:
    return {
        "customer_id": user["user_id"],
        "email": user["email"],
        "email_key": email_key(user["email"]),
        "first_name": user["name"]["first_name"],
        "last_name": user["name"]["last_name"],
        "address": _address(user["address"]),
        "postcode_key": postcode_key(user["address"]["zip"]),
    }


def _payment_methods(user: Record) -> Iterable[Record]:
    for position, method in enumerate(user["payment_methods"].values()):
        yield {
            "payment_method_id": method["id"],
            "customer_id": user["user_id"],
            "position": position,
            "source": method["source"],
            "brand": method.get("brand"),
            "last_four": method.get("last_four"),
            "balance": exact(method["balance"]) if "balance" in method else None,
        }


def _order(number: int, order: Record) -> Record:
    return {
        "order_id": number,
        "order_number": order["order_id"],
        "number_key": order_number_key(order["order_id"]),
        "number_digits": digits_of(order["order_id"]),
        "customer_id": order["user_id"],
        "status": order["status"],
        "address": _address(order["address"]),
    }


def _line_ids(order: Record) -> list[str]:
    return [f"{order_number_key(order['order_id'])}-{position}" for position in range(1, len(order["items"]) + 1)]


def _lines(number: int, order: Record) -> Iterable[Record]:
    for position, (line_id, item) in enumerate(zip(_line_ids(order), order["items"], strict=True)):
        options_zh = {
            _names()["options"].get(name, name): _chinese(name, value) for name, value in item["options"].items()
        }
        yield {
            "line_id": line_id,
            "order_id": number,
            "position": position,
            "product_id": item["product_id"],
            "variant_id": item["item_id"],
            "name_en": item["name"],
            "name_zh": _names()["products"].get(item["name"], (item["name"], ""))[0],
            "options": item["options"],
            "options_zh": options_zh,
            "unit_price": exact(item["price"]),
        }


def _payments(number: int, order: Record) -> Iterable[Record]:
    for payment in order["payment_history"]:
        yield {
            "order_id": number,
            "kind": payment["transaction_type"],
            "amount": exact(payment["amount"]),
            "payment_method_id": payment["payment_method_id"],
        }


def _shipments(number: int, order: Record) -> Iterable[Record]:
    unshipped = list(zip(_line_ids(order), (item["item_id"] for item in order["items"]), strict=True))
    for fulfillment in order["fulfillments"]:
        line_ids = []
        for item_id in fulfillment["item_ids"]:
            line = next(line for line in unshipped if line[1] == item_id)
            unshipped.remove(line)
            line_ids.append(line[0])
        yield {
            "order_id": number,
            "tracking_number": ",".join(fulfillment["tracking_id"]),
            "line_ids": line_ids,
        }
