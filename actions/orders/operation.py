"""An operation of the shop as a conversation carries it out: previewed, confirmed, written once, told.

The form's last step previews it (`preview`), the action writes it (`run`); both put it in the same words.
"""

from abc import abstractmethod
from typing import ClassVar

from actions import wording
from actions.base import Dispatcher, Domain, Event, FollowupAction, KefuAction, SlotSet, Tracker, services
from actions.desk import Desk
from actions.handoff.offer import offered
from actions.orders.refusals import refusal_response
from actions.orders.steps.payment import method_name
from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.types import Receipt

FORGOTTEN = (
    "order_number", "items", "changes", "payment_method", "cancel_reason", "address", "confirmed", "problem", "unread",
    "description", "invoice", "more_orders", "quantities",
)  # fmt: skip
"""What a form gathered and the next one must not find."""
CARRIED = ("cancel_reason", "address")
OFFERS_PERSON = frozenset(
    {
        "not_found",
        "already_modified",
        "return_window_over",
        "exchange_window_over",
        "several_payments",
        "not_allowed_by_policy",
    }
)
"""Problems whose sentence ends with the offer of a colleague."""
PROPOSES = {
    "none_to_change": ["return_item", "exchange_item"],
    "order_arrived": ["return_item", "exchange_item"],
    "order_not_left": ["cancel_order", "change_order_items"],
    "no_variant_to_exchange": ["return_item"],
}
"""Problems whose sentence ends with another way, and the intents that go it."""


class Operation(KefuAction):
    """`utter_confirm_<name>` previews it, `utter_done_<name>` is its receipt; both get the same `facts`."""

    @abstractmethod
    def operate(self, desk: Desk, *, key: str, dry_run: bool = False) -> Receipt:
        """Call the shop with what the form gathered. Raises Refused."""

    @abstractmethod
    def facts(self, desk: Desk, receipt: Receipt) -> dict[str, str]:
        """What the confirmation and the receipt say."""

    refused_early: ClassVar[frozenset[RefusalCode]] = frozenset()
    """What the shop can object to before the form has everything: better said at once than after three questions."""

    @property
    def topic(self) -> str:
        return self.name().removeprefix("action_")

    def preview(self, desk: Desk) -> Receipt:
        return self.operate(desk, key="", dry_run=True)

    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        with services() as opened:
            desk = Desk.open(opened, tracker, dispatcher)
            order = desk.order  # read before the write, so that the receipt can say what was and what is
            recent = order.order_number if order else desk.text("order_number")
            if way := self._other_way(desk):
                return [*forget(desk, recent), *way]
            key = self.key(tracker, recent or "")
            receipt = self._finish(desk, key)
            after = [*helped(), *self.after(desk, receipt, key)] if receipt else []
        further = self._next_order(desk) if receipt else []
        return [*forget(desk, recent), *proposed(desk), *after, *further]

    def after(self, desk: Desk, receipt: Receipt, key: str) -> list[Event]:
        """What follows from its being done."""
        return []

    def instead(self, desk: Desk) -> str | None:
        """The topic that can do, in the order's present state, what this one cannot."""
        return None

    def _other_way(self, desk: Desk) -> list[Event]:
        """Go on with that topic, and with everything that was said."""
        topic = self.instead(desk) if desk.is_over and desk.order else None
        if topic is None:
            return []
        desk.say(f"utter_instead_{topic}", order_number=desk.text("order_number"))
        words = [text for text in desk.get("unread") or [] if text != desk.said.text]
        carried = [SlotSet("order_number", desk.text("order_number")), SlotSet("unread", words or None)]
        return [*carried, FollowupAction(f"{topic}_form")]

    def _next_order(self, desk: Desk) -> list[Event]:
        """The same again for the next order of the request, with the reason or the address that was given."""
        more: list[str] = desk.get("more_orders") or []
        if not more:
            return []
        kept = [SlotSet(slot, desk.get(slot)) for slot in CARRIED]
        following = [SlotSet("order_number", more[0]), SlotSet("more_orders", more[1:] or None)]
        return [*kept, *following, FollowupAction(f"{self.topic}_form")]

    def _finish(self, desk: Desk, key: str) -> Receipt | None:
        """None where nothing was done."""
        if told_problem(desk):
            return None
        if desk.get("confirmed") is True:
            return self._write(desk, key)
        desk.say("utter_nothing_changed")
        return None

    def _write(self, desk: Desk, key: str) -> Receipt | None:
        try:
            receipt = self.operate(desk, key=key)
        except Refused as refusal:
            code, facts = refusal_response(refusal, desk)
            desk.say(f"utter_problem_{code}", **facts)
            return None
        desk.say(f"utter_done_{self.topic}", **self.facts(desk, receipt))
        return receipt


class Lookup(KefuAction):
    """The action of a form that only reads."""

    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        with services() as opened:
            desk = Desk.open(opened, tracker, dispatcher)
            is_told = not told_problem(desk)
            if is_told:
                self.tell(desk)
            kept = [*self.events(desk), *(helped() if is_told else [])]
        return [*forget(desk, desk.text("order_number")), *proposed(desk), *kept]

    @abstractmethod
    def tell(self, desk: Desk) -> None:
        """Say what was asked for."""

    def events(self, desk: Desk) -> list[Event]:
        """What to remember beside the order, for instance what was listed."""
        return []


def helped() -> list[Event]:
    """So that thanks and goodbye are known to come after something that was done."""
    return [SlotSet("was_helped", True)]


def told_problem(desk: Desk) -> bool:
    """Say why the form could not be completed, if it could not; where only a person can help, offer one."""
    problem = desk.problem
    if problem is None or not problem.is_final:
        return False
    desk.say(f"utter_problem_{problem.code}", **problem.facts)
    if problem.goes_in_circles and problem.code not in OFFERS_PERSON:
        desk.say("utter_offer_human")
    return True


def proposed(desk: Desk) -> list[Event]:
    """A "yes" to what the problem's sentence offered, a colleague or another way, takes it up."""
    problem = desk.problem
    if problem is None or not problem.is_final:
        return []
    if problem.code in OFFERS_PERSON:
        return offered("policy")
    if problem.goes_in_circles:
        return offered("repeated_failure")
    ways = PROPOSES.get(problem.code)
    return [SlotSet("clarify_intents", ways), SlotSet("clarify_request", None)] if ways else []


def forget(desk: Desk, recent_order: str | None) -> list[Event]:
    """A finished form leaves nothing behind but what it was about."""
    events: list[Event] = [SlotSet(slot, None) for slot in FORGOTTEN]
    lines = desk.get("items") or [change["line_id"] for change in desk.get("changes") or []]
    recent = [SlotSet("recent_order", recent_order)] if recent_order else []
    return [*events, SlotSet("choices", []), SlotSet("recent_items", lines or None), *recent]


def money_told(desk: Desk, receipt: Receipt) -> str:
    """Every move of money, or that there is none."""
    currency = desk.shop.policy.currency
    moves = [
        wording.move(move, method_name(desk, move.payment_method_id), currency, desk.language) for move in receipt.money
    ]
    return wording.pick(("; ", "；"), desk.language).join(moves) or wording.pick(
        ("nothing to pay or refund", "无需补差价或退款"), desk.language
    )
