"""A tracker as actions see it, for reusing what they say about a conversation (its summary, its moods)."""

from dataclasses import dataclass
from typing import Any

from bot.conversation.tracker import Tracker


@dataclass
class Seen:
    """The part of rasa_sdk's Tracker that actions read."""

    sender_id: str
    slots: dict[str, Any]
    latest_message: dict[str, Any]
    events: list[dict[str, Any]]
    active_loop_name: str | None = None

    def get_slot(self, key: str) -> Any:
        return self.slots.get(key)

    @classmethod
    def of(cls, tracker: Tracker) -> "Seen":
        state = tracker.state()
        return cls(state["sender_id"], state["slots"], state["latest_message"], state["events"], tracker.active_loop)
