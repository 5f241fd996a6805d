"""The learned blend: gradient-boosted trees that order candidates as the windows before the cut would have wanted it.

Each training cut lies one window before the next, and the last window ends at the cut itself. Two views are added up,
which beats either: LambdaMART for the order (Burges, "From RankNet to LambdaRank to LambdaMART", 2010) and a logistic
one for how likely each candidate is by itself. With too little to learn from, `plain_scores` decides.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product, repeat
from typing import Any

import numpy as np

from knowledge.customers.libraries import load_lightgbm
from knowledge.customers.transactions import Floats, Ints, Transactions
from knowledge.recommendation.features import pairs, table
from knowledge.recommendation.history import Longs, Scores
from knowledge.recommendation.snapshot import MODELS, Candidates, chunk_size, prepare, suggest
from knowledge.recommendation.tasks import WINDOW_DAYS, Task, Truth, look_ahead

Progress = Callable[[str, float], None]
WINDOWS = 3
LEARNED_FROM = 800
"""Customers drawn in each window: more windows teach more than more customers of one."""
FEWEST_CUSTOMERS, FEWEST_HITS = 40, 150
"""Below this, over all windows, trees would learn by heart."""
OWN, NEW = 100, 40
CLOSE = 60
"""Where what was bought before counts too: places by the user-kNN that are learned from. The rest only cost time."""
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
class Hybrid:
    """`views` by task; a task without any is ordered by `plain_scores`."""

    views: Mapping[Task, Sequence[View]]

    def scores(self, task: Task, given: Candidates) -> Floats:
        """(n,) higher is better within one customer; -inf for what the task can't ask for."""
        chosen = _asked(task, given)
        scores = np.full(len(given.item), -np.inf)
        if chosen.any():
            columns, views = given.columns[chosen], self.views.get(task)
            scores[chosen] = sum(view.scores(columns) for view in views) if views else plain_scores(task, columns)
        return scores


def plain_scores(task: Task, columns: Scores) -> Floats:
    """Without training: own habits and the neighbours', then what is popular; for new things EASE and popularity."""

    def column(name: str) -> Scores:
        place = table.rank_of(name, MODELS) - 1
        return columns[:, place] / max(1e-9, float(np.abs(columns[:, place]).max()))

    if task is Task.NEW:
        return np.asarray(column("ease_once") + 0.5 * column("popularity") + 0.2 * column("taste"), dtype=np.float64)
    own = np.nan_to_num(columns[:, pairs.NAMES.index("decayed_180")])
    knn = columns[:, table.rank_of("user_knn", MODELS) - 1]
    return np.asarray(own + knn + 1e-3 * column("popularity"), dtype=np.float64)


def _asked(task: Task, given: Candidates) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if task is Task.NEW:
        return ~given.is_own
    return given.is_own | (_place(given) < 2 * CLOSE)


def _place(given: Candidates) -> Scores:
    """(n,) of each candidate by the user-kNN, 0 for the best."""
    return given.columns[:, table.rank_of("user_knn", MODELS)]


@dataclass(frozen=True)
class _Lesson:
    """What one window teaches: candidates and, by task, whether they were right."""

    given: Candidates
    right: Mapping[Task, np.ndarray[tuple[int], np.dtype[np.bool_]]]


def learn(
    transactions: Transactions, numbers: tuple[Ints, ...], cut: float, tasks: Sequence[Task], progress: Progress
) -> Hybrid:
    """Learn from windows that end at or before `cut`. Raises ExtraMissing without the extra `crm`."""
    known = transactions.before(cut)
    cuts, days = training_cuts(known, cut)
    lessons: list[_Lesson] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for lesson in pool.map(_lesson, repeat(known), repeat(numbers), cuts, repeat(days)):
            lessons += [] if lesson is None else [lesson]
            progress("learning from past purchases", 0.7 * len(lessons) / len(cuts))
        asked = list(product(tasks, OBJECTIVES))
        views = list(pool.map(lambda each: _view(each[0], each[1], lessons), asked))
    learned = [(task, view) for (task, _), view in zip(asked, views, strict=True) if view is not None]
    return Hybrid({task: [view for other, view in learned if other is task] for task in tasks})


def training_cuts(known: Transactions, cut: float) -> tuple[list[float], float]:
    """Up to WINDOWS cuts, latest first, and the days that each looks ahead: less where the shop is young."""
    if not len(known):
        return [], WINDOW_DAYS
    age = cut - float(known.day.min())
    days = min(WINDOW_DAYS, age / 4)
    return [cut - days * back for back in range(1, WINDOWS + 1) if age - days * back >= days], days


def _lesson(known: Transactions, numbers: tuple[Ints, ...], cut: float, days: float) -> _Lesson | None:
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
    return _Lesson(given, {task: _right(truth, task, given, snapshot.history.items) for task in Task})


def _right(truth: Truth, task: Task, given: Candidates, items: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    customer, item = truth.of(task)
    answers = customer.astype(np.int64) * items + item
    return np.isin(given.customer.astype(np.int64) * items + given.item, answers)


def _view(task: Task, objective: Mapping[str, Any], lessons: Sequence[_Lesson]) -> View | None:
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


def _useful(task: Task, lesson: _Lesson) -> tuple[Scores, np.ndarray[tuple[int], np.dtype[np.bool_]], Longs]:
    """Columns, labels and group sizes of the customers who had something to be right about."""
    chosen = ~lesson.given.is_own if task is Task.NEW else _place(lesson.given) < CLOSE
    right = lesson.right[task] & chosen
    chosen &= np.isin(lesson.given.customer, lesson.given.customer[right])
    sizes = np.unique(lesson.given.customer[chosen], return_counts=True)[1]
    return lesson.given.columns[chosen], right[chosen], sizes
