"""What customers wrote in the last days, with the decision that followed: read from the stored turns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import text

from bot.database import Database
from bot.shortcut import understood

_TURNS = text(
    "SELECT turns.conversation_id, turns.turn, turns.events, turns.decision, turns.created_at,"
    " conversations.customer_id, turns.id FROM turns JOIN conversations ON conversations.id = turns.conversation_id"
    " WHERE turns.created_at >= :since AND turns.decision IS NOT NULL AND turns.id < :before"
    " ORDER BY turns.id DESC LIMIT :page"
)
_PAGE = 1_000
"""Turns that are held in memory at a time."""
_NONE_YET = 2**63 - 1


@dataclass(frozen=True)
class StoredMessage:
    """A message as it stands in the database: it holds what the customer wrote."""

    conversation_id: str
    turn: int
    text: str
    decision: Mapping[str, Any]
    """`Decision.to_json()`"""
    at: float
    customer_id: str | None


def stored_messages(database: Database, since: float, limit: int | None = None) -> Iterator[StoredMessage]:
    """Of the turns since then (epoch seconds), the latest first and `limit` of them at most; a test's `/intent` is no
    message."""
    before, left = _NONE_YET, limit
    while left is None or left > 0:
        page = _PAGE if left is None else min(_PAGE, left)
        with database.read() as connection:
            rows = connection.execute(_TURNS, {"since": since, "before": before, "page": page}).all()
        for conversation_id, turn, events, decision, at, customer_id, _ in rows:
            said = next((event for event in orjson.loads(events) if event["event"] == "user"), None)
            if said and said.get("text") and not understood(said["text"]):
                yield StoredMessage(conversation_id, turn, said["text"], orjson.loads(decision), at, customer_id)
        if len(rows) < page:
            return
        before, left = rows[-1][-1], left and left - page
