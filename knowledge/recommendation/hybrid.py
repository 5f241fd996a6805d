"""The learned blend: gradient-boosted trees that order candidates as the windows before the cut would have wanted it.

Each training cut lies one window before the next, and the last window ends at the cut itself. Two views are added up,
which beats either: LambdaMART for the order (Burges, "From RankNet to LambdaRank to LambdaMART", 2010) and a logistic
one for how likely each candidate is by itself. With too little to learn from, a plain order decides (choosing.py).
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product, repeat
from typing import Any

import numpy as np

from knowledge.customers.libraries import load_lightgbm
from knowledge.customers.transactions import Floats, Ints, Transactions
from knowledge.recommendation.choosing import CLOSE, Lesson, asked, chosen, is_large, place_among_neighbours
from knowledge.recommendation.history import Longs, Scores
from knowledge.recommendation.plain import Order
from knowledge.recommendation.snapshot import Candidates, chunk_size, prepare, suggest
from knowledge.recommendation.tasks import WINDOW_DAYS, Task, Truth, look_ahead

Progress = Callable[[str, float], None]
WINDOWS = 3
LEARNED_FROM = 800
"""Customers drawn in each window: more windows teach more than more customers of one."""
FEWEST_CUSTOMERS, FEWEST_HITS = 40, 150
"""Below this, over all windows, trees would learn by heart."""
OWN, NEW = 100, 40
AT_ONCE = 2
OBJECTIVES = (
    {"objective": "lambdarank", "lambdarank_truncation_level": 20, "label_gain": [0, 1]},
    {"objective": "binary"},
)
SETTINGS = {
    "learning_rate": 0.06,
    "num_leaves": 31,
    "min_data_in_leaf": 100,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 127,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 1,
    "verbose": -1,
}
ROUNDS = 120
JUDGED_BY = 20_000
"""Rows that say what a view's scores are like."""


@dataclass(frozen=True)
class View:
    """A LightGBM booster, and the mean and spread of its scores, by which views are made comparable."""

    booster: Any
    mean: float
    spread: float

    def scores(self, columns: Scores) -> Floats:
        return np.asarray((self.booster.predict(columns, num_threads=1) - self.mean) / self.spread, dtype=np.float64)


@dataclass(frozen=True)
class Learned:
    """The sum of the views."""

    views: Sequence[View]

    def __call__(self, columns: Scores) -> Floats:
        return np.asarray(np.sum([view.scores(columns) for view in self.views], axis=0), dtype=np.float64)


@dataclass(frozen=True)
class Hybrid:
    """What orders the candidates, by task."""

    orders: Mapping[Task, Order]

    def scores(self, task: Task, given: Candidates) -> Floats:
        """(n,) higher is better within one customer; -inf for what the task can't ask for."""
        rows = asked(task, given)
        scores = np.full(len(given.item), -np.inf)
        if rows.any():
            scores[rows] = self.orders[task](given.columns[rows])
        return scores


def learn(
    transactions: Transactions, numbers: tuple[Ints, ...], cut: float, tasks: Sequence[Task], progress: Progress
) -> Hybrid:
    """Learn from windows that end at or before `cut`. Raises ExtraMissing without the extra `crm`."""
    known = transactions.before(cut)
    cuts, days = training_cuts(known, cut)
    lessons: list[Lesson] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for lesson in pool.map(_lesson, repeat(known), repeat(numbers), cuts, repeat(days)):
            lessons += [] if lesson is None else [lesson]
            progress("learning from past purchases", 0.7 * len(lessons) / len(cuts))
        learned = _learned(pool, tasks, lessons)
        earlier = {} if is_large(lessons) else _learned(pool, tasks, lessons[1:])
    return Hybrid({task: chosen(task, lessons, learned.get(task), earlier.get(task)) for task in tasks})


def _learned(pool: ThreadPoolExecutor, tasks: Sequence[Task], lessons: Sequence[Lesson]) -> dict[Task, Learned]:
    """The tasks with enough to learn from."""
    wanted = list(product(tasks, OBJECTIVES))
    views = pool.map(lambda each: _view(each[0], each[1], lessons), wanted)
    found = [(task, view) for (task, _), view in zip(wanted, views, strict=True) if view is not None]
    return {task: Learned([view for other, view in found if other is task]) for task, _ in found}


def training_cuts(known: Transactions, cut: float) -> tuple[list[float], float]:
    """Up to WINDOWS cuts, latest first, and the days that each looks ahead: less where the shop is young."""
    if not len(known):
        return [], WINDOW_DAYS
    age = cut - float(known.day.min())
    days = min(WINDOW_DAYS, age / 4)
    return [cut - days * back for back in range(1, WINDOWS + 1) if age - days * back >= days], days


def _lesson(known: Transactions, numbers: tuple[Ints, ...], cut: float, days: float) -> Lesson | None:
    """None where nobody with a past came back."""
    snapshot = prepare(known, cut, numbers)
    truth = look_ahead(known, snapshot.history, days)
    customers = np.unique(truth.customer)
    if not len(customers):
        return None
    if len(customers) > LEARNED_FROM:
        drawn = np.random.default_rng(int(cut)).choice(customers, LEARNED_FROM, replace=False)
        customers = np.sort(drawn).astype(np.int32)
    size = chunk_size(snapshot)
    parts = [suggest(snapshot, customers[at : at + size], OWN, NEW) for at in range(0, len(customers), size)]
    given = Candidates.joined(parts)
    return Lesson(given, {task: _right(truth, task, given, snapshot.history.items) for task in Task})


def _right(truth: Truth, task: Task, given: Candidates, items: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    customer, item = truth.of(task)
    answers = customer.astype(np.int64) * items + item
    return np.isin(given.customer.astype(np.int64) * items + given.item, answers)


def _view(task: Task, objective: Mapping[str, Any], lessons: Sequence[Lesson]) -> View | None:
    """None where there is too little to learn from."""
    parts = [_useful(task, lesson) for lesson in lessons]
    if not parts or sum(len(sizes) for *_, sizes in parts) < FEWEST_CUSTOMERS:
        return None
    columns, right, sizes = (np.concatenate(part) for part in zip(*parts, strict=True))
    if right.sum() < FEWEST_HITS:
        return None
    lightgbm = load_lightgbm()
    rows = lightgbm.Dataset(columns, right.astype(np.int8), group=sizes, params={"verbose": -1})
    booster = lightgbm.train({**SETTINGS, **objective}, rows, ROUNDS)
    sample = np.asarray(booster.predict(columns[:: max(1, len(columns) // JUDGED_BY)], num_threads=1))
    return View(booster, float(sample.mean()), max(float(sample.std()), 1e-9))


def _useful(task: Task, lesson: Lesson) -> tuple[Scores, np.ndarray[tuple[int], np.dtype[np.bool_]], Longs]:
    """Columns, labels and group sizes of the customers who had something to be right about."""
    chosen = ~lesson.given.is_own if task is Task.NEW else place_among_neighbours(lesson.given) < CLOSE
    right = lesson.right[task] & chosen
    chosen &= np.isin(lesson.given.customer, lesson.given.customer[right])
    sizes = np.unique(lesson.given.customer[chosen], return_counts=True)[1]
    return lesson.given.columns[chosen], right[chosen], sizes
