"""What an agent gets when they open a conversation."""

import time
from dataclasses import asdict
from typing import Any, Literal

import orjson
from sqlalchemy import Connection

from bot.console.conversation import stream
from bot.console.queue.items import Listing
from bot.console.queue.pages import item_of
from bot.conversation import attention
from bot.conversation.attention import CUSTOMER, Attention
from bot.conversation.outbox import LARGEST_SEQ
from bot.conversation.sql import Statement

Json = dict[str, Any]
Language = Literal["en", "zh"]

_BECAUSE = Statement("SELECT because FROM handoffs WHERE conversation_id = :conversation_id ORDER BY id DESC LIMIT 1")
_OTHERS = Statement(
    "SELECT id, channel, updated_at, owner FROM conversations WHERE customer_id = :customer_id AND id <> :id"
    " ORDER BY updated_at DESC LIMIT 10"
)
_SEE = Statement(
    "INSERT INTO seen_lines (agent_id, conversation_id, seq) SELECT :agent_id, c.id, :seq FROM conversations c"
    " WHERE c.id = :conversation_id ON CONFLICT (agent_id, conversation_id) DO UPDATE SET seq = :seq"
    " WHERE seen_lines.seq < :seq"
)


def opened(
    connection: Connection,
    listing: Listing,
    conversation_id: str,
    me: str,
    language: Language,
    before: int = LARGEST_SEQ,
    limit: int = 100,
) -> Json:
    """Raises Problem 404 for a conversation that nobody began."""
    item, now = item_of(listing, connection, conversation_id, me), time.time()
    page = stream.page(connection, conversation_id, before, limit)
    here = attention.attention(connection, conversation_id, now)
    return {
        "item": item,
        "because": because(connection, conversation_id, language),
        "lines": [asdict(line) for line in page.lines],
        "last_seq": item["last_seq"],
        "has_more": page.has_more,
        "viewers": viewers(here, me, now),
        "customer_typing": any(one.who == CUSTOMER and one.is_typing(now) for one in here),
        "other_conversations": others(connection, listing, conversation_id, item["customer"]["id"], me),
    }


def because(connection: Connection, conversation_id: str, language: Language) -> list[str]:
    """Why it went to people, why so soon, why to this one."""
    row = _BECAUSE.first(connection, {"conversation_id": conversation_id})
    return [str(one[language]) for one in orjson.loads(row[0])] if row else []


def viewers(here: list[Attention], me: str, now: float) -> list[Json]:
    """The colleagues who look at it or type in it."""
    return [
        {"id": one.who, "name": one.name, "is_typing": one.is_typing(now)}
        for one in here
        if one.who not in (CUSTOMER, me)
    ]


def others(
    connection: Connection, listing: Listing, conversation_id: str, customer_id: str | None, me: str
) -> list[Json]:
    """The same customer's other conversations, of those that `me` sees."""
    if customer_id is None:
        return []
    names = ("conversation_id", "channel", "updated_at", "owner")
    rows = _OTHERS.all(connection, {"customer_id": customer_id, "id": conversation_id})
    seen = listing.seeing.seen(connection, me, [row[0] for row in rows])
    return [dict(zip(names, row, strict=True)) for row in rows if row[0] in seen]


def see(connection: Connection, agent_id: str, conversation_id: str, seq: int) -> None:
    """The agent has read up to that seq. The caller commits."""
    _SEE.all(connection, {"agent_id": agent_id, "conversation_id": conversation_id, "seq": seq})
