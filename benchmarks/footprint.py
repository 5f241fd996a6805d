"""`make bench-footprint`: what Kefu costs to keep: the base install on disk, the second start, memory while serving."""

import importlib.metadata
import tempfile
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rich.console import Console
from rich.table import Table

from benchmarks.load import Load
from benchmarks.serving import ROOT, Served, environment, kefu, orders, serving
from benchmarks.turn import action_scripts, measure, plain_scripts

Seen = frozenset[tuple[str, frozenset[str]]]
MEGABYTE = 1_000_000
MESSAGE_SECONDS = 10.0
LIMITS = {"install": 600.0, "second start": 3.0, "memory": 400.0}


def base_install(name: str = "kefu", extras: frozenset[str] = frozenset(), seen: Seen = frozenset()) -> Seen:
    """Kefu and all that its base install brings, with the extras asked for on the way."""
    seen |= {(name, extras)}
    for requirement in map(Requirement, importlib.metadata.requires(name) or []):
        contexts = [{"extra": extra} for extra in ("", *extras)]
        if not requirement.marker or any(requirement.marker.evaluate(context) for context in contexts):
            needed = canonicalize_name(requirement.name), frozenset(requirement.extras)
            seen = seen if needed in seen else base_install(*needed, seen)
    return seen


def installed_megabytes(extras: frozenset[str] = frozenset()) -> float:
    """Files on disk of the base install and of these extras; the environment may hold more, which is not counted."""
    total = 0
    for name in {name for name, _ in base_install(extras=extras)} - {"kefu"}:
        for file in importlib.metadata.distribution(name).files or []:
            path = Path(str(file.locate()))
            total += path.stat().st_size if path.is_file() else 0
    own = (path for package in ("bot", "nlu", "actions", "knowledge") for path in (ROOT / package).rglob("*"))
    return (total + sum(path.stat().st_size for path in own if path.is_file())) / MEGABYTE


def resident_megabytes(served: Served) -> float:
    status = Path(f"/proc/{served.pid}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) * 1024 / MEGABYTE


def main() -> None:
    table = Table("what", "measured", "limit")
    table.add_row("base install on disk", f"{installed_megabytes():.0f} MB", f"{LIMITS['install']:.0f} MB")
    table.add_row("with the extra crm (fitting, reports)", f"{installed_megabytes(frozenset({'crm'})):.0f} MB", "")
    with tempfile.TemporaryDirectory() as directory:
        env = environment(Path(directory), log_level="WARNING")
        kefu(env, "demo", "seed")
        scripts = plain_scripts() + action_scripts(orders(env, 40))
        with serving(env) as first:
            measure(Load(first.port, 1, 1.0, plain_scripts()))
        with serving(env) as served:
            table.add_row(
                "second start to /readyz", f"{served.started_seconds:.1f} s", f"{LIMITS['second start']:.0f} s"
            )
            measure(Load(served.port, 16, MESSAGE_SECONDS, scripts))
            memory = resident_megabytes(served)
    table.add_row("memory after serving 16 senders", f"{memory:.0f} MB", f"{LIMITS['memory']:.0f} MB")
    Console().print(table)


if __name__ == "__main__":
    main()
