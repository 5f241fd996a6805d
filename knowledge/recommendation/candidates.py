"""Which items are worth a closer look for a customer: their own, and what single models suggest that is new."""

from collections.abc import Iterable

import numpy as np

from knowledge.customers.transactions import Floats, Ints
from knowledge.recommendation.history import History, Longs, Scores


def own_items(history: History, customers: Ints, order: Floats, most: int) -> tuple[Ints, Ints]:
    """Up to `most` of each customer's items, those with the highest `order` (p,): customers and items, in parallel."""
    rows, owner = bought_by(history, customers)
    by = np.lexsort((-order[rows], owner))
    place = np.arange(len(by)) - np.searchsorted(owner[by], owner[by])
    chosen = rows[by[place < most]]
    return history.pairs.customer[chosen], history.pairs.item[chosen]


def new_items(history: History, customers: Ints, suggested: Iterable[Scores], most: int) -> tuple[Ints, Ints]:
    """The union of the best `most` of each model's scores (len(customers), items) above 0, without what each customer
    has bought: customers and items, in parallel."""
    rows, owner = bought_by(history, customers)
    keys = [np.array([], dtype=np.int64)]
    for scores in suggested:
        unseen = scores.copy()
        unseen[owner, history.pairs.item[rows]] = 0.0
        best = top(unseen, most)
        place = np.repeat(np.arange(len(customers)), best.shape[1])
        is_something = unseen[place, best.ravel()] > 0
        keys.append((place * history.items + best.ravel())[is_something])
    distinct = np.unique(np.concatenate(keys))
    return customers[distinct // max(1, history.items)], (distinct % max(1, history.items)).astype(np.int32)


def top(scores: Scores, most: int) -> Longs:
    """(rows, ≤ most) the columns of the highest scores of each row, in no order."""
    count = min(most, scores.shape[1])
    if count == scores.shape[1]:
        return np.tile(np.arange(count), (len(scores), 1))
    return np.argpartition(-scores, count, axis=1)[:, :count]


def bought_by(history: History, customers: Ints) -> tuple[Longs, Longs]:
    """The pairs of the customers, and each pair's customer as a place in `customers`."""
    starts, ends = history.pairs.of_customer[customers], history.pairs.of_customer[customers + 1]
    counts = ends - starts
    rows = np.repeat(ends - np.cumsum(counts), counts) + np.arange(counts.sum())
    return rows, np.repeat(np.arange(len(customers)), counts)
