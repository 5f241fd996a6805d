"""Which conversations have changed since a moment: by message, answer, handoff, note or delivery."""

from sqlalchemy import Connection

from bot.conversation.sql import Statement

SLACK_SECONDS = 5.0
"""Clocks differ, and a transaction may be seen a moment after its time: so much is told again."""
LONGEST_SECONDS = 900.0
MOST = 300

_CHANGED = Statement(
    "SELECT conversation_id FROM ("
    " SELECT conversation_id FROM inbox WHERE received_at >= :since"
    " UNION SELECT conversation_id FROM outbox WHERE created_at >= :since"
    " UNION SELECT h.conversation_id FROM handoff_events e JOIN handoffs h ON h.id = e.handoff_id WHERE e.at >= :since"
    " UNION SELECT conversation_id FROM notes WHERE created_at >= :since"
    " UNION SELECT o.conversation_id FROM delivery_parts p JOIN outbox o ON o.id = p.outbox_id WHERE p.at >= :since"
    ") changed LIMIT :most"
)


def changed_since(connection: Connection, moment: float, now: float) -> list[str] | None:
    """None where it is too long ago, or too many, to be told one by one."""
    if now - moment > LONGEST_SECONDS:
        return None
    wanted = {"since": moment - SLACK_SECONDS, "most": MOST + 1}
    found = [str(row[0]) for row in _CHANGED.all(connection, wanted)]
    return found if len(found) <= MOST else None
