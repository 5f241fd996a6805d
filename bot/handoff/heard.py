"""What people did in another system and was done here: delivered again, or read again after a crash, it is done once.

It is noted in the transaction of what is done.
"""

from sqlalchemy import Connection

from bot.conversation.sql import Statement

_HEAR = Statement(
    "INSERT INTO helpdesk_heard (target, external_key, conversation_id, heard_at)"
    " SELECT CAST(:target AS TEXT), CAST(:key AS TEXT), c.id, CAST(:now AS FLOAT)"
    " FROM conversations c WHERE c.id = :conversation_id"
    " ON CONFLICT (target, external_key) DO NOTHING RETURNING heard_at"
)


def is_new(connection: Connection, system: str, key: str, conversation_id: str, now: float) -> bool:
    """Whether this was not heard before; from now on it was. Of a conversation that there is not, nothing is new."""
    heard = {"target": system, "key": key, "conversation_id": conversation_id, "now": now}
    return _HEAR.first(connection, heard) is not None
