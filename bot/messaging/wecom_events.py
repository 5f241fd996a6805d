"""What WeCom's customer service tells beside messages, among them in kf/sync_msg."""

from collections.abc import Mapping
from typing import Any, Literal

from bot.messaging.channel import Handover, Receipt

FAILED = {
    1: "the customer-service account was deleted",
    2: "the app was switched off",
    4: "window closed: 48 hours since the customer last wrote",
    5: "the session is over",
    6: "window closed: five messages since the customer last wrote",
    10: "the customer refuses messages",
}
CHANGES: Mapping[int, Literal["agent", "resolved"]] = {1: "agent", 2: "agent", 3: "resolved", 4: "agent"}
"""How a session changed: a person took it, from the queue, from another, or again; 3: it was ended."""


def receipt_of(message: Mapping[str, Any]) -> Receipt | None:
    """What could not be shown."""
    if event_of(message) != "msg_send_fail":
        return None
    event = message["event"]
    why = FAILED.get(event.get("fail_type"), f"WeCom could not show it (fail_type {event.get('fail_type')})")
    return Receipt(event["fail_msgid"], "failed", why)


def handover_of(message: Mapping[str, Any]) -> Handover | None:
    """A person in WeCom took a session, or it ended."""
    event = message.get("event", {})
    to = CHANGES.get(event.get("change_type")) if event_of(message) == "session_status_change" else None
    if to is None:
        return None
    customer, key = (
        event["external_userid"],
        message.get("msgid") or f"{event['external_userid']}:{message['send_time']}",
    )
    return Handover(customer, to, str(event.get("new_servicer_userid", "")), key=f"{key}:{event['change_type']}")


def code_of(message: Mapping[str, Any]) -> str | None:
    """With which a customer who opens the chat can be greeted."""
    return message["event"].get("welcome_code") if event_of(message) == "enter_session" else None


def event_of(message: Mapping[str, Any]) -> str:
    return str(message["event"]["event_type"]) if message["msgtype"] == "event" else ""
