"""The desk a form works at: what was just said, what is known so far, and the shop. One desk a message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, cast

from actions.base import Dispatcher, Event, Language, Services, SlotSet, Tracker, message_id
from actions.choosing import Choice, read_choices
from actions.said import Said
from knowledge.shop.shop import Shop
from knowledge.shop.types import Customer, Order

Read = TypeVar("Read")
PATIENCE = 3


@dataclass(frozen=True)
class Problem:
    """Why what was said does not do. Kept in the slot `problem` until it has been told and something new is said."""

    code: str
    """`utter_problem_<code>` says it."""
    facts: Mapping[str, str] = field(default_factory=dict)
    is_final: bool = False
    times: int = 1
    """How often in a row."""
    is_told: bool = False

    @classmethod
    def from_slot(cls, value: Mapping[str, Any]) -> "Problem":
        return cls(
            str(value["code"]),
            value.get("facts") or {},
            bool(value.get("is_final")),
            int(value.get("times") or 1),
            bool(value.get("is_told")),
        )

    def to_slot(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "facts": dict(self.facts),
            "is_final": self.is_final,
            "times": self.times,
            "is_told": self.is_told,
        }

    @property
    def goes_in_circles(self) -> bool:
        return self.times >= PATIENCE


@dataclass
class Desk:
    """Steps read `said` and `put` what they understood; nothing is spoken or written to the shop here."""

    services: Services
    said: Said
    language: Language
    form: str
    requested: str | None
    sender: str
    slots: dict[str, Any]
    dispatcher: Dispatcher | None = None
    message_id: str = ""
    problem_before: Problem | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    read_already: dict[str, object] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, services: Services, tracker: Tracker, dispatcher: Dispatcher | None = None) -> "Desk":
        return cls(
            services,
            Said.of(tracker),
            "zh" if tracker.get_slot("language") == "zh" else "en",
            tracker.active_loop_name or "",
            tracker.get_slot("requested_slot"),
            tracker.sender_id,
            dict(tracker.slots),
            dispatcher,
            message_id(tracker),
        )

    @property
    def shop(self) -> Shop:
        return self.services.shop

    def get(self, slot: str) -> Any:
        return self.slots.get(slot)

    def text(self, slot: str) -> str | None:
        value = self.slots.get(slot)
        return str(value) if value else None

    def put(self, slot: str, value: Any) -> None:
        """Remember a value; what is as it was is no change."""
        if self.slots.get(slot) != value:
            self.slots[slot] = value
            self.changed[slot] = value

    def acknowledge(self) -> None:
        """The message was understood though it changes nothing: ask on, and do not say that it was not."""
        before = self.problem_before
        times = before.times + 1 if before and before.code == "noted" else 1
        self.put("problem", Problem("noted", {}, is_final=False, times=times, is_told=True).to_slot())

    def has_news(self, *but: str) -> bool:
        """Whether this message changed anything, other than these slots."""
        return bool(self.changed.keys() - set(but))

    def events(self) -> list[Event]:
        return [SlotSet(slot, value) for slot, value in self.changed.items()]

    @property
    def problem(self) -> Problem | None:
        value = self.slots.get("problem")
        return Problem.from_slot(value) if value else None

    def refuse(self, code: str, *, is_final: bool = False, **facts: Any) -> None:
        """Have the next question (or, if final, the form's action) tell what is wrong with what was said.

        The same objection again and again helps nobody: the third time it ends the form.
        """
        before = self.problem_before
        times = before.times + 1 if before and before.code == code else 1
        self.put("problem", Problem(code, facts, is_final or times >= PATIENCE, times).to_slot())

    @property
    def is_over(self) -> bool:
        """After a final problem there is nothing left to ask."""
        return bool(self.problem and self.problem.is_final)

    @property
    def customer_id(self) -> str | None:
        return self.text("customer_id")

    def must_ask_back(self, what: Literal["change_email", "data_export", "delete"]) -> bool:
        """Whether the proof is too weak to do it before the customer has confirmed it at the account's e-mail."""
        return not self.get("is_signed") and what in self.shop.policy.account.needs_signed

    @property
    def customer(self) -> Customer | None:
        """The proven customer."""
        number = self.customer_id
        return self._once(f"customer {number}", lambda: self.shop.customer(number)) if number else None

    @property
    def order(self) -> Order | None:
        """The order spoken of, if it is the proven customer's."""
        number, customer = self.text("order_number"), self.customer_id
        if not number or not customer:
            return None
        return self._once(f"order {number} {customer}", lambda: self.shop.order(number, customer))

    @property
    def orders(self) -> list[Order]:
        """The proven customer's latest orders, newest first."""
        customer = self.customer_id
        return self._once(f"orders {customer}", lambda: self.shop.orders_of(customer, limit=50)) if customer else []

    def _once(self, name: str, read: Callable[[], Read]) -> Read:
        if name not in self.read_already:
            self.read_already[name] = read()
        return cast("Read", self.read_already[name])

    @property
    def heard(self) -> Said:
        """This message and those before it that came too early to be read (the slot `unread`)."""
        return self._once("heard", lambda: self.said.after(self.slots.get("unread") or ()))

    def choices(self, kind: str) -> list[Choice]:
        return read_choices(self.slots.get("choices"), kind)

    def offer(self, choices: list[Choice]) -> None:
        self.put("choices", [choice.to_slot() for choice in choices])

    def say(self, response: str, buttons: list[dict[str, Any]] | None = None, /, **facts: Any) -> None:
        if self.dispatcher is not None:
            self.dispatcher.utter_message(response=response, buttons=buttons, **facts)

    @property
    def actor(self) -> str:
        return f"customer:{self.customer_id}" if self.customer_id else f"customer:unidentified:{self.sender}"
