"""`make bench-swaps`: models swapped while customers write: no message lost, memory flat.

Two models take turns: the shipped one and a copy under another version. Every swap goes the whole way: promotion,
sha256 of every file, new onnxruntime sessions, the articles' vectors, memory given back. Meanwhile senders go on
talking. `python -m benchmarks.swaps 50` prints a table, with --json one object.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, get_args
from weakref import WeakSet

import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from bot.assembly import Kefu, assemble
from bot.channels.base import make_message
from bot.memory import give_back
from bot.models_folder import registry_of
from bot.settings import Settings
from nlu.components.encoder import Encoder
from nlu.interpreter import DEFAULT_MODEL
from nlu.metadata import load_metadata
from nlu.registry import DEFAULT, Registry
from nlu.types import Language

SAYINGS = (
    "hello",
    "how long do I have to return something?",
    "do you ship abroad, and what does it cost?",
    "你们几天能发货",
    "退货运费谁出",
    "thanks, that is all",
)
SENDERS = 4
PAUSE_SECONDS = 0.02
CONVERSATIONS = 5
"""How many each sender goes on with: the trackers in memory must not look like a leak."""
SETTLING = 5
"""Swaps after which memory is what it will be: both models were there, and every pool is warm."""


@dataclass(frozen=True)
class Report:
    swaps: int
    messages: int
    unanswered: int
    """Messages that got no reply, or whose inbox row is not done."""
    versions: dict[str, int]
    """Turns by the model that read them."""
    swap_seconds: float
    """The median time from the promotion to the first turn that may use the new model."""
    p50_milliseconds: float
    p99_milliseconds: float
    megabytes_settled: float
    megabytes_end: float
    megabytes_peak: float

    @property
    def growth(self) -> float:
        return self.megabytes_end / self.megabytes_settled - 1


def resident_megabytes() -> float:
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) * 1024 / 1e6


async def swapping(kefu: Kefu, registry: Registry, names: tuple[str, str], count: int) -> Report:
    """Swap `count` times under load."""
    is_over = asyncio.Event()
    talks = [asyncio.create_task(talk(kefu, number, is_over)) for number in range(SENDERS)]
    seconds, memory = [], []
    for number in range(count):
        started = time.perf_counter()
        registry.promote(names[number % 2])
        assert await asyncio.to_thread(kefu.swap), kefu.notes()
        seconds.append(time.perf_counter() - started)
        await old_model_gone()
        await asyncio.to_thread(give_back)
        memory.append(resident_megabytes())
    is_over.set()
    latencies = np.array([latency for each in await asyncio.gather(*talks) for latency in each])
    silent = int((latencies < 0).sum())
    return Report(
        swaps=count,
        messages=len(latencies),
        unanswered=silent + left_over(kefu),
        versions=versions_used(kefu),
        swap_seconds=float(np.median(seconds)),
        p50_milliseconds=float(np.percentile(latencies, 50)),
        p99_milliseconds=float(np.percentile(latencies, 99)),
        megabytes_settled=memory[SETTLING - 1],
        megabytes_end=memory[-1],
        megabytes_peak=max(memory),
    )


async def old_model_gone() -> None:
    """Wait until the last turn that began with the old model is over; an old model that stays is a leak."""
    for _ in range(300):
        if live_encoders() == len(get_args(Language)):
            return
        await asyncio.sleep(0.1)
    raise SystemExit(f"{live_encoders()} encoders are still in memory: a model that was replaced is not freed")


def live_encoders() -> int:
    """Of those loaded since `watch_encoders`: to walk all objects would disturb the turns in other threads."""
    return len(_loaded)


_loaded: WeakSet[Encoder] = WeakSet()


def watch_encoders() -> None:
    make = Encoder.__init__

    def watched(encoder: Encoder, *arguments: Any) -> None:
        make(encoder, *arguments)
        _loaded.add(encoder)

    Encoder.__init__ = watched  # type: ignore[method-assign,assignment]


async def talk(kefu: Kefu, number: int, is_over: asyncio.Event) -> list[float]:
    """One sender's latencies in milliseconds; -1 for a message that got no reply."""
    latencies: list[float] = []
    while not is_over.is_set():
        conversation = f"{number}-{len(latencies) // len(SAYINGS) % CONVERSATIONS}"
        message = make_message("bench", conversation, SAYINGS[len(latencies) % len(SAYINGS)], None, {}, 4000)
        started = time.perf_counter()
        lines = await kefu.turns.receive(message)
        latencies.append((time.perf_counter() - started) * 1000 if lines else -1.0)
        kefu.turns.sent(lines)
        await asyncio.sleep(PAUSE_SECONDS)
    return latencies


def left_over(kefu: Kefu) -> int:
    with kefu.database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM inbox WHERE status <> 'done'")).scalar_one())


def versions_used(kefu: Kefu) -> dict[str, int]:
    with kefu.database.read() as connection:
        records = connection.execute(text("SELECT decision FROM turns WHERE decision IS NOT NULL")).scalars()
        return dict(Counter(json.loads(record)["versions"]["model"] for record in records))


def measured(count: int, directory: Path) -> Report:
    settings = Settings(
        database_url=f"sqlite:///{directory}/kefu.db", models=directory / "models", sqlite_synchronous="NORMAL"
    )
    registry, metadata = registry_of(settings), load_metadata(DEFAULT_MODEL)
    twin = registry.adopt(DEFAULT_MODEL)
    replace(metadata, version="twin").save(registry.folder(twin))
    watch_encoders()
    kefu = assemble(settings)
    kefu.warm()

    async def run() -> Report:
        report = await swapping(kefu, registry, (twin, DEFAULT), count)
        await kefu.close()
        return report

    return asyncio.run(run())


def main(arguments: list[str]) -> None:
    counts = [int(argument) for argument in arguments if argument.isdecimal()]
    with tempfile.TemporaryDirectory() as directory:
        report = measured(counts[0] if counts else 50, Path(directory))
    if "--json" in arguments:
        print(json.dumps(asdict(report)))
        return
    table = Table("what", "measured")
    for name, value in asdict(report).items():
        table.add_row(name.replace("_", " "), f"{value:.1f}" if isinstance(value, float) else str(value))
    table.add_row("memory growth after settling", f"{report.growth:+.1%}")
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
