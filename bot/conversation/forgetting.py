"""Deleting conversations, with all that was said, decided and answered in them."""

from collections.abc import Collection

from sqlalchemy import Connection, delete

from bot.conversation.schema import attachments, conversations, corrections, inbox, outbox, reviews, turns

CHILDREN = (attachments, outbox, inbox, turns, corrections, reviews)
"""What points at the inbox goes before it. The bytes of attachments go with them."""
IN_A_STATEMENT = 500


def forget_conversations(connection: Connection, conversation_ids: Collection[str]) -> dict[str, int]:
    """Returns how many rows, by table."""
    ids, gone = sorted(conversation_ids), dict[str, int]()
    for start in range(0, len(ids), IN_A_STATEMENT):
        some = ids[start : start + IN_A_STATEMENT]
        for table in CHILDREN:
            found = connection.execute(delete(table).where(table.c.conversation_id.in_(some))).rowcount
            gone[table.name] = gone.get(table.name, 0) + found
        found = connection.execute(delete(conversations).where(conversations.c.id.in_(some))).rowcount
        gone["conversations"] = gone.get("conversations", 0) + found
    return {name: count for name, count in gone.items() if count}
