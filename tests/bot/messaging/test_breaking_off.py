"""A line or a file on which Kefu itself fails, time and again: it ends, and those after it go on."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from bot.channels.webhook import Webhook, WebhookSettings
from bot.conversation import inbox, outbox
from bot.conversation.outbox import Batch
from bot.messages import Attachment, BotMessage
from bot.messaging.channel import Fetched, Part, Recipient
from bot.messaging.delivery import Delivery
from bot.messaging.fetching import NOTICES, Fetching, Terms
from tests.bot.tiny import open_tiny_database

SETTINGS = WebhookSettings.model_validate({"secret": "whsec_" + "a" * 32, "url": "https://shop.example"})


class Failing(Webhook):
    """What it sends first, and every file, makes it fail in a way that nobody has foreseen."""

    sent: list[str]

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:  # noqa: ARG002
        if part.seq == 1:
            raise ZeroDivisionError
        self.sent.append(str(part.message.text))
        return part.key

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:  # noqa: ARG002
        raise ZeroDivisionError


async def test_it_ends_and_those_after_it_go_on(tmp_path: Path) -> None:
    database, channel = open_tiny_database(tmp_path / "kefu.db"), Failing(SETTINGS)
    channel.sent = []
    with database.writing() as connection:
        name = inbox.begin(connection, "webhook", "ann")
        outbox.put(connection, Batch(name, [BotMessage(text="one"), BotMessage(text="two")], 1, 0), 0.0)
        connection.execute(text("UPDATE conversations SET last_seq = 2"))
        connection.execute(
            text(
                "INSERT INTO attachments (conversation_id, role, kind, reference, name, media_type, status, due_at,"
                " created_at) VALUES (:name, 'user', 'file', 'x', '', '', 'pending', 0, 0)"
            ),
            {"name": name},
        )
        connection.commit()
    channels: dict[str, Any] = {"webhook": channel}
    async with httpx.AsyncClient() as http:
        delivery = Delivery(database, channels, http)
        fetching = Fetching(database, channels, http, Terms(1000, {"text/plain"}))
        for _ in range(14):
            await delivery.sweep()
            await asyncio.gather(*delivery._sending.values(), return_exceptions=True)
            with suppress(ZeroDivisionError):
                await fetching.fetch_due()
            with database.writing() as connection:  # as if the claims' time were over
                connection.execute(text("UPDATE deliveries SET claimed_until = 1 WHERE claimed_until IS NOT NULL"))
                connection.execute(text("UPDATE attachments SET due_at = 1"))
                connection.commit()
    with database.read() as connection:
        assert list(connection.scalars(text("SELECT status FROM outbox ORDER BY seq"))) == [
            "dead",
            "delivered",
            "delivered",
        ]
        assert connection.scalar(text("SELECT status FROM attachments")) == "failed"
    assert channel.sent == ["two", NOTICES["failed"]["en"]]
    database.close()
