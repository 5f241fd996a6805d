"""The end of a human stretch, as the conversation remembers it.

An explicit marker, and what the bot need not ask again.
"""

import re

from bot.conversation.events import Event, resumed, slot_set
from bot.conversation.tracker import Tracker
from bot.handoff.rows import Handoff

ORDER = "order_number"
RECENT_ORDER = "recent_order"
"""The slot of the default assistant for the order that was last spoken of."""
MOODS = "recent_sentiment"
FAILED = "failed_turns"
OFFERED = "is_call_back_offered"
ORDER_NUMBER = re.compile(r"#[A-Z]\d{4,12}\b")


def stretch_ended(
    tracker: Tracker, handoff: Handoff, agent: str, note: str, now: float, reopens_until: float | None = None
) -> list[Event]:
    """The bot is back. It knows who was there, what they noted, and the order that was spoken of meanwhile.

    What made it call a person is over with that: old anger and old misunderstandings call nobody again.
    """
    marker: Event = {**resumed(now), "by": agent, "note": note, "handoff": handoff.id}
    if reopens_until is not None:
        marker["reopens_until"] = reopens_until
    forgotten = [(MOODS, []), (FAILED, 0), ("handoff_reason", None), ("is_person_offered", False)]
    order = _order_spoken_of(tracker, handoff.requested_at)
    spoken_of = [RECENT_ORDER] if tracker.slot("customer_id") else [RECENT_ORDER, ORDER]  # the latter is half a proof
    known = [*forgotten, *((slot, order) for slot in spoken_of if order)]
    return [marker, *(slot_set(name, value, now) for name, value in known if name in tracker.initial_slots)]


def _order_spoken_of(tracker: Tracker, since: float) -> str | None:
    """The last order number that either side named while people had the conversation."""
    for event in reversed(tracker.events):
        if (event.get("timestamp") or 0) < since:
            return None
        if event["event"] == "user":
            found = [
                each for each in (event.get("parse_data") or {}).get("entities", ()) if each.get("entity") == ORDER
            ]
            if found:
                return str(found[-1]["value"])
        elif event["event"] == "agent" and (named := ORDER_NUMBER.findall(event.get("text") or "")):
            return str(named[-1])
    return None
