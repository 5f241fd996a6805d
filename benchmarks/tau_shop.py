"""The imported tau-bench shop as a file: one base, a copy per task, its state and its audit before and after."""

import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from benchmarks.tau_tasks import Action
from bot.database import Database, open_database, upgrade
from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.schema import AuditRow
from knowledge.shop.shop import Shop
from knowledge.shop.tau_bench.reading import import_tau_bench
from knowledge.shop.tau_bench.writing import orders_of, products_of, users_of
from knowledge.shop.types import Address, ItemChange

Write = tuple[str, str]
"""What was done to what: (operation, order number or customer id)."""
MOST_SHOWN = 80
"""Characters of a field in a difference."""
NOT_A_WRITE = "open_ticket"
"""A message to a person changes nothing in the shop; it is counted apart."""


@dataclass(frozen=True)
class State:
    """The shop as tau-bench would see it; and what our audit says was done to get there, with the key of each write."""

    users: dict[str, Any]
    orders: dict[str, Any]
    products: dict[str, Any]
    audit: tuple[tuple[str, Write], ...] = field(default=(), compare=False)

    def part_of(self, user_id: str, sender: str) -> "State":
        """What is the customer's, and everything that was done in the sender's name, to whomever."""
        return State(
            users={user_id: self.users[user_id]},
            orders={key: order for key, order in self.orders.items() if order["user_id"] == user_id},
            products=self.products,
            audit=tuple(done for done in self.audit if sender in done[0].split(":")),
        )

    @property
    def writes(self) -> Counter[Write]:
        return Counter(write for _, write in self.audit if write[0] != NOT_A_WRITE)

    @property
    def is_with_a_person(self) -> bool:
        return any(write[0] == NOT_A_WRITE for _, write in self.audit)

    def differences(self, expected: "State") -> list[str]:
        """The records that are not as they should be, each with the fields that differ."""
        pairs = ((self.users, expected.users), (self.orders, expected.orders))
        return [
            f"{key}: {', '.join(_fields(is_now[key], should_be[key]))}"
            for is_now, should_be in pairs
            for key in should_be
            if is_now[key] != should_be[key]
        ]


def _fields(is_now: dict[str, Any], should_be: dict[str, Any]) -> list[str]:
    names = [*should_be, *(name for name in is_now if name not in should_be)]
    return [
        f"{name} is {_short(is_now.get(name))}, should be {_short(should_be.get(name))}"
        for name in names
        if is_now.get(name) != should_be.get(name)
    ]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def make_base(data: Path, path: Path) -> None:
    """Import tau-bench's shop into a new database file. Raises ImportFailed when the data are not there."""
    database = open_database(url_of(path))
    upgrade(database)
    with database.transaction() as session:
        import_tau_bench(session, data)
    settle(database)


def copy_base(base: Path, path: Path) -> None:
    shutil.copyfile(base, path)


def settle(database: Database) -> None:
    """Bring everything into the one file and let go of it, so that the file can be copied."""
    with database.read() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    database.close()


def state_of(path: Path) -> State:
    database = open_database(url_of(path))
    with database.session() as session:
        audit = session.scalars(select(AuditRow).order_by(AuditRow.audit_id))
        state = State(
            users={record["user_id"]: record for record in users_of(session)},
            orders={record["order_id"]: record for record in orders_of(session)},
            products={record["product_id"]: record for record in products_of(session)},
            audit=tuple((row.key, (row.operation, row.order_number or row.customer_id or "")) for row in audit),
        )
    database.close()
    return state


def replay(path: Path, actions: Iterable[Action], sender: str) -> list[tuple[Action, RefusalCode]]:
    """Apply the right actions to the database of that file, each in a transaction of its own; returns the refused."""
    database = open_database(url_of(path))
    refused = []
    for number, action in enumerate(actions):
        try:
            with database.transaction() as session:
                apply(Shop(session), action, key=f"replay:{sender}:{number}")
        except Refused as refusal:
            refused.append((action, refusal.code))
    database.close()
    return refused


def apply(shop: Shop, action: Action, key: str) -> None:
    """One of tau-bench's writing tools as an operation of the shop. Raises Refused."""
    arguments, actor = action.arguments, "agent:replay"
    number = arguments.get("order_id", "")
    match action.name:
        case "cancel_pending_order":
            shop.cancel_order(number, arguments["reason"].replace(" ", "_"), key=key, actor=actor)
        case "modify_pending_order_address":
            shop.change_order_address(number, address_of(action), key=key, actor=actor)
        case "modify_user_address":
            shop.change_default_address(arguments["user_id"], address_of(action), key=key, actor=actor)
        case "modify_pending_order_items":
            changes = changes_of(shop, action)
            shop.change_order_items(number, changes, arguments["payment_method_id"], key=key, actor=actor)
        case "exchange_delivered_order_items":
            changes = changes_of(shop, action)
            shop.exchange_items(number, changes, arguments["payment_method_id"], key=key, actor=actor)
        case "return_delivered_order_items":
            lines = line_ids_of(shop, number, arguments["item_ids"])
            shop.return_items(number, lines, arguments["payment_method_id"], key=key, actor=actor)
        case _:
            raise ValueError(f"{action.name} writes nothing that Kefu knows")


def address_of(action: Action) -> Address:
    return Address(*(action.arguments[key] for key in ("address1", "address2", "city", "state", "zip", "country")))


def changes_of(shop: Shop, action: Action) -> list[ItemChange]:
    line_ids = line_ids_of(shop, action.arguments["order_id"], action.arguments["item_ids"])
    return [ItemChange(*pair) for pair in zip(line_ids, action.arguments["new_item_ids"], strict=True)]


def line_ids_of(shop: Shop, order_number: str, item_ids: Iterable[str]) -> list[str]:
    """The lines that hold these items, each line once."""
    order = shop.order(order_number)
    lines = list(order.lines) if order else []
    found = []
    for item_id in item_ids:
        line = next(line for line in lines if line.variant_id == item_id)
        lines.remove(line)
        found.append(line.line_id)
    return found
