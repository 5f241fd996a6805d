"""Requests at a fixed rate, whatever becomes of those before: raw HTTP/1.1 over kept-alive sockets, in its own process.

Reads a `Load` as JSON on stdin; writes [status, seconds] of each request, in their order, as JSON on stdout. A time
runs from when the request was due, so that a server that stalls does not hide it.
"""

import asyncio
import json
import sys
import time
from base64 import b64decode
from dataclasses import dataclass

ANSWER_SECONDS = 30.0
AHEAD_SECONDS = 0.2
REST_SECONDS = 2.0
"""The server ends a connection that nobody uses after five."""


@dataclass(frozen=True)
class Load:
    """`requests` are whole requests in base64."""

    port: int
    rate: float
    requests: list[str]


class Sockets:
    """Free connections, the one last used first; more are opened as they are needed, and none is used after a rest."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, request: bytes) -> int:
        """The answer's status, once all of it has come."""
        reader, writer = await self.connection()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length: ")[2].split(b"\r\n")[0]
        await reader.readexactly(int(length or 0))
        self.free.append((time.perf_counter(), reader, writer))
        return int(head.split()[1])

    async def connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        used, reader, writer = self.free.pop() if self.free else (0.0, None, None)
        if reader and writer and time.perf_counter() - used < REST_SECONDS:
            return reader, writer
        return await asyncio.open_connection("127.0.0.1", self.port)


async def run(load: Load) -> list[tuple[int, float]]:
    sockets, started = Sockets(load.port), time.perf_counter() + AHEAD_SECONDS

    async def one(number: int, request: bytes) -> tuple[int, float]:
        due = started + number / load.rate
        await asyncio.sleep(due - time.perf_counter())
        status = await asyncio.wait_for(sockets.ask(request), ANSWER_SECONDS)
        return status, time.perf_counter() - due

    return await asyncio.gather(*(one(number, b64decode(text)) for number, text in enumerate(load.requests)))


if __name__ == "__main__":
    json.dump(asyncio.run(run(Load(**json.load(sys.stdin)))), sys.stdout)
