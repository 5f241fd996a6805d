"""Deleting a customer's conversations, with all that was said, decided and answered in them."""

from collections.abc import Collection

import orjson
from sqlalchemy import Connection, delete, select

from bot.conversation.schema import conversations, corrections, inbox, outbox, reviews, turns

CHILDREN = (outbox, inbox, turns, corrections, reviews)
"""The outbox first: its rows point at the inbox."""
IN_A_STATEMENT = 500


def forget_conversations(
    connection: Connection, customer_id: str, email: str, also: Collection[str] = ()
) -> dict[str, int]:
    """Those in which the customer is known or signed in, or ever was, whoever else spoke in them; and `also` those of
    these ids. Returns how many rows, by table."""
    theirs = sorted(_known_now(connection, customer_id, email) | _known_once(connection, customer_id) | {*also})
    gone: dict[str, int] = {}
    for start in range(0, len(theirs), IN_A_STATEMENT):
        some = theirs[start : start + IN_A_STATEMENT]
        for table in CHILDREN:
            found = connection.execute(delete(table).where(table.c.conversation_id.in_(some))).rowcount
            gone[table.name] = gone.get(table.name, 0) + found
        found = connection.execute(delete(conversations).where(conversations.c.id.in_(some))).rowcount
        gone["conversations"] = gone.get("conversations", 0) + found
    return {name: count for name, count in gone.items() if count}


def _known_now(connection: Connection, customer_id: str, email: str) -> set[str]:
    is_theirs = (conversations.c.customer_id == customer_id) | conversations.c.signed_as.in_([customer_id, email])
    return set(connection.scalars(select(conversations.c.id).where(is_theirs)))


def _known_once(connection: Connection, customer_id: str) -> set[str]:
    """Signing out, a lapsed proof and a restart leave no trace in the conversation's row, but in its events."""
    written = orjson.dumps(customer_id).decode()
    rows = connection.execute(
        select(turns.c.conversation_id, turns.c.events).where(turns.c.events.contains(written, autoescape=True))
    )
    return {conversation_id for conversation_id, events in rows if _was_proven(events, customer_id)}


def _was_proven(events: str, customer_id: str) -> bool:
    return any(
        event.get("event") == "slot" and event.get("name") == "customer_id" and event.get("value") == customer_id
        for event in orjson.loads(events)
    )
