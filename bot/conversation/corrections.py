"""What agents say that a message meant, and which help article answers it: names beside a turn's number, no words of
the customer's."""

import time
from collections.abc import Mapping

from sqlalchemy import Connection, text

from bot.conversation import tracker_store

_KEEP = text(
    "INSERT INTO corrections (conversation_id, turn, intent, corrected_by, created_at)"
    " VALUES (:id, :turn, :intent, :by, :now) ON CONFLICT (conversation_id, turn)"
    " DO UPDATE SET intent = :intent, corrected_by = :by, created_at = :now"
)
_MENDED = text("UPDATE reviews SET intent = :intent, reason = 'corrected' WHERE conversation_id = :id AND turn = :turn")
_CHOOSE = text(
    "INSERT INTO article_choices (conversation_id, turn, article_id, chosen_by, created_at)"
    " VALUES (:id, :turn, :article, :by, :now) ON CONFLICT (conversation_id, turn)"
    " DO UPDATE SET article_id = :article, chosen_by = :by, created_at = :now"
)
_ANSWERED = text(
    "UPDATE reviews SET article = :article, reason = 'corrected' WHERE conversation_id = :id AND turn = :turn"
)
_CHOSEN = text("SELECT conversation_id, turn, article_id FROM article_choices")
_SINCE = text("SELECT conversation_id, turn, intent FROM corrections WHERE created_at >= :since")


class NoSuchTurn(LookupError):
    """The conversation has no decided turn of that number."""


def correct(connection: Connection, conversation_id: str, turn: int, intent: str, by: str | None = None) -> None:
    """Keep that the message of the turn meant `intent`; the last word counts. The caller commits. Raises NoSuchTurn."""
    _need_turn(connection, conversation_id, turn)
    values = {"id": conversation_id, "turn": turn, "intent": intent}
    connection.execute(_KEEP, {**values, "by": by, "now": time.time()})
    connection.execute(_MENDED, values)


def choose_article(connection: Connection, conversation_id: str, turn: int, article: str, by: str) -> None:
    """Keep that the article answers the message of the turn. The caller commits. Raises NoSuchTurn."""
    _need_turn(connection, conversation_id, turn)
    values = {"id": conversation_id, "turn": turn, "article": article}
    connection.execute(_CHOOSE, {**values, "by": by, "now": time.time()})
    connection.execute(_ANSWERED, values)


def chosen_articles(connection: Connection) -> Mapping[tuple[str, int], str]:
    """The article by (conversation, turn)."""
    return {(row[0], row[1]): row[2] for row in connection.execute(_CHOSEN)}


def corrected(connection: Connection, since: float = 0.0) -> Mapping[tuple[str, int], str]:
    """The intent by (conversation, turn), of the corrections made since then (epoch seconds)."""
    rows = connection.execute(_SINCE, {"since": since}).all()
    return {(conversation_id, turn): intent for conversation_id, turn, intent in rows}


def _need_turn(connection: Connection, conversation_id: str, turn: int) -> None:
    if tracker_store.decision(connection, conversation_id, turn) is None:
        raise NoSuchTurn(f"No decision of turn {turn} in conversation '{conversation_id}' is stored.")
