"""`make bench-tau`: a scripted customer talks to a served bot about the tasks of tau-bench's retail domain.

For each task: a fresh copy of the imported shop, a real `kefu serve`, a conversation in English over REST. A task
counts when the shop's final state equals the state after the task's right actions. It is a functional test of Kefu, not
a tau-bench score: this customer is no language model, and it was made from the right actions.

    task → errand (tau_goals) → customer (tau_customer, tau_reading, tau_sentences) ⇄ server (tau_server)
         → final state and audit, against those of the right actions (tau_shop) → tables (tau_report)
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.tau_customer import Customer
from benchmarks.tau_goals import errand_of
from benchmarks.tau_report import Line, Played, report
from benchmarks.tau_server import Conversation, ServerError, serving
from benchmarks.tau_shop import copy_base, make_base, replay, state_of
from benchmarks.tau_tasks import Records, Task, read_records, read_tasks

DATA = Path(__file__).parents[2] / "shared" / "data" / "tau_bench_retail"
MOST_MESSAGES = 80
"""Of one conversation; a customer's own patience ends it long before."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0, or 1 when anything was written that no task asked for."""
    options = parse(arguments)
    if not options.data.is_dir():
        print(f"tau-bench's retail data are not at {options.data}: name their directory with --data.")
        return 2
    tasks = [task for task in read_tasks(options.data) if not options.tasks or task.task_id in options.tasks]
    console = Console(width=140)
    with tempfile.TemporaryDirectory(prefix="bench-tau-") as scratch:
        played = list(play_all(tasks, options, Path(scratch), console))
    report(played, options.seed, console, is_verbose=options.verbose)
    return 1 if any(one.unasked for one in played) else 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-tau", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=DATA, help="directory with tau-bench's retail files")
    parser.add_argument("--tasks", type=lambda text: text.split(","), default=[], help="only these ids: 3,16")
    parser.add_argument(
        "--seed", type=int, nargs="+", default=[1], help="how the customers put things; several run in turn"
    )
    parser.add_argument("--verbose", action="store_true", help="print whole dialogues")
    return parser.parse_args(arguments)


def play_all(tasks: list[Task], options: argparse.Namespace, scratch: Path, console: Console) -> Iterator[Played]:
    base = scratch / "base.db"
    make_base(options.data, base)
    records = read_records(options.data)
    runs = [(seed, task) for seed in options.seed for task in tasks]
    for seed, task in track(runs, "Talking", console=console, transient=True):
        folder = scratch / f"{seed}-{task.task_id}"
        folder.mkdir()
        yield play(task, seed, records, base, folder)


def play(task: Task, seed: int, records: Records, base: Path, folder: Path) -> Played:
    """One task: what should be, the conversation, what is."""
    expected, actual = folder / "expected.db", folder / "talked.db"
    copy_base(base, expected)
    copy_base(base, actual)
    right = replay(expected, task.writes)
    customer = Customer(errand_of(task, records), random.Random(f"{seed}/{task.task_id}"))
    with serving(actual, folder / "server.log") as address:
        lines = list(talk(customer, Conversation(address, f"task-{task.task_id}")))
    return Played(task, seed, right, state_of(actual), tuple(customer.endings), tuple(lines))


def talk(customer: Customer, conversation: Conversation) -> Iterable[Line]:
    """The dialogue, line by line. A server that fails ends it."""
    said: str | None = customer.opening()
    for _ in range(MOST_MESSAGES):
        if said is None:
            break
        yield Line("customer", said)
        try:
            replies = conversation.say(said)
        except ServerError as error:
            yield Line("error", str(error))
            break
        yield from (Line("bot", reply.shown) for reply in replies)
        said = customer.answer(replies)
    conversation.close()


if __name__ == "__main__":
    sys.exit(main())
