"""1,000 idle widgets and 100 messages a second: how long a message takes to a browser, and what the connections weigh.

    python -m benchmarks.websockets [--idle 1000] [--rate 100] [--seconds 20]

A `kefu serve` with the real model, a demo shop and SQLite on the loopback. The idle widgets have said hello and wait.
Some of their customers ask something, each once: delivered is the bot's answer, when its frame reaches the widget. Then
an agent writes to 50 of them in turn, whom they have taken over before: delivered is the agent's line.
"""

import argparse
import asyncio
import itertools
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.serving import Served, environment, kefu, serving

API_TOKEN = "the api token of a benchmark"
TAKEN = 50
"""Conversations that the agent has."""
TOGETHER = 50
"""Connections that are opened at the same time."""
LAST_SECONDS = 10.0
"""So long a message may still arrive after the last one was posted."""
QUESTION = "how long does a refund take?"


@dataclass
class Crowd:
    """Widgets that are connected, and when each text that they wait for has reached one."""

    numbers: Iterator[int] = field(default_factory=itertools.count)
    sockets: dict[int, ClientConnection] = field(default_factory=dict)
    conversations: dict[int, str] = field(default_factory=dict)
    arrived: dict[str, float] = field(default_factory=dict)
    listening: list[asyncio.Task[None]] = field(default_factory=list)

    async def join(self, port: int) -> None:
        number = next(self.numbers)
        socket = await connect(f"ws://127.0.0.1:{port}/webhooks/web/ws", compression=None, open_timeout=60)
        await socket.send(json.dumps({"type": "hello", "session": None, "last_seq": 0, "token": None, "locale": "en"}))
        self.sockets[number] = socket
        self.conversations[number] = json.loads(await socket.recv())["conversation_id"]
        self.listening.append(asyncio.create_task(self.listen(socket, number)))

    async def listen(self, socket: ClientConnection, number: int) -> None:
        """An agent's text names itself; of the bot's answers the first after each question counts."""
        async for text in socket:
            now, frame = time.perf_counter(), json.loads(text)
            if frame["type"] == "message" and frame["role"] != "user":
                self.arrived.setdefault(frame["text"] if frame["role"] == "agent" else f"to {number}", now)


@dataclass(frozen=True)
class Result:
    p50_ms: float
    p99_ms: float
    worst_ms: float
    missing: int


async def measure(idle: int, rate: float, seconds: float, served: Served) -> tuple[Result, Result, float, float]:
    """Of agents' messages, of the bot's answers, and the process's memory in MB before and with the idle widgets."""
    crowd, before = Crowd(), resident_mb(served.pid)
    for start in range(0, idle, TOGETHER):
        await asyncio.gather(*(crowd.join(served.port) for _ in range(start, min(start + TOGETHER, idle))))
    await asyncio.sleep(2)
    weight = resident_mb(served.pid)
    answered = await answers(crowd, rate, seconds)
    told = await agents(crowd, served, rate, seconds)
    for task in crowd.listening:
        task.cancel()
    return told, answered, before, weight


async def agents(crowd: Crowd, served: Served, rate: float, seconds: float) -> Result:
    headers = {"authorization": f"Bearer {API_TOKEN}"}
    posted: dict[str, float] = {}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.port}", headers=headers, timeout=30) as http:

        async def post(number: int, conversation: str) -> None:
            text = f"agent's line {number}"
            posted[text] = time.perf_counter()
            event = {"event": "agent", "text": text}
            (await http.post(f"/conversations/{conversation}/tracker/events", json=event)).raise_for_status()

        taken = [crowd.conversations[number] for number in range(TAKEN)]
        for number, conversation in enumerate(taken):
            await post(-1 - number, conversation)
        posted.clear()
        count = int(rate * seconds)
        await at_rate(rate, [post(number, taken[number % TAKEN]) for number in range(count)])
    return await judged(crowd, posted)


async def answers(crowd: Crowd, rate: float, seconds: float) -> Result:
    posted: dict[str, float] = {}

    async def ask(number: int) -> None:
        posted[f"to {number}"] = time.perf_counter()
        await crowd.sockets[number].send(json.dumps({"type": "message", "id": f"m{number}", "text": QUESTION}))

    count = min(int(rate * seconds), len(crowd.sockets))
    await at_rate(rate, [ask(number) for number in range(count)])
    return await judged(crowd, posted)


async def at_rate(rate: float, work: Sequence[Coroutine[Any, Any, None]]) -> None:
    started = time.perf_counter()
    tasks = []
    for number, one in enumerate(work):
        await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one))
    await asyncio.gather(*tasks)


async def judged(crowd: Crowd, posted: dict[str, float]) -> Result:
    end = time.perf_counter() + LAST_SECONDS
    while not posted.keys() <= crowd.arrived.keys() and time.perf_counter() < end:
        await asyncio.sleep(0.05)
    times = sorted(1000 * (crowd.arrived[text] - at) for text, at in posted.items() if text in crowd.arrived)
    percentile = statistics.quantiles(times, n=100)
    return Result(percentile[49], percentile[98], times[-1], len(posted) - len(times))


def resident_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--idle", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder), log_level="ERROR", api_token=API_TOKEN)
        kefu(env, "demo", "seed", "--customers", "60")
        with serving(env) as served:
            told, answered, before, weight = asyncio.run(measure(given.idle, given.rate, given.seconds, served))
    sys.stdout.write(f"{given.idle} idle widgets, {given.rate:g} messages a second\n")
    for words, one in (("an agent's message to the widget", told), ("the bot's answer to a question", answered)):
        times = f"p50 {one.p50_ms:.1f} ms, p99 {one.p99_ms:.1f} ms, worst {one.worst_ms:.1f} ms"
        sys.stdout.write(f"{words}: {times}; {one.missing} missing\n")
    each = 1000 * (weight - before) / given.idle
    sys.stdout.write(f"memory: {before:.0f} MB before, {weight:.0f} MB with them ({each:.0f} kB each)\n")


if __name__ == "__main__":
    main()
