"""Which conversations are a customer's, and what tells so: not only those in which they have proven who they are.

Telephone numbers are in international form ("+15035550142").
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import orjson
import phonenumbers
from sqlalchemy import ColumnElement, Connection, func, or_, select

from bot.conversation.schema import conversations, inbox, turns

Trace = Literal["known", "address", "number", "wrote_address", "wrote_number", "ticket"]
"""`ticket`: the shop's own tickets name the conversation."""
BARE = ("whatsapp",)
"""Channels that name people by their number without the plus."""
PREFIX = "whatsapp:"
"""Twilio's, before the number of whoever writes by WhatsApp."""

SAME = phonenumbers.MatchType.EXACT_MATCH


@dataclass(frozen=True)
class Whose:
    """Somebody, by what is known of them; empty words and None are nobody's."""

    customer_id: str = ""
    email: str = ""
    number: str | None = None


def conversations_of(connection: Connection, whose: Whose) -> dict[str, Trace]:
    """The conversations' ids, and what tells that they are theirs.

    Where they are or ever were known or signed in, or wrote from their address, or wrote it, whoever else spoke there.
    Where they wrote from their number, or wrote it, unless the conversation is another customer's: numbers are given to
    somebody else.
    """
    found: dict[Trace, Collection[str]] = {
        "wrote_number": _wrote_number(connection, whose),
        "wrote_address": _wrote_address(connection, whose.email),
        "number": _by_number(connection, whose),
        "address": _by_address(connection, whose.email),
        "known": _known_now(connection, whose) | _known_once(connection, whose.customer_id),
    }
    return {conversation_id: trace for trace, ids in found.items() for conversation_id in ids}


# ---- where it is known who they are ----


def _known_now(connection: Connection, whose: Whose) -> set[str]:
    is_signed_in = conversations.c.signed_as == whose.customer_id
    if whose.email:
        is_signed_in |= func.lower(conversations.c.signed_as) == whose.email.lower()
    return _ids(connection, (conversations.c.customer_id == whose.customer_id) | is_signed_in)


def _known_once(connection: Connection, customer_id: str) -> set[str]:
    """Signing out, a lapsed proof and a restart leave no trace in the conversation's row, but in its events."""
    if not customer_id:
        return set()
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


# ---- where only an address or a number tells ----


def _by_address(connection: Connection, email: str) -> set[str]:
    """Who writes mails is known by the address."""
    return _ids(connection, func.lower(conversations.c.sender_id) == email.lower()) if email else set()


def _by_number(connection: Connection, whose: Whose) -> set[str]:
    """Who writes by SMS or WhatsApp is known by the number."""
    if whose.number is None:
        return set()
    sender = conversations.c.sender_id
    is_bare = conversations.c.channel.in_(BARE) & (sender == whose.number.removeprefix("+"))
    is_theirs = sender.in_([whose.number, PREFIX + whose.number]) | is_bare
    return _ids(connection, is_theirs & _is_nobody_elses(whose.customer_id))


def _wrote_address(connection: Connection, email: str) -> set[str]:
    """Whoever was never proven may have written the address; as a whole: ann@shop.example is not joann@shop.example."""
    if "@" not in email:
        return set()
    written = func.lower(inbox.c.text).contains(email.lower(), autoescape=True)
    whole = re.compile(rf"(?<![a-z0-9._%+-]){re.escape(email)}(?![a-z0-9-]|\.[a-z0-9])", re.ASCII | re.IGNORECASE)
    rows = connection.execute(select(inbox.c.conversation_id, inbox.c.text).where(written))
    return {conversation_id for conversation_id, text in rows if whole.search(text)}


def _wrote_number(connection: Connection, whose: Whose) -> set[str]:
    """With or without the country's code, however it is spaced."""
    if whose.number is None:
        return set()
    number = phonenumbers.parse(whose.number)
    digits = inbox.c.text.like(f"%{'%'.join(str(number.national_number))}%")
    query = select(inbox.c.conversation_id, inbox.c.text).join(
        conversations, conversations.c.id == inbox.c.conversation_id
    )
    rows = connection.execute(query.where(digits, _is_nobody_elses(whose.customer_id)))
    return {conversation_id for conversation_id, text in rows if _names(text, number)}


def _names(text: str, number: phonenumbers.PhoneNumber) -> bool:
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    found = phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.POSSIBLE)
    return any(phonenumbers.is_number_match(one.number, number) == SAME for one in found)


def _is_nobody_elses(customer_id: str) -> ColumnElement[bool]:
    return or_(conversations.c.customer_id.is_(None), conversations.c.customer_id == customer_id)


def _ids(connection: Connection, condition: ColumnElement[bool]) -> set[str]:
    return set(connection.scalars(select(conversations.c.id).where(condition)))
