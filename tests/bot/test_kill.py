"""kill -9 a serving process under load, again and again: what was accepted is answered once, in order, written once."""

import asyncio
import contextlib
import os
import random
import signal
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from bot.database import open_database
from tests.bot.killing import free_port, is_serving, say, start_server, zygote
from tests.bot.tiny import reply_to

KILLS = 200
PATIENT_SENDERS, IMPATIENT_SENDERS = 6, 2
LONGEST_LIFE_SECONDS = 0.25


@dataclass
class Customers:
    """The load. Patient customers send a message again until it is answered; impatient ones never look back."""

    port: int
    is_over: bool = False
    replies: dict[str, list[str]] = field(default_factory=dict)

    async def patient(self, sender: str) -> None:
        number = 0
        while not self.is_over:
            number += 1
            words = f"buy {number}" if number % 2 else f"hello {number}"
            while (reply := await self.say(sender, words, f"{sender}-{number}")) is None:
                await asyncio.sleep(0.01)
            self.replies.setdefault(sender, []).append(reply)

    async def impatient(self, sender: str) -> None:
        number = 0
        while not self.is_over:
            number += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.say(sender, f"buy {number}", f"{sender}-{number}"), random.uniform(0, 0.02))
            await asyncio.sleep(0.01)

    async def say(self, sender: str, words: str, message_id: str) -> str | None:
        """The reply; before it may come one that the dead server did not note as sent. None when none came."""
        heard = await say(self.port, sender, words, message_id)
        return heard[-1] if heard else None


async def test_nothing_is_lost_repeated_or_reordered_when_the_process_is_killed_200_times(tmp_path: Path) -> None:
    url, port = f"sqlite:///{tmp_path}/kefu.db", free_port()
    customers = Customers(port)
    async with zygote("tiny", port, url) as process:
        load = [asyncio.create_task(customers.patient(f"patient{n}")) for n in range(PATIENT_SENDERS)]
        load += [asyncio.create_task(customers.impatient(f"impatient{n}")) for n in range(IMPATIENT_SENDERS)]
        for kill in range(KILLS):
            server = await start_server(process)
            if kill % 4:  # every fourth is killed at any moment of its start, the recovery included
                await asyncio.wait_for(is_serving(port), 30)
            await asyncio.sleep(random.uniform(0, LONGEST_LIFE_SECONDS))
            os.kill(server, signal.SIGKILL)
        server = await start_server(process)
        customers.is_over = True
        await asyncio.wait_for(asyncio.gather(*load), 60)
        await asyncio.wait_for(everything_is_answered(url), 60)
        os.kill(server, signal.SIGKILL)
    check(url, customers)


async def everything_is_answered(url: str) -> None:
    """Also what the impatient said last."""
    database = open_database(url)
    with contextlib.closing(database):
        while True:
            with database.read() as connection:
                if not connection.execute(text("SELECT 1 FROM inbox WHERE status = 'accepted'")).first():
                    return
            await asyncio.sleep(0.05)


def check(url: str, customers: Customers) -> None:
    database = open_database(url)
    with database.read() as connection:
        said = connection.execute(text("SELECT id, conversation_id, message_id, text, status, turn FROM inbox")).all()
        replies = connection.execute(text("SELECT inbox_id, conversation_id, seq, body FROM outbox ORDER BY seq")).all()
        written = sorted(connection.execute(text("SELECT key FROM ledger")).scalars())
    database.close()
    assert len(said) > KILLS
    assert {row.status for row in said} == {"done"}
    assert sorted(row.inbox_id for row in replies) == sorted(row.id for row in said), "each answered exactly once"
    assert written == sorted(row.message_id for row in said if row.text.startswith("buy ")), "each written exactly once"
    for conversation_id in {row.conversation_id for row in said}:
        mine = sorted(row for row in said if row.conversation_id == conversation_id)
        assert [row.turn for row in mine] == list(range(1, len(mine) + 1)), "no turn lost or run twice"
        answered = [row.inbox_id for row in replies if row.conversation_id == conversation_id]
        assert answered == [row.id for row in mine], "answered in the order they were sent"
    for sender, heard in customers.replies.items():
        mine = sorted(row for row in said if row.conversation_id == f"rest:{sender}")
        assert [row.message_id for row in mine] == [f"{sender}-{n}" for n in range(1, len(mine) + 1)], "stored in order"
        words = [row.text for row in mine]
        assert heard == [reply_to(one) for one in words], "what the customer heard is what was answered"
