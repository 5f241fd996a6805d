"""Conversations in every state, written as rows: talking to a bot two hundred times would take long."""

import random
import time
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, insert

from bot.console.schema import tags
from bot.conversation.schema import conversations, inbox, outbox, turns
from bot.database import Database
from bot.handoff.schema import handoffs

SCORES = {"negative": -0.6, "neutral": 0.0, "positive": 0.5}


def conversation(
    connection: Connection,
    conversation_id: str,
    at: float,
    *,
    state: str | None = "requested",
    said: Sequence[str] = (),
    answered: str = "",
    mood: str = "negative",
    tagged: Sequence[str] = ("refund",),
    language: str = "en",
    customer_id: str | None = None,
    **handoff: Any,
) -> None:
    """One that went to people at that time (state None: it did not), with what the customer said since."""
    channel, _, sender = conversation_id.partition(":")
    owner = {"requested": "queue", "offered": "queue", "agent": "agent", "wrapup": "agent", "snoozed": "agent"}
    words = list(said) or [f"message {number} of {conversation_id}" for number in (1, 2)]
    row = {"id": conversation_id, "channel": channel, "account": "", "sender_id": sender, "language": language}
    held = owner.get(state or "", "bot")
    known = orjson.dumps({"slots": {"customer_id": customer_id, "language": language}, "paused": held != "bot"})
    state_row: dict[str, Any] = {"owner": held, "epoch": 1, "last_seq": len(words) + 1, "customer_id": customer_id}
    state_row["snapshot"] = known.decode()
    connection.execute(insert(conversations).values(**row, **state_row, created_at=at, updated_at=at))
    for seq, message in enumerate(words, 1):
        told = {"message_id": f"m{seq}", "conversation_id": conversation_id, "seq": seq, "text": message}
        place = {"channel": channel, "account": "", "metadata": "{}", "received_at": at + seq / 10, "status": "done"}
        connection.execute(insert(inbox).values(**told, **place, turn=seq))
    if answered:
        said_back = {"body": orjson.dumps({"text": answered}).decode(), "role": "bot", "status": "delivered"}
        connection.execute(
            insert(outbox).values(
                conversation_id=conversation_id, seq=len(words) + 1, epoch=1, created_at=at + 1, **said_back
            )
        )
    decided = orjson.dumps({"sentiment_label": mood, "sentiment_score": SCORES[mood]}).decode()
    connection.execute(
        insert(turns).values(conversation_id=conversation_id, turn=1, events="[]", decision=decided, created_at=at)
    )
    for tag in tagged:
        connection.execute(insert(tags).values(conversation_id=conversation_id, tag=tag))
    if state is not None:
        values = {"reason": "asked", "priority": "normal", "value": 0.9, "intent": "cancel_order", **handoff}
        whole = {"conversation_id": conversation_id, "state": state, "channel": channel, "language": language}
        connection.execute(insert(handoffs).values(**whole, requested_at=at, queued_at=at, epoch=1, **values))


def fill_queue(database: Database, count: int, seed: int = 7) -> None:
    """So many open ones, of all kinds. Supervisors are asked already, so the clock lets them be while a test looks."""
    pick, now = random.Random(seed), time.time()
    with database.transaction() as session:
        for number in range(count):
            conversation(
                session.connection(),
                f"{pick.choice(['web', 'telegram', 'whatsapp'])}:{number:03}",
                now - pick.uniform(1, 600),
                mood=pick.choice(list(SCORES)),
                tagged=pick.choice([(), ("refund",), ("vip", "refund")]),
                language=pick.choice(["en", "zh"]),
                priority=pick.choice(["normal", "high", "urgent"]),
                value=pick.choice([None, 0.1, 0.5, 0.95]),
                intent=pick.choice(["cancel_order", "return_item"]),
                escalated_at=now,
            )
