"""The shop as it stood on earlier days: what was known then (features), and what came after (labels).

    ◄──────────── features ────────────┤ age │◄─ label: `days` ─►│ … cut
A snapshot `age` days before the cut has a label only if `days` ≤ age: the window ends at the cut or before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.prediction.rhythm import Rhythm
from knowledge.prediction.tasks import Task
from knowledge.prediction.visits import Visits

STEP_DAYS = 28
SHORT_STEP_DAYS = 7
"""Between snapshots, where the history is long and where it is short."""
HISTORIES_DAYS = (84, 28, 7)
"""Days of purchases a snapshot should have behind it; the next one where too few snapshots have that much."""
FEW = 4
"""Snapshots below which shorter steps and shorter histories are taken."""
MOST = 6
"""Snapshots that are learned from: twice as many moved nothing, and older ones tell of another shop."""
MOST_ROWS, MOST_TRIAL_ROWS = 100_000, 30_000
"""Examples that a model learns from, and one that is only tried on a later snapshot."""


@dataclass(frozen=True)
class Examples:
    """(n, f) features and (n,) labels of one or more snapshots."""

    values: Floats
    labels: Floats

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def together(cls, parts: Sequence[Self], most: int = MOST_ROWS) -> Self:
        """All rows, or a random `most` of them (always the same ones)."""
        values, labels = np.vstack([part.values for part in parts]), np.concatenate([part.labels for part in parts])
        if len(labels) <= most:
            return cls(values, labels)
        chosen = np.sort(np.random.default_rng(0).choice(len(labels), most, replace=False))
        return cls(values[chosen], labels[chosen])


@dataclass(frozen=True)
class Past:
    """All snapshots of some visits; features are worked out once a snapshot."""

    visits: Visits
    _seen: dict[int, Rhythm] = field(default_factory=dict, compare=False, repr=False)

    @property
    def days(self) -> int:
        """How long ago the first visit was."""
        return int(self.visits.age.max(initial=0))

    def rhythm(self, age: int) -> Rhythm:
        """What was known `age` days before the cut."""
        if age not in self._seen:
            self._seen[age] = Rhythm.of(self.visits.earlier(age))
        return self._seen[age]

    def examples(self, task: Task, age: int, days: int) -> Examples:
        if days > age:
            raise ValueError(f"the {days} days after a snapshot {age} days before the cut aren't over at the cut")
        rhythm = self.rhythm(age)
        return Examples(rhythm.values, task.labels(self.visits, rhythm.customers, age, days))

    def training(self, task: Task, days: int, known_at: int) -> Examples | None:
        """What could be learned `known_at` days before the cut from windows of `days` days; None: nothing."""
        ages = training_ages(self.days, days + known_at)
        most = MOST_TRIAL_ROWS if known_at else MOST_ROWS
        return Examples.together([self.examples(task, age, days) for age in ages], most) if ages else None


def training_ages(history: int, first: int) -> list[int]:
    """Ages of snapshots, the latest `first` days before the cut, in a history of so many days."""
    ages: list[int] = []
    for least in HISTORIES_DAYS:
        for step in (STEP_DAYS, SHORT_STEP_DAYS):
            ages = list(range(first, history - least + 1, step))[:MOST]
            if len(ages) >= FEW:
                return ages
    return ages


def validation_ages(history: int, task: Task, most: int = 3) -> list[int]:
    """Ages of snapshots to choose by: each leaves an earlier one to learn from."""
    step = STEP_DAYS if task.days <= 2 * STEP_DAYS else STEP_DAYS // 2
    ages: Iterable[int] = range(task.days, task.days + most * step, step)
    return [age for age in ages if training_ages(history, age + task.horizons[0])]


def few_customers(visits: Visits, most: int) -> Visits:
    """The visits of a random `most` of the customers (always the same ones): enough to learn from."""
    customers = np.unique(visits.customer)
    if len(customers) <= most:
        return visits
    chosen = np.random.default_rng(0).choice(customers, most, replace=False)
    return visits.of(chosen)
