"""`make bench-turn`: how fast is a turn, over REST, durable, with the shipped model and assistant?

Closed loop, a fresh sender every six messages, as the peer was measured. Also: does a turn get slower with the
conversation?
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.load import Load
from benchmarks.serving import IDENTITY_SECRET, ROOT, environment, kefu, orders, serving
from bot.identity import sign

Script = list[dict[str, object]]
SENDERS = (1, 16, 64)
PLAIN = (
    ("hello there", "are you a robot?", "thanks a lot", "what can you do for me?", "who are you", "bye for now"),
    ("你好", "你是机器人吗", "谢谢啦", "你能帮我做什么", "你是谁呀", "再见"),
)
TRACK = {"en": "where is my order {}?", "zh": "我的订单{}到哪了"}
NEEDED_PLAIN, NEEDED_ACTION = 267, 120


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
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


def report(port: int, seconds: float, kinds: dict[str, list[Script]]) -> Table:
    table = Table("turn", "senders", "msg/s", "p50 ms", "p95 ms", "p99 ms", "errors")
    cases = [(kind, senders) for kind in kinds for senders in SENDERS]
    for kind, senders in track(cases, description="measuring", console=Console(stderr=True)):
        measure(Load(port, senders, 1.0, kinds[kind]))
        latencies, errors, took = measure(Load(port, senders, seconds, kinds[kind]))
        figures = [f"{percentile(latencies, share):.1f}" for share in (0.5, 0.95, 0.99)]
        table.add_row(kind, str(senders), f"{len(latencies) / took:.0f}", *figures, str(dict(Counter(errors)) or 0))
    return table


def growth(port: int) -> tuple[float, float]:
    """Median milliseconds of turns 5-25 and of turns 390-410 of one conversation."""
    script: Script = [{"message": PLAIN[0][number % 5]} for number in range(10_000)]
    latencies: list[float] = []
    seconds = 3.0
    while len(latencies) < 410:
        latencies, _, _ = measure(Load(port, 1, seconds, [script]))
        seconds *= 2
    return median(latencies[5:25]) * 1000, median(latencies[390:410]) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each case is measured")
    seconds = parser.parse_args().seconds
    console = Console()
    with tempfile.TemporaryDirectory() as directory:
        env = environment(Path(directory), log_level="WARNING")
        kefu(env, "demo", "seed", "--customers", "300")
        kinds = {"plain": plain_scripts(), "with action": action_scripts(orders(env, 40))}
        with serving(env) as served:
            console.print(report(served.port, seconds, kinds))
            early, late = growth(served.port)
    console.print(f"must be: plain ≥ {NEEDED_PLAIN} msg/s, with action ≥ {NEEDED_ACTION}; p50 ≤ 8 ms at one sender")
    console.print(f"one conversation: turn 10 {early:.1f} ms, turn 400 {late:.1f} ms, ratio {late / early:.2f} (≤ 1.2)")


if __name__ == "__main__":
    main()
