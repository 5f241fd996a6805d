"""A customer talking to the assembled bot, as a channel would let them."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from bot.assembly import Kefu
from bot.console.conversations import Conversations, check_events
from bot.conversation import tracker_store
from bot.conversation.tracker import Tracker
from bot.messages import BotMessage, UserMessage


@dataclass
class Conversation:
    """One customer's conversation with Kefu. `signed_in_as` is the customer that the shop's site vouches for."""

    kefu: Kefu
    signed_in_as: str | None = None
    sender_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def conversation_id(self) -> str:
        return f"rest:{self.sender_id}"

    async def say(self, text: str, message_id: str | None = None) -> str:
        """The answer as the customer reads it: each message on its own line, buttons in [brackets]."""
        metadata = {"signed_as": self.signed_in_as} if self.signed_in_as else {}
        message = UserMessage("rest", self.sender_id, text, message_id or uuid.uuid4().hex, metadata=metadata)
        lines = await self.kefu.turns.receive(message)
        return "\n".join(filter(None, (_as_read(line.message) for line in lines)))

    async def hand_back(self) -> None:
        """What the operators' API does when a person is done."""
        work = Conversations(self.kefu.turns)
        resume = check_events({"event": "resume"})
        await self.kefu.turns.change(self.conversation_id, lambda unit: work.append(unit, self.conversation_id, resume))

    def slots(self) -> dict[str, Any]:
        return self._tracker().slots

    def form(self) -> str | None:
        return self._tracker().active_loop

    def owner(self) -> str:
        with self.kefu.database.read() as connection:
            head = tracker_store.head(connection, self.conversation_id)
        assert head is not None, "nothing has been said yet"
        return head.owner

    def intents(self) -> list[str]:
        """What each message was taken for; for reading a failure."""
        with self.kefu.database.read() as connection:
            events = tracker_store.events(connection, self.conversation_id)
        return [event["parse_data"]["intent"]["name"] for event in events if event["event"] == "user"]

    def _tracker(self) -> Tracker:
        with self.kefu.database.read() as connection:
            return self.kefu.turns.trackers.read(connection, self.conversation_id)


def _as_read(message: BotMessage) -> str:
    buttons = " ".join(f"[{button.title}]" for button in message.buttons)
    return " ".join(filter(None, (message.text, buttons)))
