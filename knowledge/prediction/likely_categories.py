"""For each customer the categories they will most likely buy in within 28 days, and why: what a profile shows.

Some thousand customers at a time: every pair of a customer and a category is a row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.customers.features import Flags
from knowledge.customers.transactions import Ints, Items, Transactions
from knowledge.prediction.categories import CategoryModel
from knowledge.prediction.category_visits import OF_THE_CUSTOMER, Pairs
from knowledge.prediction.reasons import Reason

AT_ONCE = 10_000
LEAST_CHANCE = 0.02
"""Below it a category is not worth a line."""
ABOUT: Mapping[str, tuple[str, ...]] = {
    "category_taste": ("taste",),
    "category_season": ("popularity", "is_"),
    "category_pace": OF_THE_CUSTOMER,
}
"""Code of a reason: how the names of its features begin; all others are about the customer's purchases in it."""
HABIT = "category_habit"
CODES = (HABIT, *ABOUT)


@dataclass(frozen=True)
class Likely:
    category: str
    chance: float
    reasons: tuple[Reason, ...]
    """The strongest first; empty where nobody asked why."""


def likely(
    model: CategoryModel, transactions: Transactions, items: Items, cut: float, explained: Ints, most: int = 3
) -> dict[int, tuple[Likely, ...]]:
    """By customer number, from the lines before the day `cut` only. `explained`: whom to say why for."""
    found: dict[int, tuple[Likely, ...]] = {}
    customers = np.unique(transactions.before(cut).customer)
    for block in _blocks(customers):
        some = transactions.where(np.isin(transactions.customer, block))
        found.update(_of_block(model, some, items, cut, np.isin(block, explained), most))
    return found


def _blocks(customers: Ints) -> Iterator[Ints]:
    """Every n-th together: what is usual among them is what is usual in the shop."""
    count = max(1, -(-len(customers) // AT_ONCE))
    return (customers[first::count] for first in range(count))


def _of_block(
    model: CategoryModel, transactions: Transactions, items: Items, cut: float, is_explained: Flags, most: int
) -> Iterator[tuple[int, tuple[Likely, ...]]]:
    customers, pairs = model.pairs(transactions, items, cut)
    chances = model.chances(pairs).reshape(len(customers), -1)
    top = np.argsort(-chances, axis=1, kind="stable")[:, :most]
    is_shown = np.take_along_axis(chances, top, axis=1) >= LEAST_CHANCE
    wanted = top + np.arange(len(customers))[:, None] * chances.shape[1]
    why = _reasons(model, pairs, wanted[is_shown & is_explained[:, None]])
    for row, customer in enumerate(customers.tolist()):
        yield (
            customer,
            tuple(
                Likely(model.categories[one], float(chances[row, one]), why.get(int(at), ()))
                for one, at, shown in zip(top[row].tolist(), wanted[row].tolist(), is_shown[row].tolist(), strict=True)
                if shown
            ),
        )


def _reasons(model: CategoryModel, pairs: Pairs, rows: Ints) -> dict[int, tuple[Reason, ...]]:
    """By row of the pairs: what its features about the same thing add together, the strongest first."""
    if not len(rows):
        return {}
    which = np.array([*(CODES.index(_code(name)) for name in pairs.names), len(CODES)])
    member = (which[:, None] == np.arange(len(CODES) + 1)).astype(np.float64)
    added = model.scorer.contributions(pairs.values[rows]) @ member
    facts = {name: pairs.values[rows, pairs.names.index(name)].tolist() for name in ("count", "since_days", "gap_days")}
    return {
        int(row): tuple(
            Reason(CODES[code], _facts(CODES[code], facts, place), float(added[place, code]))
            for code in np.argsort(-np.abs(added[place, :-1]), kind="stable").tolist()[:2]
        )
        for place, row in enumerate(rows.tolist())
    }


def _facts(code: str, facts: Mapping[str, list[float]], place: int) -> dict[str, float]:
    return {name: round(values[place], 2) for name, values in facts.items()} if code == HABIT else {}


def _code(name: str) -> str:
    return next((code for code, starts in ABOUT.items() if name.startswith(starts)), HABIT)
