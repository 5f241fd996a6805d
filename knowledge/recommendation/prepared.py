"""What each customer is likely to want, worked out when the models are fitted: serving only looks it up.

A folder of lists.npz (arrays, no pickles) and lists.json (ids). Needs nothing but numpy to be read.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from knowledge.customers.errors import CustomerDataError
from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import Scores
from knowledge.recommendation.reasons import CODES, Reason
from knowledge.recommendation.tasks import Task

ARRAYS, IDS = "lists.npz", "lists.json"
FORMAT = 1


@dataclass(frozen=True)
class Ranked:
    """`because_of`: the item that led here, itself for what is bought again; `gap_days`: the rhythm of what is due."""

    item_id: str
    score: float
    reason: Reason
    because_of: str | None = None
    gap_days: float = 0.0


@dataclass(frozen=True)
class PreparedLists:
    """One task's, by customer (rows of `RecommendationModel.customers`): (m, k), -1 where a list ends."""

    items: Ints
    scores: Scores
    reasons: Ints
    because: Ints
    gap_days: Scores


@dataclass(frozen=True)
class RecommendationModel:
    """`popular`: item numbers, best first; `companions`, `similar` (items, c): what goes with each, what is like it."""

    cut: float
    customers: tuple[str, ...]
    items: tuple[str, ...]
    lists: dict[Task, PreparedLists]
    popular: Ints
    companions: Ints
    similar: Ints

    def rank(self, customer: str, task: Task | str, k: int = 10) -> list[Ranked]:
        """Up to `k`, best first; for a customer who was not there what is popular."""
        row = self._rows.get(customer)
        if row is None:
            return [Ranked(self.items[item], 0.0, Reason.POPULAR) for item in self.popular[:k].tolist()]
        lists = self.lists[Task(task)]
        return [self._ranked(lists, row, place) for place in np.flatnonzero(lists.items[row] >= 0)[:k].tolist()]

    def goes_with(self, item_id: str) -> list[str]:
        """Items bought by the same people, nearest first."""
        return self._near(self.companions, item_id)

    def like(self, item_id: str) -> list[str]:
        """Items of the same kind by their names, nearest first."""
        return self._near(self.similar, item_id)

    def knows(self, customer: str) -> bool:
        return customer in self._rows

    def save(self, folder: Path) -> None:
        arrays: dict[str, np.ndarray[Any, Any]] = {
            "popular": self.popular,
            "companions": self.companions,
            "similar": self.similar,
        }
        for task, lists in self.lists.items():
            arrays |= {f"{task}_{name}": array for name, array in vars(lists).items()}
        np.savez_compressed(folder / ARRAYS, allow_pickle=False, **arrays)
        ids = {"format": FORMAT, "cut": self.cut, "customers": self.customers, "items": self.items}
        (folder / IDS).write_text(json.dumps(ids, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises CustomerDataError for what was written by another version."""
        ids = json.loads((folder / IDS).read_text("utf-8"))
        if ids.get("format") != FORMAT:
            raise CustomerDataError(
                f"{folder / IDS} has format {ids.get('format')}, not {FORMAT}: `kefu crm fit` again"
            )
        with np.load(folder / ARRAYS, allow_pickle=False) as stored:
            lists = {task: _lists(stored, task) for task in Task}
            shared = (stored["popular"], stored["companions"], stored["similar"])
        return cls(ids["cut"], tuple(ids["customers"]), tuple(ids["items"]), lists, *shared)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {customer: row for row, customer in enumerate(self.customers)}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {item: number for number, item in enumerate(self.items)}

    def _near(self, table: Ints, item_id: str) -> list[str]:
        number = self._numbers.get(item_id)
        return [] if number is None else [self.items[near] for near in table[number].tolist() if near >= 0]

    def _ranked(self, lists: PreparedLists, row: int, place: int) -> Ranked:
        because = int(lists.because[row, place])
        return Ranked(
            self.items[lists.items[row, place]],
            float(lists.scores[row, place]),
            CODES[lists.reasons[row, place]],
            self.items[because] if because >= 0 else None,
            float(lists.gap_days[row, place]),
        )


def _lists(stored: "np.lib.npyio.NpzFile", task: Task) -> PreparedLists:
    return PreparedLists(*(stored[f"{task}_{name}"] for name in PreparedLists.__dataclass_fields__))
