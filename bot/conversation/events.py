"""What happened in a conversation, in the shape Rasa and rasa-sdk write it: one plain dict an event, JSON all through.

Everything that changes a tracker is one of these. Timestamps are seconds since the epoch (UTC).
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

from bot.messages import BotMessage, UserMessage

Event: TypeAlias = dict[str, Any]

NOT_FOR_THE_RECORD = frozenset({"identity_token", "token"})

KNOWN = frozenset(
    {
        "user",
        "bot",
        "agent",
        "action",
        "slot",
        "active_loop",
        "session_started",
        "pause",
        "resume",
        "restart",
        "followup",
        "reset_slots",
        "action_execution_rejected",
        "request",
    }
)

REFUSED = {
    "rewind": "a sent message cannot be unsaid; set the slots to what they should be instead",
    "undo": "an action that ran cannot be undone; set the slots to what they should be instead",
    "reminder": "Kefu has no reminders; let the action that would be reminded answer now",
    "cancel_reminder": "Kefu has no reminders; leave the event out",
    "form": "it was renamed; return ActiveLoop instead of Form",
    "form_validation": "it was renamed and is not needed; leave the event out",
    "loop_interrupted": "the engine decides when a form is interrupted; leave the event out",
    "session_ended": "a session ends by itself (session_config); return Restarted to start afresh",
    "export": "read the tracker over the API instead",
}


class EventError(ValueError):
    """An event that a tracker cannot take; the message names it and says what to write instead."""


def user_uttered(message: UserMessage, parse_data: Event, at: float) -> Event:
    return {
        "event": "user",
        "timestamp": at,
        "text": message.text,
        "parse_data": parse_data,
        "input_channel": message.channel,
        "message_id": message.message_id,
        "metadata": {key: value for key, value in message.metadata.items() if key not in NOT_FOR_THE_RECORD},
    }


def request_taken_up(text: str, parse_data: Event, at: float) -> Event:
    """One of several requests of a message gets its turn: from here on it is the latest message."""
    return {"event": "request", "timestamp": at, "text": text, "parse_data": parse_data}


def bot_uttered(message: BotMessage, at: float, response: str | None = None, variation: int | None = None) -> Event:
    """`response` and `variation` say which sentence was chosen, so that the next choice can be another."""
    metadata = {} if response is None else {"utter_action": response, "variation": variation}
    data: Event = {}
    if message.buttons:
        data["buttons"] = [{"title": button.title, "payload": button.payload} for button in message.buttons]
    if message.image:
        data["image"] = message.image
    custom = dict(message.custom or {})
    if message.cards:
        custom["cards"] = [card.title for card in message.cards]
    if custom:
        data["custom"] = custom
    return {"event": "bot", "timestamp": at, "text": message.text, "data": data, "metadata": metadata}


def action_executed(name: str, at: float, policy: str | None = None, confidence: float | None = None) -> Event:
    return {"event": "action", "timestamp": at, "name": name, "policy": policy, "confidence": confidence}


def action_rejected(name: str, at: float, reason: str) -> Event:
    return {"event": "action_execution_rejected", "timestamp": at, "name": name, "reason": reason}


SIGNED = "signed"


def slot_set(name: str, value: object, at: float) -> Event:
    return {"event": "slot", "timestamp": at, "name": name, "value": value}


def slot_signed(name: str, value: object, at: float) -> Event:
    """A slot whose value is vouched for from outside (a signed identity); it outlives sessions."""
    return {**slot_set(name, value, at), "metadata": {"source": SIGNED}}


def active_loop(name: str | None, at: float) -> Event:
    return {"event": "active_loop", "timestamp": at, "name": name}


def session_started(at: float) -> Event:
    return {"event": "session_started", "timestamp": at}


def restarted(at: float) -> Event:
    return {"event": "restart", "timestamp": at}


def paused(at: float) -> Event:
    """A person takes over; the bot is silent until `resumed`."""
    return {"event": "pause", "timestamp": at}


def resumed(at: float) -> Event:
    return {"event": "resume", "timestamp": at}


def followup(name: str | None, at: float) -> Event:
    return {"event": "followup", "timestamp": at, "name": name}


def accepted(events: Iterable[object], at: float) -> list[Event]:
    """Events as an action server returned them, checked and with a time.

    Raises EventError for the first one that is unknown, refused or lacks what its kind needs.
    """
    return [_accepted(event, at) for event in events]


def _accepted(event: object, at: float) -> Event:
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        raise EventError(f"not an event: {event!r:.120}; use the functions of rasa_sdk.events")
    kind: str = event["event"]
    if kind in REFUSED:
        raise EventError(f"event '{kind}' is not supported: {REFUSED[kind]}")
    if kind == "user":
        raise EventError("event 'user' is not an action's to return: it would speak for the customer; leave it out")
    if kind not in KNOWN:
        raise EventError(f"unknown event '{kind}'; Kefu knows {', '.join(sorted(KNOWN))}")
    if kind in ("slot", "action", "followup") and not isinstance(event.get("name"), str):
        raise EventError(f"event '{kind}' needs a name: {event!r:.120}")
    return event if event.get("timestamp") is not None else {**event, "timestamp": at}
