"""How far a platform that does not deliver has been read, and which process reads it.

The cursor moves in the transaction that stores what was read, or after it, where what was read twice is known: what is
not stored is read again. One process reads at a time; its claim ends by itself, should it die. A process whose claim
another has taken over cannot store any more.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.conversation.sql import Statement

HELD_SECONDS = 30.0
"""Renewed while a read goes on: so long after a process died another one may begin."""

_HOLD = Statement(
    "INSERT INTO cursors (channel, holder, held_until) VALUES (:channel, :holder, :until)"
    " ON CONFLICT (channel) DO UPDATE SET holder = :holder, held_until = :until"
    " WHERE cursors.held_until IS NULL OR cursors.held_until <= :now OR cursors.holder = :holder"
    " RETURNING cursor"
)
_ADVANCE = Statement(
    "UPDATE cursors SET cursor = :cursor, read_at = :now, held_until = :until"
    " WHERE channel = :channel AND holder = :holder RETURNING channel"
)
_RELEASE = Statement("UPDATE cursors SET held_until = NULL WHERE channel = :channel AND holder = :holder")


class LostHold(Exception):
    """Another process reads this channel now: nothing of what was read may be stored."""


@dataclass(frozen=True)
class Held:
    """This process reads the channel, from `cursor` on; None: the first time."""

    cursor: str | None


def hold(connection: Connection, channel: str, holder: str, now: float) -> Held | None:
    """Claim the channel; the caller commits. None: another process has it."""
    wanted = {"channel": channel, "holder": holder, "now": now, "until": now + HELD_SECONDS}
    row = _HOLD.first(connection, wanted)
    return Held(row[0]) if row else None


def advance(connection: Connection, channel: str, holder: str, cursor: str | None, now: float) -> None:
    """Move the cursor, in the transaction of what was read up to it; where it was, it only holds. Raises LostHold."""
    moved = {"channel": channel, "holder": holder, "cursor": cursor, "now": now, "until": now + HELD_SECONDS}
    if _ADVANCE.first(connection, moved) is None:
        raise LostHold(channel)


def release(connection: Connection, channel: str, holder: str) -> None:
    _RELEASE.all(connection, {"channel": channel, "holder": holder})
