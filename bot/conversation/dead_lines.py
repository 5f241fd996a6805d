"""Lines that did not arrive (`dead`), or may not have (`unsure`), and sending them again when somebody says so."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.conversation.sql import Statement

_LIST = Statement(
    "SELECT o.id, c.channel, o.role, o.status, o.created_at, COALESCE(d.tries, 0), COALESCE(d.why, '') FROM outbox o"
    " JOIN conversations c ON c.id = o.conversation_id LEFT JOIN deliveries d ON d.outbox_id = o.id"
    " WHERE o.status IN ('dead', 'unsure') ORDER BY o.id DESC LIMIT :most"
)
_AGAIN = Statement(
    "UPDATE outbox SET status = 'pending' WHERE id = :id AND status IN ('dead', 'unsure') RETURNING conversation_id"
)
# What may have arrived is sent as a whole; of what is dead, from the first part on that was not taken or failed later.
_FROM_THE_START = Statement("UPDATE deliveries SET parts_done = 0 WHERE outbox_id = :id AND is_unsure = 1")
_FROM_WHAT_FAILED = Statement(
    "UPDATE deliveries SET parts_done = COALESCE((SELECT MIN(p.part) FROM delivery_parts p WHERE p.outbox_id = :id"
    " AND p.state = 'failed'), parts_done), claimed_until = NULL, due_at = :now, tries = 0, is_unsure = 0, why = NULL"
    " WHERE outbox_id = :id"
)
_FORGET_FAILED = Statement("DELETE FROM delivery_parts WHERE outbox_id = :id AND state = 'failed'")


@dataclass(frozen=True)
class DeadLine:
    """What is known of it, without its words and whom they were for."""

    outbox_id: int
    channel: str
    role: str
    status: str
    made_at: float
    tries: int
    why: str


def dead_lines(connection: Connection, most: int) -> list[DeadLine]:
    """The latest first."""
    return [DeadLine(*row) for row in _LIST.all(connection, {"most": most})]


def send_again(connection: Connection, outbox_id: int, now: float) -> str | None:
    """Have the line sent again; the caller commits. Returns its conversation; None where it is neither dead nor unsure.

    What may have arrived can so arrive twice. A bot's line into a conversation that a person has by now is refused.
    """
    row = _AGAIN.first(connection, {"id": outbox_id})
    if row is None:
        return None
    _FROM_THE_START.all(connection, {"id": outbox_id})
    _FROM_WHAT_FAILED.all(connection, {"id": outbox_id, "now": now})
    _FORGET_FAILED.all(connection, {"id": outbox_id})
    return str(row[0])
