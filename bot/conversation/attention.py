"""Who looks at a conversation just now, and who is typing in it: the customer, or agents by their id.

It lapses by itself: whoever is gone says nothing. The rows are for the other processes; they hold no words.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.conversation.sql import Statement

CUSTOMER = "customer"
WAKE = "attention:"
"""Begins the wake-up (live.py) of a conversation's attention; its own id would wake all who wait for words."""
TYPING_SECONDS = 6.0
"""Longer than the time after which a client that still types says so again."""
LOOKING_SECONDS = 60.0

_LOOK = Statement(
    "INSERT INTO attention (conversation_id, who, looking_until, typing_until)"
    " SELECT c.id, :who, :looking, 0 FROM conversations c WHERE c.id = :conversation_id"
    " ON CONFLICT (conversation_id, who) DO UPDATE SET looking_until = :looking"
)
_TYPE = Statement(
    "INSERT INTO attention (conversation_id, who, looking_until, typing_until)"
    " SELECT c.id, :who, 0, :typing FROM conversations c WHERE c.id = :conversation_id"
    " ON CONFLICT (conversation_id, who) DO UPDATE SET typing_until = :typing"
)
_LEAVE = Statement("DELETE FROM attention WHERE conversation_id = :conversation_id AND who = :who")
_NOW = Statement(
    "SELECT t.who, a.name, t.looking_until, t.typing_until FROM attention t LEFT JOIN agents a ON a.id = t.who"
    " WHERE t.conversation_id = :conversation_id AND (t.looking_until > :now OR t.typing_until > :now) ORDER BY t.who"
)
_FORGET = Statement("DELETE FROM attention WHERE looking_until < :before AND typing_until < :before")


@dataclass(frozen=True)
class Attention:
    """`name` is the agent's; None for the customer. Instants in seconds since 1970."""

    who: str
    name: str | None
    looking_until: float
    typing_until: float

    def is_typing(self, now: float) -> bool:
        return self.typing_until > now


def look(connection: Connection, conversation_id: str, who: str, now: float) -> None:
    """Somebody looks at it, for the next minute. The caller commits, here and below."""
    _LOOK.all(connection, {"conversation_id": conversation_id, "who": who, "looking": now + LOOKING_SECONDS})


def write(connection: Connection, conversation_id: str, who: str, is_typing: bool, now: float) -> None:
    """Somebody types, for the next seconds; or has stopped."""
    until = now + TYPING_SECONDS if is_typing else 0.0
    _TYPE.all(connection, {"conversation_id": conversation_id, "who": who, "typing": until})


def leave(connection: Connection, conversation_id: str, who: str) -> None:
    _LEAVE.all(connection, {"conversation_id": conversation_id, "who": who})


def attention(connection: Connection, conversation_id: str, now: float) -> list[Attention]:
    return [Attention(*row) for row in _NOW.all(connection, {"conversation_id": conversation_id, "now": now})]


def forget(connection: Connection, now: float) -> None:
    """Drop what has lapsed long ago."""
    _FORGET.all(connection, {"before": now - 3600})
