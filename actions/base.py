"""The second door to rasa_sdk: what every action is made of.

An action is a rasa-sdk action, one a file, named after its file: `actions/orders/cancel_order.py` holds
`action_cancel_order`, `actions/orders/cancel_order_form.py` holds `validate_cancel_order_form`. It reads facts through
`services()`, speaks through `say`, and returns rasa-sdk events:

    class CancelOrder(KefuAction):
        def run(self, dispatcher, tracker, domain):
            with services() as here:
                receipt = here.shop.cancel_order(number, reason, key=self.key(tracker), actor=self.actor(tracker))
            self.say(dispatcher, "utter_order_cancelled", **receipt.facts)
            return [SlotSet("order_number", None)]

Inside Kefu the runner binds the turn's own unit of work with `bound`; under a stock rasa-sdk server
(`python -m rasa_sdk --actions actions`) nothing is bound, and `services()` is a transaction of its own on
KEFU_DATABASE_URL, committed when the `with` block ends well.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from rasa_sdk import Action
from rasa_sdk.events import ActionExecuted, ConversationPaused, FollowupAction, SlotSet

if TYPE_CHECKING:
    from knowledge.articles.index import ArticleIndex
    from knowledge.profiles.advising import Advisor
    from knowledge.profiles.reading import Profiles
    from knowledge.recommendation.recommender import Recommender
    from knowledge.shop.shop import Shop

__all__ = [
    "ActionExecuted",
    "ConversationPaused",
    "Dispatcher",
    "Domain",
    "Event",
    "FollowupAction",
    "KefuAction",
    "Language",
    "Services",
    "SlotSet",
    "Standing",
    "Tracker",
    "bound",
    "message_id",
    "services",
]

Event: TypeAlias = dict[str, Any]
Domain: TypeAlias = Mapping[str, Any]
Language = Literal["en", "zh"]


class Tracker(Protocol):
    """The part of rasa_sdk's Tracker that actions read."""

    sender_id: str
    slots: dict[str, Any]
    latest_message: dict[str, Any]
    events: list[dict[str, Any]]

    @property
    def active_loop_name(self) -> str | None: ...

    def get_slot(self, key: str) -> Any: ...


class Dispatcher(Protocol):
    """The part of rasa_sdk's CollectingDispatcher that actions speak through."""

    messages: list[dict[str, Any]]

    def utter_message(
        self,
        text: str | None = None,
        image: str | None = None,
        json_message: dict[str, Any] | None = None,
        template: str | None = None,
        response: str | None = None,
        attachment: str | None = None,
        buttons: list[dict[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None: ...


@dataclass(frozen=True)
class Standing:
    """How it stands with a customer who waits for a person: `position` from 1, the wait where it is known.

    `people`: how many are there to answer, whatever the opening hours say.
    """

    position: int
    wait_seconds: float | None
    people: int = 0


class Queue(Protocol):
    """The customers who wait for a person."""

    def standing(self, conversation_id: str) -> Standing | None:
        """Where it stands, or would stand if it asked now; None where nobody keeps a queue."""
        ...


class NoQueue:
    """Of an action server beside Kefu, which does not see the queue."""

    def standing(self, conversation_id: str) -> Standing | None:
        return None


@dataclass(frozen=True)
class Services:
    """What an action reads and writes, in one transaction that is not the action's to commit."""

    shop: "Shop"
    articles: "ArticleIndex"
    recommender: "Recommender"
    profiles: "Profiles"
    advisor: "Advisor"
    queue: Queue = field(default_factory=NoQueue)


ServicesFactory: TypeAlias = Callable[[], AbstractContextManager[Services]]

_factory: ContextVar[ServicesFactory | None] = ContextVar("services", default=None)


@contextmanager
def bound(factory: ServicesFactory) -> Iterator[None]:
    """Within this block (and context) `services()` hands out what `factory` opens. The factory is called lazily."""
    token = _factory.set(factory)
    try:
        yield
    finally:
        _factory.reset(token)


@contextmanager
def services() -> Iterator[Services]:
    """The shop and its neighbours: the turn's unit of work inside Kefu, else a transaction of this block's own."""
    factory = _factory.get()
    if factory is None:
        from actions.standalone import standalone  # opens a database, so only where nobody else did

        factory = standalone
    with factory() as opened:
        yield opened


class KefuAction(Action, ABC):  # type: ignore[misc]  # rasa_sdk is untyped
    """An action named after its file. `run` is plain synchronous Python and may raise: the engine apologises."""

    def name(self) -> str:
        module = type(self).__module__.rpartition(".")[2]
        return f"validate_{module}" if module.endswith("_form") else f"action_{module}"

    @abstractmethod
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        """Decide, speak and return the events that follow."""

    @staticmethod
    def say(dispatcher: Dispatcher, response: str, buttons: list[dict[str, Any]] | None = None, **facts: Any) -> None:
        """Utter a response of the assistant; `facts` fill its `{placeholders}`."""
        dispatcher.utter_message(response=response, buttons=buttons, **facts)

    @staticmethod
    def language(tracker: Tracker) -> Language:
        return "zh" if tracker.get_slot("language") == "zh" else "en"

    @staticmethod
    def customer_id(tracker: Tracker) -> str | None:
        """The customer whose identity is proven in this conversation."""
        value = tracker.get_slot("customer_id")
        return str(value) if value else None

    def actor(self, tracker: Tracker) -> str:
        """Who does it, for the audit. Nobody identified acts for no customer, whatever the sender calls itself."""
        customer = self.customer_id(tracker)
        return f"customer:{customer}" if customer else f"customer:unidentified:{tracker.sender_id}"

    def key(self, tracker: Tracker, part: str = "") -> str:
        """The idempotency key of a write: the same message handled twice makes the same key, and no other one does.

        Sender and message id are whatever the caller chose, so they must not be able to spell out another's.
        """
        whose = json.dumps([tracker.sender_id, message_id(tracker), part])
        return f"{self.name()}:{sha256(whose.encode()).hexdigest()}"


def message_id(tracker: Tracker) -> str:
    """Which message this is: the sender's own name for it, else its place."""
    if found := tracker.latest_message.get("message_id"):
        return str(found)
    users = [event for event in tracker.events if event.get("event") == "user"]
    last = users[-1] if users else {}
    return str(last.get("message_id") or last.get("timestamp") or len(users))
