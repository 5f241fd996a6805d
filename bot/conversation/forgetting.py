"""Deleting a customer's conversations, with all that was said, decided and answered in them."""

import re
from collections.abc import Collection

import orjson
from sqlalchemy import Connection, delete, func, select

from bot.conversation.schema import attachments, conversations, corrections, inbox, outbox, reviews, turns

CHILDREN = (attachments, outbox, inbox, turns, corrections, reviews)
"""What points at the inbox goes before it. The bytes of attachments go with them."""
IN_A_STATEMENT = 500


def forget_conversations(
    connection: Connection, customer_id: str, email: str, also: Collection[str] = ()
) -> dict[str, int]:
    """Those in which the customer is or ever was known or signed in, or wrote the e-mail address, whoever else spoke in
    them; and `also` those of these ids. Returns how many rows, by table."""
    known = _known_now(connection, customer_id, email) | _known_once(connection, customer_id)
    theirs = sorted(known | _written_in(connection, email) | {*also})
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
    if email:  # who writes mails is known by the address
        is_theirs |= func.lower(conversations.c.sender_id) == email.lower()
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


def _written_in(connection: Connection, email: str) -> set[str]:
    """Whoever was never proven may have written the address; as a whole: ann@shop.example is not joann@shop.example."""
    if "@" not in email:
        return set()
    written = func.lower(inbox.c.text).contains(email.lower(), autoescape=True)
    whole = re.compile(rf"(?<![a-z0-9._%+-]){re.escape(email)}(?![a-z0-9-]|\.[a-z0-9])", re.ASCII | re.IGNORECASE)
    rows = connection.execute(select(inbox.c.conversation_id, inbox.c.text).where(written))
    return {conversation_id for conversation_id, text in rows if whole.search(text)}
