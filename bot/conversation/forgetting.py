"""Deleting a customer's conversations, with all that was said, decided and answered in them."""

from sqlalchemy import Connection, delete, select

from bot.conversation.schema import conversations, corrections, inbox, outbox, reviews, turns

CHILDREN = (outbox, inbox, turns, corrections, reviews)
"""The outbox first: its rows point at the inbox."""


def forget_conversations(connection: Connection, customer_id: str, email: str) -> dict[str, int]:
    """Those in which the customer was known or signed in, under either name; returns how many rows, by table."""
    is_theirs = (conversations.c.customer_id == customer_id) | conversations.c.signed_as.in_([customer_id, email])
    theirs = select(conversations.c.id).where(is_theirs)
    gone = {
        table.name: connection.execute(delete(table).where(table.c.conversation_id.in_(theirs))).rowcount
        for table in CHILDREN
    }
    gone["conversations"] = connection.execute(delete(conversations).where(conversations.c.id.in_(theirs))).rowcount
    return {name: count for name, count in gone.items() if count}
