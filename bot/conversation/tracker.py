"""A conversation's state: its events folded. Only the last events are held: a turn never costs more with age."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any, Self

from bot.conversation.events import SIGNED, Event, EventError

RECENT_EVENTS = 60
"""How many events a tracker keeps in hand (some eight turns). The whole history is in the event table."""
RECENT_MESSAGES = 30
"""How many messages it keeps, however many events stood between them: what a person who takes over has to read."""
SPOKEN = ("user", "bot", "agent")


class Tracker:
    """`initial_slots` are the domain's slots with their initial values; a restart or a new session returns to them."""

    def __init__(self, conversation_id: str, initial_slots: Mapping[str, Any]) -> None:
        self.conversation_id = conversation_id
        self.initial_slots = initial_slots
        self.slots: dict[str, Any] = dict(initial_slots)
        self.signed_slots: dict[str, Any] = {}
        """Slots vouched for from outside: a new session keeps them, a restart does not."""
        self.active_loop: str | None = None
        self.latest_message: dict[str, Any] = {}
        self.latest_action_name: str | None = None
        self.followup_action: str | None = None
        self.latest_input_channel: str | None = None
        self.paused = False
        self.with_person: str | None = None
        """Who has taken the conversation over; None while it waits, or the bot has it."""
        self.reopens_until: float | None = None
        """Until when a message goes to people again, after one of them resolved the conversation."""
        self.turn_number = 0
        self.session_turn_number = 0
        """Turns since the session began; 0 before its first message."""
        self.has_session = False
        self.last_active_at: float | None = None
        """When somebody last said or did something, in epoch seconds; a slot set from outside does not count."""
        self.events: deque[Event] = deque(maxlen=RECENT_EVENTS)
        self.messages: deque[Event] = deque(maxlen=RECENT_MESSAGES)
        """The latest messages of all sides as events of their own: who, when, the text and its sentiment, no more."""

    def slot(self, name: str) -> Any:
        return self.slots.get(name)

    @property
    def waits_for_person(self) -> bool:
        """A person is called and nobody has come yet."""
        return self.paused and self.with_person is None

    def apply(self, event: Event) -> None:
        """Fold one event in. Raises EventError when no tracker can take it."""
        fold = _FOLDS.get(event["event"])
        if fold is None:
            raise EventError(f"unknown event '{event['event']}'; a tracker knows {', '.join(sorted(_FOLDS))}")
        self.events.append(event)
        if _is_message(event):
            self.messages.append(_message(event))
        fold(self, event)

    def apply_all(self, events: Iterable[Event]) -> None:
        for event in events:
            self.apply(event)

    def state(self) -> dict[str, Any]:
        """The tracker as rasa-sdk expects it in an action call. The containers are the caller's to change.

        Its events begin with the messages that are older than the events in hand.
        """
        return {
            "sender_id": self.conversation_id,
            "slots": {name: _own(value) for name, value in self.slots.items()},
            "latest_message": self.latest_message,
            "latest_event_time": self.events[-1].get("timestamp") if self.events else None,
            "followup_action": self.followup_action,
            "paused": self.paused,
            "events": [*self._earlier_messages(), *self.events],
            "latest_input_channel": self.latest_input_channel,
            "active_loop": {"name": self.active_loop} if self.active_loop else {},
            "active_form": {},
            "latest_action_name": self.latest_action_name,
            "latest_action": {"action_name": self.latest_action_name},
            "stack": [],
        }

    def snapshot(self) -> dict[str, Any]:
        """All that `from_snapshot` needs, JSON-able; slots at their initial value are left out."""
        return {
            "slots": {name: value for name, value in self.slots.items() if value != self.initial_slots.get(name)},
            **{name: getattr(self, name) for name in _SNAPSHOT_FIELDS},
            "messages": list(self.messages),
            "events": list(self.events),
        }

    @classmethod
    def from_snapshot(cls, conversation_id: str, snapshot: Mapping[str, Any], initial_slots: Mapping[str, Any]) -> Self:
        """The tracker that wrote `snapshot`; what domain or tracker gained since then starts as in a new one."""
        tracker = cls(conversation_id, initial_slots)
        tracker.slots.update(snapshot["slots"])
        for name in _SNAPSHOT_FIELDS:
            if name in snapshot:
                setattr(tracker, name, snapshot[name])
        tracker.messages.extend(snapshot.get("messages") or ())
        tracker.events.extend(snapshot["events"])
        return tracker

    def _earlier_messages(self) -> list[Event]:
        in_hand = sum(map(_is_message, self.events))
        return list(self.messages)[: max(len(self.messages) - in_hand, 0)]

    def _start_afresh(self) -> None:
        self.slots = dict(self.initial_slots)
        self.active_loop = None
        self.latest_message = {}
        self.latest_action_name = None
        self.followup_action = None
        self.session_turn_number = 0


