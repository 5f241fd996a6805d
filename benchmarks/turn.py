"""`make bench-turn`: how fast is a turn, over REST, durable, with the shipped model and assistant?

Closed loop, a fresh sender every six messages, as the peer was measured; medians of several runs. Also: does a turn get
slower with the conversation?
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.load import Load
from benchmarks.serving import IDENTITY_SECRET, ROOT, Served, environment, kefu, orders, serving
from bot.identity import sign

Script = list[dict[str, object]]
SENDERS = (1, 16, 64)
PLAIN = (
    ("hello there", "are you a robot?", "thanks a lot", "what can you do for me?", "who are you", "bye for now"),
    ("你好", "你是机器人吗", "谢谢啦", "你能帮我做什么", "你是谁呀", "再见"),
)
TRACK = {"en": "where is my order {}?", "zh": "我的订单{}到哪了"}
OLD, PAIRS = 400, 200


@dataclass(frozen=True)
class Figures:
    """One case, all times in milliseconds. `cpu`: of the server process, a message."""

    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float | None = None


PEER = {
    ("plain", 1): Figures(63.5, 15.5, 19.0, 20.8, 16.1),
    ("plain", 16): Figures(66.8, 222, 415, 506),
    ("plain", 64): Figures(56.5, 1098, 1289, 2157),
    ("with action", 1): Figures(30.4, 32.3, 38.0, 40.4, 33.4),
    ("with action", 16): Figures(29.9, 506, 589, 592),
    ("with action", 64): Figures(27.9, 2261, 2619, 2885),
}
"""Rasa Open Source 3.6.21: medians of three runs of ten seconds on two cores of the kind Kefu is built for, one worker,
trackers in memory (nothing survives a restart)."""
NEEDED = {"plain": 267, "with action": 120}
LONGEST_P50 = 8.0
LARGEST_GROWTH = 1.2


def plain_scripts() -> list[Script]:
    return [[{"message": words} for words in script] for script in PLAIN]


def action_scripts(found: list[dict[str, str]]) -> list[Script]:
    """Six orders tracked by the signed-in customer whose they are."""
    scripts: list[Script] = []
    for order in found:
        token = sign(order["email"], IDENTITY_SECRET, life_seconds=3000)
        words = TRACK["zh" if order["locale"].startswith("zh") else "en"].format(order["order_number"])
        scripts.append([{"message": words, "metadata": {"identity_token": token}}] * 6)
    return scripts


def measure(load: Load) -> tuple[list[float], list[str], float]:
    command = [sys.executable, "-m", "benchmarks.load"]
    done = subprocess.run(command, input=json.dumps(asdict(load)), cwd=ROOT, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    return result["latencies"], result["errors"], result["seconds"]


def percentile(values: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


def cpu_seconds(pid: int) -> float:
    """What the process has used of the processors since it began."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(served: Served, load: Load) -> tuple[Figures, Counter[str]]:
    before = cpu_seconds(served.pid)
    latencies, errors, took = measure(load)
    cpu = (cpu_seconds(served.pid) - before) / len(latencies) * 1000
    p50, p95, p99 = (percentile(latencies, share) for share in (0.5, 0.95, 0.99))
    return Figures(len(latencies) / took, p50, p95, p99, cpu), Counter(errors)


def middle(runs: list[Figures]) -> Figures:
    """The median of each figure."""
    return Figures(*(median(values) for values in zip(*(asdict(one).values() for one in runs), strict=True)))


def cases(served: Served, seconds: float, runs: int, kinds: dict[str, list[Script]]) -> Iterator[tuple[str, ...]]:
    """The rows of the table. The runs of a case are spread over the whole time: a busy minute spoils one of each."""
    found: dict[tuple[str, int], list[Figures]] = {}
    errors: dict[tuple[str, int], Counter[str]] = {}
    wanted = [(kind, senders) for _ in range(runs) for kind in kinds for senders in SENDERS]
    for kind, senders in track(wanted, description="measuring", console=Console(stderr=True)):
        measure(Load(served.port, senders, 0.5, kinds[kind]))
        figures, wrong = run(served, Load(served.port, senders, seconds, kinds[kind]))
        found.setdefault((kind, senders), []).append(figures)
        errors.setdefault((kind, senders), Counter()).update(wrong)
    for case, measured in found.items():
        ours, peer = middle(measured), PEER[case]
        shown = [f"{ours.rate:.0f}", *(f"{value:.1f}" for value in (ours.p50, ours.p95, ours.p99, ours.cpu or 0))]
        beside = [f"{peer.rate:.0f}", f"{peer.p50:.0f}", f"{ours.rate / peer.rate:.1f} ×"]
        yield case[0], str(case[1]), *shown, *beside, str(dict(errors[case]) or 0)


def report(rows: Iterator[tuple[str, ...]]) -> Table:
    table = Table()
    for heading in (
        "turn",
        "senders",
        "msg/s",
        "p50 ms",
        "p95",
        "p99",
        "CPU ms",
        "peer msg/s",
        "p50",
        "ours",
        "errors",
    ):
        table.add_column(heading, no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def growth(port: int) -> tuple[float, float]:
    """Median milliseconds of a turn in a conversation's beginning, and after `OLD` turns: said by turns, for whatever
    else the machine does meets both alike."""
    connection = HTTPConnection("127.0.0.1", port)
    for turn in range(OLD):
        say(connection, "old", turn)
    early, late = [], []
    for turn in range(PAIRS):
        late.append(say(connection, "old", OLD + turn))
        early.append(say(connection, f"young {turn // 25}", turn))
    connection.close()
    return median(early), median(late)


def say(connection: HTTPConnection, sender: str, turn: int) -> float:
    """One message and its answer, in milliseconds."""
    body = json.dumps({"sender": sender, "message": PLAIN[0][turn % 5]})
    started = time.perf_counter()
    connection.request("POST", "/webhooks/rest/webhook", body)
    connection.getresponse().read()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each run of a case is measured")
    parser.add_argument("--runs", type=int, default=3, help="runs of each case; the median of each figure is shown")
    given = parser.parse_args()
    console = Console(width=120)  # the table's, also where the output is kept in a file
    with tempfile.TemporaryDirectory() as directory:
        env = environment(Path(directory), log_level="WARNING")
        kefu(env, "demo", "seed", "--customers", "300")
        kinds = {"plain": plain_scripts(), "with action": action_scripts(orders(env, 40))}
        with serving(env) as served:
            console.print(report(cases(served, given.seconds, given.runs, kinds)))
            early, late = growth(served.port)
    needed = ", ".join(f"{kind} ≥ {rate} msg/s" for kind, rate in NEEDED.items())
    console.print(f"must be: {needed}; p50 ≤ {LONGEST_P50:g} ms at one sender. CPU: of the server, a message.")
    console.print(f"one conversation: turn 1-25 {early:.1f} ms, turn {OLD}-{OLD + PAIRS} {late:.1f} ms,", end=" ")
    console.print(f"ratio {late / early:.2f} (≤ {LARGEST_GROWTH})")


if __name__ == "__main__":
    main()
