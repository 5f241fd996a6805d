"""What orders a shop's lists: what was learned, where it has shown that it is worth it, else the best plain order.

It is tried on the latest window before the cut, having learned from those before it alone. In a large shop it was
always better, and there the trial would only cost time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Floats, Ints
from knowledge.recommendation.features import table
from knowledge.recommendation.history import Longs, Scores
from knowledge.recommendation.plain import ORDERS, Order
from knowledge.recommendation.snapshot import MODELS, Candidates
from knowledge.recommendation.tasks import Task

Flags = npt.NDArray[np.bool_]
CLOSE = 60
"""Where what was bought before counts too: places by the user-kNN that are learned from. The rest only cost time."""
PLACES = 10
LARGE = 1_200
"""Customers, in all windows together, from which on nothing is tried."""


@dataclass(frozen=True)
class Lesson:
    """What one window teaches: candidates and, by task, whether they were right."""

    given: Candidates
    right: Mapping[Task, Flags]

    def judged(self, task: Task, order: Order) -> Floats:
        """NDCG at PLACES of each customer who had something to be right about."""
        rows = asked(task, self.given)
        return ndcg(self.given.customer[rows], order(self.given.columns[rows]), self.right[task][rows])

    @property
    def customers(self) -> int:
        return len(np.unique(self.given.customer))


def asked(task: Task, given: Candidates) -> Flags:
    """What the task can ask for: nothing that was bought before where something new is foreseen."""
    if task is Task.NEW:
        return ~given.is_own
    return given.is_own | (place_among_neighbours(given) < 2 * CLOSE)


def place_among_neighbours(given: Candidates) -> Scores:
    """(n,) of each candidate by the user-kNN, 0 for the best."""
    return given.columns[:, table.rank_of("user_knn", MODELS)]


def is_large(lessons: Sequence[Lesson]) -> bool:
    return sum(lesson.customers for lesson in lessons) >= LARGE


def chosen(task: Task, lessons: Sequence[Lesson], learned: Order | None, earlier: Order | None) -> Order:
    """`lessons`: the latest first. `earlier`: what was learned from all but the latest; None: there was too little."""
    if learned is not None and is_large(lessons):
        return learned
    plain = best_plain(task, lessons)
    if learned is None or earlier is None:
        return plain
    gain = lessons[0].judged(task, earlier) - lessons[0].judged(task, plain)
    return learned if gain.sum() > 0 else plain


def best_plain(task: Task, lessons: Sequence[Lesson]) -> Order:
    """The usual one, unless another was better by more than twice its standard error: a few customers prove nothing."""
    usual, *others = ORDERS[task].values()
    known = _over_all(task, lessons, usual)
    gains = [(_over_all(task, lessons, other) - known, other) for other in others] if len(known) > 1 else []
    sure = [(gain.mean() - 2 * gain.std(ddof=1) / np.sqrt(len(gain)), other) for gain, other in gains]
    least, best = max(sure, key=lambda one: float(one[0]), default=(0.0, usual))
    return best if least > 0 else usual


def ndcg(customer: Ints, scores: Floats, right: Flags) -> Floats:
    """(m,) of each customer with a right candidate; `customer` (n,) is sorted."""
    by = np.lexsort((-scores, customer))
    place: Longs = np.arange(len(by)) - np.searchsorted(customer, customer[by])
    gain = np.where(right[by] & (place < PLACES), 1 / np.log2(place + 2.0), 0.0)
    number = np.unique(customer[by], return_inverse=True)[1]
    found, answers = np.bincount(number, gain), np.bincount(number, right[by]).astype(np.int64)
    ideal = np.cumsum(1 / np.log2(np.arange(2, PLACES + 2)))
    return np.asarray((found / ideal[np.clip(answers, 1, PLACES) - 1])[answers > 0])


def _over_all(task: Task, lessons: Sequence[Lesson], order: Order) -> Floats:
    return np.concatenate([np.zeros(0), *(lesson.judged(task, order) for lesson in lessons)])
