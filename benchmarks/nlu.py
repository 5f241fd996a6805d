"""`make bench-nlu`: what it costs to understand a message with the default model.

    benchmarks/nlu.py            latency on one core, messages a second on two, loading, size, frozen training
    benchmarks/nlu_variants.py   what smaller and larger variants of the graphs would cost and bring (needs onnx)
    benchmarks/nlu_peer.yml      Rasa's figures, quoted

Prints tables and writes benchmarks/results/nlu_speed.json. `--training` and `--variants` take minutes each;
without them the tables show what they found last.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rich.console import Console
from rich.table import Table

from nlu.interpreter import DEFAULT_MODEL, Interpreter

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "nlu_speed.json"
PEER = Path(__file__).with_name("nlu_peer.yml")
MESSAGES = {
    "en, 12 tokens": "I would like to cancel my order from last week",
    "zh, 12 tokens": "我想取消上周下的订单",
    "en, 4 tokens": "cancel it",
    "en, 50 tokens": "I ordered a blue rain jacket in size M two weeks ago and it arrived with a broken zip and a "
    "stain on the left sleeve which I only noticed when I tried it on at home yesterday and now I wonder what you can "
    "do for me",
    "zh, 55 tokens": "我两周前在你们店里买了一件蓝色的雨衣尺码是中码昨天晚上回家试穿的时候才发现拉链是坏的"
    "左边袖子上还有一块污渍",
}
LIMITS = {"p50": 3.0, "p99": 8.0, "messages a second": 800.0}
REPEATS = 300
WARM = 20
THREADS = 16


@dataclass(frozen=True)
class Latency:
    """Milliseconds of `parse` on one core: by the clock, and of processor time, which other programs disturb less."""

    p50: float
    p99: float
    processor_p50: float
    processor_p99: float


@contextmanager
def on_cores(count: int) -> Iterator[None]:
    """Keeps this process on so many cores until the block ends."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def latency(interpreter: Interpreter, text: str, repeats: int = REPEATS) -> Latency:
    wall, processor = [], []
    for number in range(WARM + repeats):
        started, used = time.perf_counter(), time.thread_time()
        interpreter.parse(text)
        if number >= WARM:
            wall.append(time.perf_counter() - started)
            processor.append(time.thread_time() - used)
    shares = [np.percentile(times, share) * 1000 for times in (wall, processor) for share in (50, 99)]
    return Latency(*(round(float(one), 2) for one in shares))


def throughput(interpreter: Interpreter, seconds: float = 3.0) -> dict[str, float]:
    """Messages a second of `THREADS` threads that each say the next one once theirs is understood."""
    texts = [text for name, text in MESSAGES.items() if "12" in name]
    until = time.perf_counter() + seconds

    def talk(number: int) -> int:
        count = 0
        while time.perf_counter() < until:
            interpreter.parse(texts[(number + count) % len(texts)])
            count += 1
        return count

    started, used = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(THREADS) as threads:
        count = sum(threads.map(talk, range(THREADS)))
    wall, processor = time.perf_counter() - started, time.process_time() - used
    return {
        "messages_a_second": round(count / wall, 1),
        "processor_milliseconds_a_message": round(processor / count * 1000, 3),
        "cores_kept_busy": round(processor / wall, 2),
    }


def load_seconds(directory: Path) -> tuple[Interpreter, float]:
    started = time.perf_counter()
    return Interpreter.load(directory), round(time.perf_counter() - started, 2)


def megabytes(folder: Path) -> float:
    return round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6, 1)


def measured(directory: Path) -> dict[str, Any]:
    with on_cores(1):
        interpreter, seconds = load_seconds(directory)
        latencies = {name: vars(latency(interpreter, text)) for name, text in MESSAGES.items()}
    with on_cores(2):
        rate = throughput(interpreter)
    return {
        "load_average": round(os.getloadavg()[0], 1),
        "model": interpreter.metadata.version,
        "megabytes": megabytes(directory),
        "load_seconds": seconds,
        "parse_one_core": latencies,
        "two_cores": rate,
    }


def training() -> dict[str, float]:
    """`kefu train --frozen` on 10,000 utterances: the default model's own, each also with a polite word before it."""
    from nlu.dataset import Dataset, Example, load_dataset
    from nlu.frozen_training import train_frozen
    from nlu.pipeline import load_pipeline

    given = load_dataset(ROOT / "bot/assistant/nlu", keep_first=True).intents
    polite = [
        Example(("请问，" if one.language == "zh" else "excuse me, ") + one.text, one.label, one.where) for one in given
    ]
    examples = tuple([*given, *polite][:10_000])
    started, used = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as out:
        train_frozen(Dataset(examples, ()), DEFAULT_MODEL, Path(out), load_pipeline(), lambda *_: None)
    return {
        "examples": len(examples),
        "seconds": round(time.perf_counter() - started, 1),
        "processor_seconds": round(time.process_time() - used, 1),
    }


def show(results: dict[str, Any]) -> None:
    console = Console()
    table = Table("parse on one core", "p50 ms", "p99 ms", "processor p50", "processor p99", "limit")
    for name, its in results["parse_one_core"].items():
        limit = f"{LIMITS['p50']:.0f} / {LIMITS['p99']:.0f}" if "12" in name else ""
        table.add_row(name, *(f"{its[key]:.2f}" for key in ("p50", "p99", "processor_p50", "processor_p99")), limit)
    console.print(table)
    rest = Table("what", "measured", "limit")
    rate = results["two_cores"]
    rest.add_row(
        f"messages a second, two cores, {THREADS} threads",
        f"{rate['messages_a_second']:.0f} ({rate['cores_kept_busy']} cores got)",
        f"{LIMITS['messages a second']:.0f}",
    )
    rest.add_row("processor time a message", f"{rate['processor_milliseconds_a_message']:.2f} ms", "")
    rest.add_row("model load", f"{results['load_seconds']:.2f} s", "")
    rest.add_row("model folder", f"{results['megabytes']} MB", "40 MB")
    if trained := results.get("training_frozen"):
        rest.add_row(f"training on {trained['examples']} utterances, frozen", f"{trained['seconds']} s", "60 s")
    rest.add_row("load average of the machine meanwhile", str(results["load_average"]), "")
    console.print(rest)
    rows = [*results.get("variants", []), *yaml.safe_load(PEER.read_text("utf-8"))]
    console.print(variants_table(rows))


def variants_table(rows: Sequence[dict[str, Any]]) -> Table:
    table = Table("variant (Rasa: quoted)", "MB", "p50 ms", "accuracy", "trained in s")
    for row in rows:
        told = (row.get(key) for key in ("megabytes", "p50_milliseconds", "accuracy", "training_seconds"))
        table.add_row(row["variant"], *("" if one is None else str(one) for one in told))
    return table


def main(arguments: Sequence[str]) -> None:
    before = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    results = {key: before[key] for key in ("variants", "training_frozen") if key in before} | measured(DEFAULT_MODEL)
    if "--training" in arguments:
        results["training_frozen"] = training()
    if "--variants" in arguments:
        from benchmarks.nlu_variants import variants

        results["variants"] = variants(DEFAULT_MODEL)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
    show(results)


if __name__ == "__main__":
    main(sys.argv[1:])
