"""What it takes to kill a server again and again: one that starts quickly, and a client that does not mind."""

import asyncio
import contextlib
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

WEBHOOK = "/webhooks/rest/webhook"
ROOT = Path(__file__).parents[2]


async def say(port: int, sender: str, words: str, message_id: str) -> list[str] | None:
    """The texts of the answer, or None when the server died before it came."""
    body = json.dumps({"sender": sender, "message": words, "message_id": message_id}).encode()
    head = f"POST {WEBHOOK} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    writer = None
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
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
    try:
        return [str(message["text"]) for message in json.loads(rest.partition(b"\r\n\r\n")[2])]
    except ValueError:  # the server died while it wrote
        return None


@asynccontextmanager
async def zygote(
    kind: Literal["tiny", "kefu"], port: int, database_url: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    command = (sys.executable, "-m", "tests.bot.zygote", kind, str(port), database_url)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def start_server(process: asyncio.subprocess.Process) -> int:
    """The pid of a new server."""
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
