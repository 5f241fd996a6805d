"""What the widget's connections read: the stream, who has the conversation, who types; and what they note of typing."""

import time
from typing import Any

from bot.conversation import attention, outbox, tracker_store
from bot.conversation.outbox import Line
from bot.conversation.tracker_store import Head
from bot.database import Database
from bot.handoff import agents, queue


class Streams:
    """Blocking. A connection asks it for news of its conversation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def head(self, conversation_id: str) -> Head | None:
        with self._database.read() as connection:
            return tracker_store.head(connection, conversation_id)

    def lines(self, conversation_id: str, after: int) -> list[Line]:
        with self._database.read() as connection:
            return outbox.stream(connection, conversation_id, after)

    def last_sent(self, conversation_id: str) -> int:
        """The number up to which a client that was away has been sent everything."""
        with self._database.read() as connection:
            unsent = outbox.missed(connection, conversation_id, [], time.time())
            head = tracker_store.head(connection, conversation_id)
        return unsent[0].seq - 1 if unsent else head.last_seq if head else 0

    def note_typing(self, conversation_id: str, is_typing: bool) -> None:
        with self._database.writing() as connection:
            attention.write(connection, conversation_id, attention.CUSTOMER, is_typing, time.time())
            connection.commit()

    def typists(self, conversation_id: str) -> list[str]:
        now = time.time()
        with self._database.read() as connection:
            here = attention.attention(connection, conversation_id, now)
        return [one.name for one in here if one.name and one.is_typing(now)]

    def standing(self, conversation_id: str) -> dict[str, Any]:
        with self._database.read() as connection:
            handoff = queue.one(connection, conversation_id)
            agent = agents.find(connection, handoff.agent_id) if handoff and handoff.agent_id else None
            position = queue.position(connection, conversation_id)
        return {"agent": {"name": agent.name} if agent else None, "position": position}