def _is_message(event: Event) -> bool:
    return event["event"] in SPOKEN and bool(event.get("text"))


def _message(event: Event) -> Event:
    kept = {"event": event["event"], "text": event["text"], "timestamp": event.get("timestamp")}
    sentiment = (event.get("parse_data") or {}).get("sentiment")
    return {**kept, "parse_data": {"sentiment": sentiment}} if sentiment else kept


def _own(value: Any) -> Any:
    """A copy of a slot's container: an action that changes it in place must not change the tracker."""
    return deepcopy(value) if isinstance(value, list | dict) else value


_SNAPSHOT_FIELDS = (
    "signed_slots",
    "active_loop",
    "latest_message",
    "latest_action_name",
    "followup_action",
    "latest_input_channel",
    "paused",
    "with_person",
    "reopens_until",
    "turn_number",
    "session_turn_number",
    "has_session",
    "last_active_at",
)


def _user(tracker: Tracker, event: Event) -> None:
    tracker.turn_number += 1
    tracker.session_turn_number += 1
    tracker.latest_input_channel = event.get("input_channel") or tracker.latest_input_channel
    tracker.latest_message = {
        **(event.get("parse_data") or {}),
        "text": event.get("text"),
        "message_id": event.get("message_id"),
        "metadata": event.get("metadata") or {},
    }
    _seen(tracker, event)


def _request(tracker: Tracker, event: Event) -> None:
    whole = tracker.latest_message
    tracker.latest_message = {
        **event["parse_data"],
        "text": event["text"],
        "message_id": whole.get("message_id"),
        "metadata": whole.get("metadata", {}),
    }


def _seen(tracker: Tracker, event: Event) -> None:
    tracker.last_active_at = event.get("timestamp") or tracker.last_active_at


def _action(tracker: Tracker, event: Event) -> None:
    tracker.latest_action_name = event["name"]
    if tracker.followup_action == event["name"]:
        tracker.followup_action = None
    _seen(tracker, event)


def _slot(tracker: Tracker, event: Event) -> None:
    tracker.slots[event["name"]] = event.get("value")
    if (event.get("metadata") or {}).get("source") == SIGNED:
        tracker.signed_slots[event["name"]] = event.get("value")


def _active_loop(tracker: Tracker, event: Event) -> None:
    tracker.active_loop = event.get("name")


def _session_started(tracker: Tracker, _event: Event) -> None:
    tracker._start_afresh()
    tracker.slots.update(tracker.signed_slots)
    tracker.has_session = True


def _restart(tracker: Tracker, _event: Event) -> None:
    tracker._start_afresh()
    tracker.messages.clear()
    tracker.signed_slots = {}
    tracker.paused = False
    tracker.with_person = tracker.reopens_until = None


def _reset_slots(tracker: Tracker, _event: Event) -> None:
    tracker.slots = dict(tracker.initial_slots)


def _pause(tracker: Tracker, event: Event) -> None:
    tracker.paused = True
    tracker.with_person = event.get("by")


def _resume(tracker: Tracker, event: Event) -> None:
    tracker.paused = False
    tracker.with_person = None
    tracker.reopens_until = event.get("reopens_until")


def _followup(tracker: Tracker, event: Event) -> None:
    tracker.followup_action = event.get("name")


_FOLDS: dict[str, Callable[[Tracker, Event], None]] = {
    "user": _user,
    "request": _request,
    "bot": _seen,
    "agent": _seen,
    "action": _action,
    "action_execution_rejected": _seen,
    "slot": _slot,
    "active_loop": _active_loop,
    "session_started": _session_started,
    "restart": _restart,
    "reset_slots": _reset_slots,
    "pause": _pause,
    "resume": _resume,
    "followup": _followup,
}
