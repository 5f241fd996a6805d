"""Which items are worth a closer look for a customer: their own, and what single models suggest that is new."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import History, Longs, Scores


@dataclass(frozen=True)
class Candidates:
    """Parallel arrays sorted by customer; `is_own`: bought before."""

    customer: Ints
    item: Ints
    is_own: np.ndarray[tuple[int], np.dtype[np.bool_]]


def own_items(history: History, customers: Ints, order: Scores, most: int) -> tuple[Ints, Ints]:
    """Up to `most` of each customer's items, those with the highest `order` (p,)."""
    starts = history.pairs.of_customer
    rows = ranges(starts[customers], starts[customers + 1])
    owner = np.repeat(customers, starts[customers + 1] - starts[customers])
    by = np.lexsort((-order[rows], owner))
    place = np.arange(len(by)) - np.searchsorted(owner[by], owner[by])
    chosen = rows[by[place < most]]
    return history.pairs.customer[chosen], history.pairs.item[chosen]


def new_items(history: History, customers: Ints, suggested: Iterable[tuple[Scores, int]]) -> tuple[Ints, Ints]:
    """The union of the best `most` of each (scores, most), without what each customer has bought."""
    starts = history.pairs.of_customer
    rows = ranges(starts[customers], starts[customers + 1])
    owner = np.repeat(np.arange(len(customers)), starts[customers + 1] - starts[customers])
    keys = []
    for scores, most in suggested:
        scores[owner, history.pairs.item[rows]] = -np.inf
        count = min(most, scores.shape[1])
        best = np.argpartition(-scores, count - 1, axis=1)[:, :count]
        place = np.repeat(np.arange(len(customers)), count)
        allowed = scores[place, best.ravel()] > 0
        keys.append((place.astype(np.int64) * history.items + best.ravel())[allowed])
    distinct = np.unique(np.concatenate(keys))
    return customers[distinct // history.items], (distinct % history.items).astype(np.int32)


def ranges(starts: Longs, ends: Longs) -> Longs:
    """The numbers from each start up to its end, one after the other."""
    counts = ends - starts
    return np.repeat(ends - np.cumsum(counts), counts) + np.arange(counts.sum())
