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
    " conversations.customer_id FROM turns JOIN conversations ON conversations.id = turns.conversation_id"
    " WHERE turns.created_at >= :since AND turns.decision IS NOT NULL ORDER BY turns.id DESC LIMIT :limit"
)


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


def stored_messages(database: Database, since: float, limit: int) -> Iterator[StoredMessage]:
    """Of the turns since then (epoch seconds), the latest first; a test's `/intent` is no message."""
    with database.read() as connection:
        rows = connection.execute(_TURNS, {"since": since, "limit": limit}).all()
    for conversation_id, turn, events, decision, at, customer_id in rows:
        said = next((event for event in orjson.loads(events) if event["event"] == "user"), None)
        if said and said.get("text") and not understood(said["text"]):
            yield StoredMessage(conversation_id, turn, said["text"], orjson.loads(decision), at, customer_id)
