"""Reading the bot's summary before saying yes: is it my order, my items, what I asked for, and my way to pay?"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.tau_goals import Goal, Item
from benchmarks.tau_reading import ORDER_NUMBER
from benchmarks.tau_words import address_line, is_named, item_name, item_names, listed, method_names, one_with, swaps


@dataclass(frozen=True)
class Objection:
    """What is wrong with a summary: the kind of answer (tau_sentences.ANSWERS) and the fields it needs."""

    kind: str
    fields: dict[str, str]


def objection(summary: str, goal: Goal) -> Objection | None:
    """The first thing that a customer who reads the summary would not say yes to."""
    return next((found for check in CHECKS for found in check(summary, goal)), None)


def _order(summary: str, goal: Goal) -> Iterator[Objection]:
    if goal.order_number and goal.order_number not in ORDER_NUMBER.findall(summary):
        yield Objection("wrong order", {})


def _left_out(summary: str, goal: Goal) -> Iterator[Objection]:
    missing = [item for item in goal.items if not _says(summary, item.name)]
    if missing and goal.kind == "return":
        yield Objection("also items", {"items": listed(item_names(missing))})
    elif missing:
        yield Objection("also swaps", {"swaps": listed([f"{item_name(i)} for {one_with(i.changes)}" for i in missing])})


def _too_much(summary: str, goal: Goal) -> Iterator[Objection]:
    if goal.items and any(_says(summary, name) for name in goal.others):
        yield Objection("only items", {"items": listed(item_names(goal.items)), "swaps": swaps_or_names(goal)})


def _variants(summary: str, goal: Goal) -> Iterator[Objection]:
    for item in goal.items:
        if any(not _says(summary, value) for value in _shown(item)):
            yield Objection("wrong variant", {"item": item_name(item), "wish": one_with(item.changes)})


def _payment(summary: str, goal: Goal) -> Iterator[Objection]:
    others_named = any(is_named(method, summary) for method in goal.other_methods)
    if goal.payment and others_named and not is_named(goal.payment, summary):
        yield Objection("other payment", {"pay": method_names(goal.payment)[0]})


def _address(summary: str, goal: Goal) -> Iterator[Objection]:
    if goal.address and address_line(goal.address).lower() not in summary.lower():
        yield Objection("wrong address", {})


CHECKS: tuple[Callable[[str, Goal], Iterator[Objection]], ...] = (
    _order, _left_out, _too_much, _variants, _payment, _address
)  # fmt: skip


def _shown(item: Item) -> list[str]:
    """The new values that a summary must say; a bare yes, no or none can be put in many ways."""
    return [value for value in item.changes.values() if value not in ("yes", "no", "none")]


def swaps_or_names(goal: Goal) -> str:
    return swaps(goal) if goal.kind != "return" else listed(item_names(goal.items))


def _says(text: str, words: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.I))
