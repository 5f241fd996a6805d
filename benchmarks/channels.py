"""How fast deliveries of each messaging platform are acknowledged, and whether one is lost or answered twice.

    python -m benchmarks.channels [--seconds 5] [--rate 100] [channel …]

For each channel a `kefu serve` of its own (the real model and assistant, a demo shop, SQLite) on the loopback, the
platform's API in this process, and the load in a third one. Deliveries are signed as the platform signs them. A channel
that is asked by Kefu has no acknowledgement: it is left out.
"""

import argparse
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.deliveries import Load
from benchmarks.serving import ROOT, Served, environment, kefu, serving
from bot.channels_in_use import all_channels
from tests.contracts.conftest import platform_of
from tests.contracts.emulator import Emulator, Heard
from tests.contracts.platform import PUBLIC_URL, Delivered, Platform

WORDS = (
    "where is my order?",
    "do you ship to France?",
    "我想退货",
    "how long does a refund take?",
    "有没有优惠券",
    "what are your opening hours?",
)
GUESTS = 50
SETTLE_SECONDS = 120.0
COLUMNS = ("channel", "deliveries", "ack p50 ms", "ack p99 ms", "worst ms", "refused", "lost", "twice", "unanswered")


@dataclass(frozen=True)
class Result:
    channel: str
    sent: int
    p50_ms: float
    p99_ms: float
    worst_ms: float
    refused: int
    lost: int
    twice: int
    unanswered: int


def measure(name: str, rate: float, seconds: float, shop: Path) -> Result:
    """`shop`: a seeded database, which is copied."""
    platform, kind = platform_of(name), all_channels()[name]
    with tempfile.TemporaryDirectory() as folder, platform.running() as emulator:
        own = {f"{name}_{field}": value for field, value in platform.settings(emulator.url).items()}
        env = environment(Path(folder), public_url=PUBLIC_URL, log_level="ERROR", **own)
        shutil.copy(shop, Path(folder) / "kefu.db")
        path, count = f"/webhooks/{name}{kind.path}", int(rate * seconds)
        with serving(env) as served:
            warm_up(served, platform, path)
            database = Path(folder) / "kefu.db"
            requests = [delivery(platform, path, number) for number in range(count)]
            answers = load(Load(served.port, rate, [b64encode(one).decode() for one in requests]))
            stored, unanswered = settled(database, count + 1)
        return judged(name, answers, stored - 1, unanswered, twice(database, emulator, platform))


def warm_up(served: Served, platform: Platform, path: str) -> None:
    """The first turn of a process reads what later ones have at hand."""
    load(Load(served.port, 1.0, [b64encode(delivery(platform, path, 10**6)).decode()]))
    time.sleep(2)


def delivery(platform: Platform, path: str, number: int) -> bytes:
    one = platform.delivery(f"guest{number % GUESTS}", WORDS[number % len(WORDS)], number, time.time())
    platform.delivering(one)
    return request(path, one)


def request(path: str, one: Delivered) -> bytes:
    query = f"?{urlencode(one.query)}" if one.query else ""
    headers = {**one.headers, "host": "bench", "content-length": str(len(one.body))}
    lines = [f"{one.method} {path}{query} HTTP/1.1", *(f"{key}: {value}" for key, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + one.body


def load(wanted: Load) -> list[tuple[int, float]]:
    command, given = [sys.executable, "-m", "benchmarks.deliveries"], json.dumps(asdict(wanted))
    done = subprocess.run(command, input=given, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return [(status, seconds) for status, seconds in json.loads(done.stdout)]


def settled(database: Path, count: int) -> tuple[int, int]:
    """How many messages are stored, and how many of them no turn has answered, once all is done or time is over."""
    end = time.monotonic() + SETTLE_SECONDS
    while True:
        with sqlite3.connect(database) as connection:
            [(stored, waiting)] = connection.execute("SELECT COUNT(*), SUM(status = 'accepted') FROM inbox")
            asked = "SELECT COUNT(*) FROM inbox i WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.inbox_id = i.id)"
            [(unanswered,)] = connection.execute(asked)
        if (stored >= count and not waiting) or time.monotonic() > end:
            return stored, unanswered
        time.sleep(0.2)


def heard_from(emulator: Emulator, platform: Platform) -> int:
    return sum(is_said(platform, one) for one in [*emulator.heard])


def is_said(platform: Platform, heard: Heard) -> bool:
    return platform.said(heard) is not None


def twice(database: Path, emulator: Emulator, platform: Platform) -> int:
    """Answers doubled in the outbox, and calls that reached the platform beyond the parts that Kefu knows it sent."""
    with sqlite3.connect(database) as connection:
        doubled = connection.execute(
            "SELECT COUNT(*) FROM (SELECT inbox_id, body FROM outbox GROUP BY inbox_id, body HAVING COUNT(*) > 1)"
        ).fetchone()[0]
        parts = connection.execute("SELECT COALESCE(SUM(parts_done), 0) FROM deliveries").fetchone()[0]
    return int(doubled) + max(heard_from(emulator, platform) - int(parts), 0)


def judged(name: str, answers: list[tuple[int, float]], stored: int, unanswered: int, doubled: int) -> Result:
    times = sorted(1000 * seconds for status, seconds in answers if status < 300)
    refused = len(answers) - len(times)
    percentile = statistics.quantiles(times, n=100)
    return Result(
        name,
        len(answers),
        percentile[49],
        percentile[98],
        times[-1],
        refused,
        len(times) - stored,
        doubled,
        unanswered,
    )


def main() -> None:
    names = [name for name, kind in all_channels().items() if kind.delivers]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("channels", nargs="*", default=names)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rate", type=float, default=100.0)
    given = parser.parse_args()
    sys.stdout.write(
        "| channel | deliveries | ack p50 ms | ack p99 ms | worst ms | refused | lost | twice | unanswered |\n"
    )
    sys.stdout.write("|---|---|---|---|---|---|---|---|---|\n")
    with tempfile.TemporaryDirectory() as folder:
        kefu(environment(Path(folder)), "demo", "seed", "--customers", "60")
        for name in given.channels:
            show(measure(name, given.rate, given.seconds, Path(folder) / "kefu.db"))


def show(one: Result) -> None:
    times = f"{one.p50_ms:.1f} | {one.p99_ms:.1f} | {one.worst_ms:.1f}"
    bad = f"{one.refused} | {one.lost} | {one.twice} | {one.unanswered}"
    sys.stdout.write(f"| {one.channel} | {one.sent} | {times} | {bad} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
