"""The figures of a run: by kind of action, by task, and the last words of what failed."""

from collections import Counter
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.tau_customer import Ending
from benchmarks.tau_shop import State, Write
from benchmarks.tau_tasks import WRITES, Action, Task
from knowledge.shop.errors import RefusalCode

TOUCHED = {
    "cancel": ("status", "cancel_reason", "payment_history"),
    "change items": ("items", "payment_history"),
    "change address": ("address",),
    "change default address": ("address",),
    "return": ("status", "return_items", "return_payment_method_id"),
    "exchange": (
        "status",
        "exchange_items",
        "exchange_new_items",
        "exchange_payment_method_id",
        "exchange_price_difference",
    ),
}
"""The fields of a record that an action of that kind decides."""
LAST_LINES = 6


@dataclass(frozen=True)
class Line:
    """One line of a dialogue. `who`: customer, bot, or error when the server failed."""

    who: str
    text: str


@dataclass(frozen=True)
class Talk:
    """A conversation, and how its goals ended in the customer's eyes."""

    lines: tuple[Line, ...]
    endings: tuple[Ending, ...]


@dataclass(frozen=True)
class Played:
    """A task that was talked through: its customer's part of the shop as it is, and as the right actions leave it."""

    task: Task
    seed: int
    right: State
    state: State
    refused: tuple[tuple[Action, RefusalCode], ...]
    """Right actions that the shop's operations refuse."""
    talk: Talk

    @property
    def is_done(self) -> bool:
        return self.state == self.right

    @property
    def unasked(self) -> Counter[Write]:
        """Writes beyond those of the right actions."""
        return self.state.writes - self.right.writes

    @property
    def customer_turns(self) -> int:
        return sum(line.who == "customer" for line in self.talk.lines)

    def is_action_done(self, action: Action) -> bool:
        """Whether the record that the action is about has the fields it should have."""
        is_order = "order_id" in action.arguments
        key = action.arguments["order_id" if is_order else "user_id"]
        now, right = ((state.orders if is_order else state.users)[key] for state in (self.state, self.right))
        return all(now.get(field) == right.get(field) for field in TOUCHED[WRITES[action.name]])


def report(played: list[Played], seeds: list[int], console: Console, *, is_verbose: bool) -> None:
    played = sorted(played, key=lambda one: (one.seed, int(one.task.task_id)))
    for one in played:
        if is_verbose or not one.is_done:
            print_dialogue(one, console, is_whole=is_verbose)
    console.print(actions_table(played))
    for line in summary(played, seeds):
        console.print(line, highlight=False)


def print_dialogue(one: Played, console: Console, *, is_whole: bool) -> None:
    verdict = "done" if one.is_done else "FAILED"
    console.rule(f"task {one.task.task_id}, seed {one.seed}: {verdict}")
    for line in one.talk.lines if is_whole else one.talk.lines[-LAST_LINES:]:
        console.print(f"{line.who:>8}  {escape(line.text)}", highlight=False)
    for difference in one.state.differences(one.right):
        console.print(f"   state  {escape(difference)}", highlight=False)
    if one.unasked:
        console.print(f" unasked  {dict(one.unasked)}")


def actions_table(played: list[Played]) -> Table:
    asked: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for one in played:
        for action in one.task.writes:
            asked[WRITES[action.name]] += 1
            done[WRITES[action.name]] += one.is_action_done(action)
    for one in played:
        for ending in one.talk.endings if not one.task.writes else ():
            kind = "asked, then left" if ending.goal.is_taken_back else ending.goal.kind
            asked[kind] += 1
            done[kind] += ending.is_reached
    table = Table("action", "asked", "done")
    for kind in asked:
        table.add_row(kind, str(asked[kind]), str(done[kind]))
    return table


def summary(played: list[Played], seeds: list[int]) -> list[str]:
    done = sum(one.is_done for one in played)
    writes = sum(len(one.task.writes) for one in played)
    refused = [f"task {one.task.task_id}: {action.name} ({code})" for one in played for action, code in one.refused]
    unasked = sum(one.unasked.total() for one in played)
    turns = sum(one.customer_turns for one in played) / max(len(played), 1)
    failing = [
        one.task.task_id if len(seeds) == 1 else f"{one.task.task_id}/{one.seed}" for one in played if not one.is_done
    ]
    return [
        f"seeds {', '.join(map(str, seeds))}",
        f"tasks done in conversation: {done} / {len(played)} ({done / max(len(played), 1):.1%}; aim 85 %)",
        f"right actions accepted by the shop's operations: {writes - len(refused)} / {writes}",
        *(f"  refused, as the policy demands: {one}" for one in refused),
        f"writes nobody asked for: {unasked} (aim 0)",
        f"handed to a person: {sum(one.state.is_with_a_person for one in played)} tasks",
        f"customer's messages a task: {turns:.1f}",
        f"failing tasks: {', '.join(failing) or 'none'}",
    ]
