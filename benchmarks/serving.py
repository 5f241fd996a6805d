"""A served Kefu for the benchmarks: its own database, seeded with a small demo shop, on a free port."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
IDENTITY_SECRET = "the identity secret of a benchmark, long enough"


@dataclass(frozen=True)
class Served:
    """`started_seconds`: from starting the process until /readyz said 200."""

    port: int
    pid: int
    started_seconds: float
    environment: dict[str, str]


def environment(directory: Path, **settings: str) -> dict[str, str]:
    given = {"database_url": f"sqlite:///{directory}/kefu.db", "identity_secret": IDENTITY_SECRET, **settings}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KEFU_")}
    return {**clean, **{f"KEFU_{name.upper()}": value for name, value in given.items()}}


def kefu(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def orders(env: dict[str, str], limit: int) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(kefu(env, "demo", "orders", "--limit", str(limit), "--json"))
    return found


@contextmanager
def serving(env: dict[str, str]) -> Iterator[Served]:
    """`kefu serve` until the block ends."""
    port = free_port()
    started = time.perf_counter()
    command = [sys.executable, "-m", "bot", "serve"]
    process = subprocess.Popen(command, env={**env, "KEFU_PORT": str(port)}, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(port, process)
        yield Served(port, process.pid, time.perf_counter() - started, env)
    finally:
        process.terminate()
        process.wait(20)


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"kefu serve ended with {process.returncode}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
