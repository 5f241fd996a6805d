"""What a task's customer knows and wants, worked out from the right actions. A customer never sees an item id."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.tau_tasks import WRITES, Action, Record, Records, Task

LOOK = "order details"
"""The kind of a goal that only reads."""
DECLINABLE = {"delivered": "return", "pending": "cancel"}
"""What a customer may ask for in an order's state, to take it back when asked to confirm."""


@dataclass(frozen=True)
class Proof:
    """One way the customer says who they are: an e-mail, or name and zip."""

    full_name: str
    zip_code: str = ""
    email: str = ""


@dataclass(frozen=True)
class Method:
    """A payment method as its owner knows it."""

    source: str
    brand: str
    last_four: str


@dataclass(frozen=True)
class Item:
    """A line of the order; `wanted` are the options of the variant that shall replace it."""

    name: str
    options: Mapping[str, str]
    wanted: Mapping[str, str]
    rivals: tuple[Mapping[str, str], ...]
    """The options of the order's other lines of the same product."""

    @property
    def changes(self) -> dict[str, str]:
        return {name: value for name, value in self.wanted.items() if self.options.get(name) != value}

    @property
    def marks(self) -> dict[str, str]:
        """The options that tell it from its rivals: as few as will do."""
        differing = {n: v for n, v in self.options.items() if any(rival.get(n) != v for rival in self.rivals)}
        unique = {n: v for n, v in differing.items() if all(rival.get(n) != v for rival in self.rivals)}
        return dict(list(unique.items())[:1]) or differing


@dataclass(frozen=True)
class Goal:
    """One thing to get done."""

    kind: str
    order_number: str = ""
    items: tuple[Item, ...] = ()
    others: tuple[str, ...] = ()
    """Products of the order that the goal does not touch."""
    payment: Method | None = None
    other_methods: tuple[Method, ...] = ()
    reason: str = ""
    address: Mapping[str, str] | None = None
    is_taken_back: bool = False
    """The customer says no when asked to confirm."""


@dataclass(frozen=True)
class Errand:
    """Everything a task's customer comes with. `proofs` in the order they are tried."""

    proofs: tuple[Proof, ...]
    goals: tuple[Goal, ...]


def errand_of(task: Task, records: Records) -> Errand:
    user = owner_of(task, records)
    goals = [goal_of(action, user, records) for action in task.writes]
    return Errand(proofs_of(task, user), tuple(goals or looking_goals(task, user, records)))


def owner_of(task: Task, records: Records) -> Record:
    """The customer whose task it is: named by an action, or in what the task says of them."""
    for action in task.actions:
        if user := records.users.get(action.arguments.get("user_id", "")):
            return user
        if order := records.orders.get(action.arguments.get("order_id", "")):
            return records.users[order["user_id"]]
    for user in records.users.values():
        name, info = user["name"], task.story
        is_named = user["user_id"] in info or f"{name['first_name']} {name['last_name']}" in info
        if is_named and user["address"]["zip"] in info:
            return user
    raise LookupError(f"task {task.task_id} does not say whose it is")


def proofs_of(task: Task, user: Record) -> tuple[Proof, ...]:
    """As the task's customer says it, wrong zip codes first where they err; else name and zip."""
    own = Proof(_name(user["name"]), zip_code=user["address"]["zip"])
    tried = []
    for action in task.actions:
        arguments = action.arguments
        if action.name == "find_user_id_by_email":
            tried.append(Proof(own.full_name, email=arguments["email"]))
        elif action.name == "find_user_id_by_name_zip":
            tried.append(Proof(_name(arguments), zip_code=arguments["zip"]))
    return tuple(tried) or (own,)


def _name(record: Record) -> str:
    return f"{record['first_name']} {record['last_name']}"


def goal_of(action: Action, user: Record, records: Records) -> Goal:
    arguments = action.arguments
    number = arguments.get("order_id", "")
    order_items = records.orders[number]["items"] if number else []
    items, others = _items(action, order_items, records)
    paid_with = arguments.get("payment_method_id")
    return Goal(
        kind=WRITES[action.name],
        order_number=number,
        items=items,
        others=others,
        payment=_method(user["payment_methods"][paid_with]) if paid_with else None,
        other_methods=tuple(_method(m) for key, m in user["payment_methods"].items() if key != paid_with),
        reason=arguments.get("reason", ""),
        address={key: arguments[key] for key in arguments if key not in ("order_id", "user_id")}
        if "address1" in arguments
        else None,
    )


def _method(record: Record) -> Method:
    return Method(record["source"], record.get("brand", ""), record.get("last_four", ""))


def _items(action: Action, order_items: Sequence[Record], records: Records) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """The items the action is about, and the names of the rest."""
    rest = list(order_items)
    new_ids = action.arguments.get("new_item_ids", ())
    items = []
    for place, item_id in enumerate(action.arguments.get("item_ids", ())):
        found = next(item for item in rest if item["item_id"] == item_id)
        rest.remove(found)
        wanted = records.variants[new_ids[place]]["options"] if new_ids else {}
        rivals = [i["options"] for i in order_items if i["name"] == found["name"] and i is not found]
        items.append(Item(found["name"], found["options"], wanted, tuple(rivals)))
    touched = {item.name for item in items}
    return tuple(items), tuple(item["name"] for item in rest if item["name"] not in touched)


def looking_goals(task: Task, user: Record, records: Records) -> list[Goal]:
    """A task that writes nothing: look at what it reads, then ask for something and leave it."""
    read = [a.arguments["order_id"] for a in task.actions if a.name == "get_order_details"]
    said = [f"#{found}" for found in re.findall(r"W\d{7}", task.story)]
    numbers = list(dict.fromkeys([*read, *said, *user["orders"]]))
    looks = [Goal(LOOK, number) for number in numbers[:2]]
    for number in numbers:
        if kind := DECLINABLE.get(records.orders[number]["status"]):
            return [*looks, _taken_back(kind, records.orders[number], user)]
    return [*looks, _taken_back("cancel", records.orders[numbers[0]], user)]


def _taken_back(kind: str, order: Record, user: Record) -> Goal:
    first, *rest = order["items"]
    same_name = Counter(item["name"] for item in order["items"])[first["name"]] > 1
    item = Item(
        first["name"],
        first["options"],
        {},
        tuple(i["options"] for i in rest if same_name and i["name"] == first["name"]),
    )
    original = user["payment_methods"][order["payment_history"][0]["payment_method_id"]]
    return Goal(
        kind=kind,
        order_number=order["order_id"],
        items=(item,) if kind == "return" else (),
        others=tuple(i["name"] for i in rest) if kind == "return" else (),
        payment=_method(original) if kind == "return" else None,
        reason="no longer needed" if kind == "cancel" else "",
        is_taken_back=True,
    )
