"""How content customers say they were: one question at the end of a stretch, its answer and a word beside it.

A rating belongs to a conversation, and to the handoff whose person is rated; without one the bot is. `turn` is the turn
that the customer's side had come to when it last was our turn to listen: the next message is the answer, or none.
"""

from dataclasses import dataclass

from sqlalchemy import Column, Connection, Float, ForeignKey, Index, Integer, Table, Text

from bot.conversation.schema import RowId, metadata
from bot.conversation.sql import Statement

ratings = Table(
    "ratings",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("handoff_id", RowId),
    Column("turn", Integer, nullable=False),
    Column("asked_at", Float, nullable=False),
    Column("score", Integer),
    Column("scored_at", Float),
    Column("comment", Text),
)
Index("ix_ratings_conversation_id", ratings.c.conversation_id, ratings.c.id)
Index("ix_ratings_asked_at", ratings.c.asked_at)

_ASK = Statement(
    "INSERT INTO ratings (conversation_id, handoff_id, turn, asked_at)"
    " VALUES (:conversation_id, :handoff_id, :turn, :now)"
)
_LATEST = Statement(
    "SELECT id, handoff_id, turn, asked_at, score, comment FROM ratings"
    " WHERE conversation_id = :conversation_id ORDER BY id DESC LIMIT 1"
)
_SCORE = Statement("UPDATE ratings SET score = :score, scored_at = :now, turn = :turn WHERE id = :id")
_COMMENT = Statement("UPDATE ratings SET comment = :comment WHERE id = :id")


@dataclass(frozen=True)
class Rating:
    """`score` from 1 (bad) to 5 (great); None while the question is open."""

    id: int
    handoff_id: int | None
    turn: int
    asked_at: float
    score: int | None
    comment: str | None


def ask(connection: Connection, conversation_id: str, handoff_id: int | None, turn: int, now: float) -> None:
    """Note that the question goes out; the caller says it, and commits both."""
    asked = {"conversation_id": conversation_id, "handoff_id": handoff_id, "turn": turn, "now": now}
    _ASK.all(connection, asked)


def latest(connection: Connection, conversation_id: str) -> Rating | None:
    row = _LATEST.first(connection, {"conversation_id": conversation_id})
    return Rating(*row) if row else None


def keep_score(connection: Connection, rating_id: int, score: int, turn: int, now: float) -> None:
    """The answer, or another one that puts it right; `turn` is the one that the answer came in."""
    _SCORE.all(connection, {"id": rating_id, "score": score, "turn": turn, "now": now})


def keep_comment(connection: Connection, rating_id: int, comment: str) -> None:
    _COMMENT.all(connection, {"id": rating_id, "comment": comment})
