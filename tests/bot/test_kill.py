"""kill -9 a serving process under load, again and again: what was accepted is answered once, in order, written once."""

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from bot.database import open_database
from tests.bot.tiny import reply_to

WEBHOOK = "/webhooks/rest/webhook"
KILLS = 200
PATIENT_SENDERS, IMPATIENT_SENDERS = 6, 2
LONGEST_LIFE_SECONDS = 0.25
ROOT = Path(__file__).parents[2]


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
        """The reply, or None when the server died before it came. Before it may come one that is not noted as sent."""
        body = json.dumps({"sender": sender, "message": words, "message_id": message_id}).encode()
        head = f"POST {WEBHOOK} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        writer = None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(head.encode() + body)
            answer = await reader.read()
        except OSError:
            return None
        finally:
            if writer:
                writer.close()
        status, _, rest = answer.partition(b"\r\n")
        if not status:
            return None
        assert b" 200 " in status, answer
        with contextlib.suppress(ValueError, IndexError):
            return str(json.loads(rest.partition(b"\r\n\r\n")[2])[-1]["text"])
        return None


@asynccontextmanager
async def zygote(port: int, database_url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    command = (sys.executable, "-m", "tests.bot.zygote", str(port), database_url)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def start_server(process: asyncio.subprocess.Process) -> int:
    assert process.stdin and process.stdout
    process.stdin.write(b"start\n")
    return int(await process.stdout.readline())


async def is_serving(port: int) -> None:
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.005)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_nothing_is_lost_repeated_or_reordered_when_the_process_is_killed_200_times(tmp_path: Path) -> None:
    url, port = f"sqlite:///{tmp_path}/kefu.db", free_port()
    customers = Customers(port)
    async with zygote(port, url) as process:
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
        await asyncio.sleep(0.5)
        os.kill(server, signal.SIGKILL)
    check(url, customers)


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
