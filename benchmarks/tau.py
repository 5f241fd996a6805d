"""`make bench-tau`: a scripted customer talks to a served bot about the tasks of tau-bench's retail domain.

A real `kefu serve` on a fresh copy of the imported shop, and a conversation in English over REST per task. A task
counts when the shop's final state equals the state after the task's right actions. It is a functional test of Kefu, not
a tau-bench score: this customer is no language model, and it was made from the right actions.

Tasks of different customers touch nothing in common and share a copy of the shop; each customer's next task gets a new
one.

    task → errand (tau_goals) → customer (tau_customer, tau_reading, tau_sentences) ⇄ server (tau_server)
         → final state and audit, against those of the right actions (tau_shop) → tables (tau_report)
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import Progress

from benchmarks.tau_customer import Customer
from benchmarks.tau_goals import errand_of, owner_of
from benchmarks.tau_report import Line, Played, Talk, report
from benchmarks.tau_server import Conversation, ServerError, serving
from benchmarks.tau_shop import copy_base, make_base, replay, state_of
from benchmarks.tau_tasks import Records, Task, read_records, read_tasks
from knowledge.shop.errors import ImportFailed

DATA = Path(__file__).parents[2] / "shared" / "data" / "tau_bench_retail"
MOST_MESSAGES = 80
"""Of one conversation; a customer's own patience ends it long before."""

LOG, LOG_LINES = "server.log", 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0; 1 when anything was written that no task asked for; 2 when nothing could be measured."""
    options = parse(arguments)
    console = Console(width=140)
    try:
        tasks = chosen_tasks(options)
        with tempfile.TemporaryDirectory(prefix="bench-tau-") as scratch:
            played = list(play_all(tasks, options, Path(scratch), console))
    except (ServerError, ImportFailed, FileNotFoundError, LookupError) as error:
        print(f"{error}\nThe data are looked for in {options.data}; --data names another directory.")
        return 2
    report(played, options.seed, console, is_verbose=options.verbose)
    return 1 if any(one.unasked for one in played) else 0


def chosen_tasks(options: argparse.Namespace) -> list[Task]:
    tasks = {task.task_id: task for task in read_tasks(options.data)}
    unknown = [task_id for task_id in options.tasks if task_id not in tasks]
    if unknown:
        raise LookupError(f"no task {', '.join(unknown)}; there are {', '.join(tasks)}")
    return [tasks[task_id] for task_id in options.tasks or tasks]


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
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("Talking", total=len(tasks) * len(options.seed))
        for seed in options.seed:
            for number, together in enumerate(rounds(tasks, records)):
                folder = scratch / f"{seed}-{number}"
                folder.mkdir()
                yield from play_round(together, seed, records, base, folder, lambda: progress.advance(bar))
                tell_of_failures(folder / LOG, console)


def rounds(tasks: list[Task], records: Records) -> list[list[Task]]:
    """The tasks in groups that have each customer once."""
    groups: dict[int, list[Task]] = {}
    seen: Counter[str] = Counter()
    for task in tasks:
        owner = owner_of(task, records)["user_id"]
        groups.setdefault(seen[owner], []).append(task)
        seen[owner] += 1
    return list(groups.values())


def play_round(
    tasks: list[Task], seed: int, records: Records, base: Path, folder: Path, advance: Callable[[], None]
) -> list[Played]:
    """What should be, the conversations, what is."""
    right, talked = folder / "right.db", folder / "talked.db"
    copy_base(base, right)
    copy_base(base, talked)
    refused = {task.task_id: replay(right, task.writes, task.sender) for task in tasks}
    talks = {}
    with serving(talked, folder / LOG) as address:
        for task in tasks:
            talks[task.task_id] = talk(task, seed, records, address)
            advance()
    should_be, is_now = state_of(right), state_of(talked)
    return [
        Played(
            task,
            seed,
            right=should_be.part_of(owner := owner_of(task, records)["user_id"], task.sender),
            state=is_now.part_of(owner, task.sender),
            refused=tuple(refused[task.task_id]),
            talk=talks[task.task_id],
        )
        for task in tasks
    ]


def tell_of_failures(log: Path, console: Console) -> None:
    """The last of what the server logged as going wrong, if anything did."""
    lines = log.read_text("utf-8", "replace").splitlines()
    if any(line.startswith("Traceback") for line in lines):
        console.print("The server logged a failure:", *lines[-LOG_LINES:], sep="\n  ", markup=False, highlight=False)


def talk(task: Task, seed: int, records: Records, address: str) -> Talk:
    """The task's conversation. A server that fails ends it."""
    customer = Customer(errand_of(task, records), random.Random(f"{seed}/{task.task_id}"))
    conversation = Conversation(address, task.sender)
    lines = list(dialogue(customer, conversation))
    conversation.close()
    return Talk(tuple(lines), tuple(customer.endings))


def dialogue(customer: Customer, conversation: Conversation) -> Iterator[Line]:
    said: str | None = customer.opening()
    for _ in range(MOST_MESSAGES):
        if said is None:
            return
        yield Line("customer", said)
        try:
            replies = conversation.say(said)
        except (ServerError, httpx.TransportError) as error:
            yield Line("error", f"{type(error).__name__}: {error}")
            return
        yield from (Line("bot", reply.shown) for reply in replies)
        said = customer.answer(replies)


if __name__ == "__main__":
    sys.exit(main())
