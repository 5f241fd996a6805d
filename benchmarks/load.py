"""A load light on CPU: raw HTTP/1.1 over kept-alive sockets, closed loop, in a process of its own.

Reads a `Load` as JSON on stdin, writes the latencies (seconds) as JSON on stdout: `python -m benchmarks.load`.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from secrets import token_hex
from typing import cast


@dataclass(frozen=True)
class Load:
    """`senders` connections say `scripts` (one message after another, a new sender for each script) for `seconds`."""

    port: int
    senders: int
    seconds: float
    scripts: list[list[dict[str, object]]]
    name: str = field(default_factory=lambda: token_hex(4))
    """Senders of two loads never share a conversation."""


class Talk(asyncio.Protocol):
    """One connection: sends a request, measures until its answer is complete, sends the next."""

    def __init__(self, load: Load, number: int, latencies: list[float], errors: list[str]) -> None:
        self.load, self.number, self.latencies, self.errors = load, number, latencies, errors
        self.done = asyncio.get_running_loop().create_future()
        self.until = time.perf_counter() + load.seconds
        self.script = self.step = 0
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.say()

    def say(self) -> None:
        script = self.load.scripts[(self.number + self.script) % len(self.load.scripts)]
        message = {**script[self.step], "sender": f"{self.load.name}-{self.number}-{self.script}"}
        self.step += 1
        if self.step == len(script):
            self.script, self.step = self.script + 1, 0
        body = json.dumps(message).encode()
        head = f"POST /webhooks/rest/webhook HTTP/1.1\r\nhost: bench\r\ncontent-length: {len(body)}\r\n\r\n"
        self.started = time.perf_counter()
        self.transport.write(head.encode() + body)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator or len(body) < int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]):
            return
        now = time.perf_counter()
        self.latencies.append(now - self.started)
        if not head.startswith(b"HTTP/1.1 200") or body == b"[]":
            self.errors.append(f"{head.split(b' ', 2)[1].decode()} {body[:200].decode('utf-8', 'replace')}")
        self.buffer = b""
        if now < self.until:
            self.say()
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if error:
            self.errors.append(repr(error))
        self.done.set_result(None)


async def run(load: Load) -> dict[str, object]:
    latencies: list[float] = []
    errors: list[str] = []
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    talks = []
    for number in range(load.senders):
        make = partial(Talk, load, number, latencies, errors)
        _, talk = await loop.create_connection(make, "127.0.0.1", load.port)
        talks.append(talk)
    await asyncio.gather(*(talk.done for talk in talks))
    return {"latencies": latencies, "errors": errors, "seconds": time.perf_counter() - started}


if __name__ == "__main__":
    try:
        import uvloop
    except ImportError:
        runner = asyncio.run
    else:
        runner = uvloop.run
    json.dump(runner(run(Load(**json.load(sys.stdin)))), sys.stdout)
