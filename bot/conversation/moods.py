"""How a customer felt in their conversations, from the decision records."""

from dataclasses import dataclass

import orjson
from sqlalchemy import Connection

from bot.conversation.sql import Statement

_MOODS = Statement(
    "SELECT turns.conversation_id, turns.turn, turns.created_at, turns.decision FROM turns"
    " JOIN conversations ON conversations.id = turns.conversation_id"
    " WHERE conversations.customer_id = :customer_id AND turns.decision IS NOT NULL ORDER BY turns.id DESC LIMIT :most"
)


@dataclass(frozen=True)
class Mood:
    """`at` in seconds since 1970, `score` from -1 (angry) to 1."""

    conversation_id: str
    turn: int
    at: float
    label: str
    score: float


def moods_of(connection: Connection, customer_id: str, most: int = 20) -> list[Mood]:
    """The latest messages of the customer's conversations, oldest first."""
    rows = _MOODS.all(connection, {"customer_id": customer_id, "most": most})
    return [_mood(*row) for row in reversed(rows)]


def _mood(conversation_id: str, turn: int, at: float, decision: str) -> Mood:
    record = orjson.loads(decision)
    return Mood(conversation_id, turn, at, record["sentiment_label"], record["sentiment_score"])
