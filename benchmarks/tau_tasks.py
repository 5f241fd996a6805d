"""tau-bench's retail tasks and the shop's records that their customers know about, as they lie on disk."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TASKS = "tasks_tau2.jsonl.gz"
WRITES = {
    "cancel_pending_order": "cancel",
    "modify_pending_order_items": "change items",
    "modify_pending_order_address": "change address",
    "modify_user_address": "change default address",
    "return_delivered_order_items": "return",
    "exchange_delivered_order_items": "exchange",
}
"""The tools that write, and what we call them."""
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Action:
    """A call of one of tau-bench's tools."""

    name: str
    arguments: Record

    @property
    def is_write(self) -> bool:
        return self.name in WRITES


@dataclass(frozen=True)
class Task:
    """A task: its customer's story, and the calls that are right."""

    task_id: str
    story: str
    """Why the customer calls and what they know, in tau-bench's words."""
    actions: tuple[Action, ...]

    @property
    def sender(self) -> str:
        """Who speaks in the task's conversation."""
        return f"task-{self.task_id}"

    @property
    def writes(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.is_write)


@dataclass(frozen=True)
class Records:
    """Users, orders and products by their ids, in tau-bench's shape; variants by item id."""

    users: Mapping[str, Record]
    orders: Mapping[str, Record]
    variants: Mapping[str, Record]


def read_tasks(directory: Path) -> list[Task]:
    return [
        Task(
            task_id=record["id"],
            story=" ".join(
                record["user_scenario"]["instructions"][key] or "" for key in ("reason_for_call", "known_info")
            ),
            actions=tuple(Action(call["name"], call["arguments"]) for call in record["evaluation_criteria"]["actions"]),
        )
        for record in _lines(directory / TASKS)
    ]


def read_records(directory: Path) -> Records:
    products = _lines(directory / "products.jsonl.gz")
    return Records(
        users={user["user_id"]: user for user in _lines(directory / "users.jsonl.gz")},
        orders={order["order_id"]: order for order in _lines(directory / "orders.jsonl.gz")},
        variants={item_id: variant for product in products for item_id, variant in product["variants"].items()},
    )


def _lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
