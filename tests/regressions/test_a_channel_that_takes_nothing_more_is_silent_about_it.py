"""Complaint 11. A line that a platform does not take (its window is closed, say) is shown to the agent as not sent."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from bot.conversation.receipts import receipts_of
from bot.messages import UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Channel, ChannelSettings, Inbound, Part, Recipient
from bot.messaging.delivery import Delivery
from bot.messaging.sending import Call
from tests.bot.handoff.shop_floor import Floor
from tests.bot.tiny import open_tiny_database

DAY_SECONDS = 86400.0


class Postcards(Channel[ChannelSettings]):
    """Takes answers for a day after the customer wrote, and full ones with an error."""

    name = "postcards"
    can = Capabilities(window_hours=24)
    Settings = ChannelSettings
    is_full = False

    def __init__(self) -> None:
        super().__init__(ChannelSettings())
        self.sent: list[str] = []

    def verify(self, request: Inbound, now: float) -> None: ...

    def decode(self, request: Inbound) -> Sequence[UserMessage]:  # noqa: ARG002
        return []

    def render(self, part: Part, to: Recipient) -> Call:  # noqa: ARG002
        return Call("http://127.0.0.1/postcards", (part.message.text or "").encode())

    async def call(self, http: httpx.AsyncClient, call: Call) -> httpx.Response:  # noqa: ARG002
        if self.is_full:
            return httpx.Response(403, request=httpx.Request("POST", call.url))
        self.sent.append(str(call))
        return httpx.Response(200, request=httpx.Request("POST", call.url))

    def sent_id(self, response: httpx.Response) -> str:  # noqa: ARG002
        return str(len(self.sent))


async def answered(tmp_path: Path, channel: Postcards, written_ago: float) -> Any:
    """How the line stands that an agent wrote to a customer who wrote so long ago."""
    database = open_tiny_database(tmp_path / "kefu.db")
    floor = Floor(database)
    anna = floor.agent("Anna")
    await floor.turns.receive(UserMessage("postcards", "ann", "person", "m1"))
    with database.writing() as connection:
        long_ago = {"at": time.time() - written_ago}
        connection.execute(text("UPDATE inbox SET received_at = :at"), long_ago)
        connection.execute(text("UPDATE outbox SET status = 'delivered'"))
        connection.commit()
    _, lines = await floor.turns.change(
        "postcards:ann", lambda unit: floor.desk.say(unit, "postcards:ann", anna.id, None, "hello, Anna here")
    )
    async with httpx.AsyncClient() as http:
        delivery = Delivery(database, {"postcards": channel}, http)
        delivery.wake("postcards:ann")
        while floor.rows("SELECT 1 FROM outbox WHERE status = 'pending'"):
            await asyncio.sleep(0.01)
        await delivery.close()
    with database.read() as connection:
        found = receipts_of(connection, "postcards:ann")[lines[-1].outbox_id or 0]
    await floor.turns.close()
    database.close()
    return found


async def test_within_the_window_it_is_sent(tmp_path: Path) -> None:
    assert (await answered(tmp_path, Postcards(), 60)).state == "sent"


async def test_a_closed_window_is_told_with_its_reason(tmp_path: Path) -> None:
    channel = Postcards()
    found = await answered(tmp_path, channel, DAY_SECONDS + 60)
    assert found.state in ("failed", "dead")
    assert "window closed" in (found.why or "")
    assert channel.sent == []


async def test_a_refusal_is_told_with_its_reason(tmp_path: Path) -> None:
    channel = Postcards()
    channel.is_full = True
    found = await answered(tmp_path, channel, 60)
    assert found.state in ("failed", "dead")
    assert "403" in (found.why or "")
