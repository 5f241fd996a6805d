"""The most telling true thing about each listed item, worked out for all lists at once when the model is fitted."""

from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Floats, Ints
from knowledge.recommendation.companions import Companions
from knowledge.recommendation.features import pairs
from knowledge.recommendation.features.table import Described
from knowledge.recommendation.history import History, Longs, Scores
from knowledge.recommendation.reasons import CODES, Reason

FEWEST_TIMES = 3
DUE_FROM, DUE_TO = 0.75, 2.5
"""Of the usual gap: before it is too early to say so, after it the habit may be over."""
TASTE_DAYS = 180.0
TELLING_SHARE = 0.15
"""Of what a customer buys, the share that makes a category their taste."""
POPULAR_SHARE = 0.02
"""Of all customers, how many bought it in the last 28 days: then it is popular, whoever else bought it."""


@dataclass(frozen=True)
class Explained:
    """By listed item: a place in CODES; the item that led there or -1; the rhythm in days or 0."""

    code: Ints
    because: Ints
    gap_days: Scores


def explain(known: Described, category: Ints, companions: Companions, customer: Ints, item: Ints) -> Explained:
    """`category` (items,) with 0 for "none given"; `customer`, `item` (n,) the listed."""
    history = known.history
    number = {reason: place for place, reason in enumerate(CODES)}
    row = history.lookup(customer, item)
    is_own = row >= 0
    gap, due = _rhythm(known.pairs, row)
    because = _companion(history, companions, customer, item)
    share = _category_share(history, category, customer, item)
    code = np.select(
        [is_own & due, is_own, because >= 0, share >= TELLING_SHARE, _is_popular(history)[item]],
        [number[each] for each in (Reason.DUE, Reason.BUY_AGAIN, Reason.GOES_WITH, Reason.TASTE, Reason.POPULAR)],
        number[Reason.ALIKE],
    )
    because = np.where(is_own, item, np.where(code == number[Reason.GOES_WITH], because, -1))
    return Explained(
        code.astype(np.int32),
        because.astype(np.int32),
        np.where(code == number[Reason.DUE], gap, 0.0).astype(np.float32),
    )


def _rhythm(described: Scores, row: Longs) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Days between a pair's purchases, and whether it is due; row -1 is no pair."""
    if not len(described):
        return np.zeros(len(row)), np.zeros(len(row), dtype=bool)
    known = described[np.maximum(row, 0)]
    times, gap, since = (known[:, pairs.NAMES.index(name)] for name in ("times", "gap_mean", "days_since"))
    with np.errstate(invalid="ignore"):
        is_due = (times >= FEWEST_TIMES) & (gap >= 1) & (since >= DUE_FROM * gap) & (since <= DUE_TO * gap)
    return np.nan_to_num(gap).astype(np.float64), is_due


def _companion(history: History, companions: Companions, customer: Ints, item: Ints) -> Longs:
    """(n,) the nearest companion of each item that the customer has bought; -1 where there is none."""
    near = companions.items[item]
    count = near.shape[1]
    flat = np.maximum(near.ravel(), 0)
    has = (history.lookup(np.repeat(customer, count), flat) >= 0).reshape(near.shape) & (near >= 0)
    first = has.argmax(axis=1) if count else np.zeros(len(item), dtype=np.int64)
    return np.where(has.any(axis=1), near[np.arange(len(item)), first] if count else -1, -1)


def _category_share(history: History, category: Ints, customer: Ints, item: Ints) -> Floats:
    """(n,) the share of the item's category in what the customer buys; 0 for items without a category."""
    kinds = int(category.max(initial=0)) + 1
    weight = np.exp((history.purchases.day - history.cut) / TASTE_DAYS)
    key = history.purchases.customer.astype(np.int64) * kinds + category[history.purchases.item]
    known, place = np.unique(key, return_inverse=True)
    sums = np.append(np.bincount(place, weights=weight, minlength=len(known)), 0.0)
    wanted = customer.astype(np.int64) * kinds + category[item]
    found = np.searchsorted(known, wanted)
    is_there = (found < len(known)) & (np.append(known, -1)[found] == wanted) & (category[item] > 0)
    totals = np.bincount(history.purchases.customer, weights=weight, minlength=history.customers)
    return np.asarray(
        np.where(is_there, sums[np.where(is_there, found, -1)], 0.0) / np.maximum(totals[customer], 1e-12)
    )


def _is_popular(history: History) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(items,)"""
    recent = history.purchases.day >= history.cut - 28
    key = np.unique(
        history.purchases.customer[recent].astype(np.int64) * history.items + history.purchases.item[recent]
    )
    buyers = np.bincount(key % max(1, history.items), minlength=history.items)
    active = len(np.unique(history.purchases.customer[recent]))
    return np.asarray(buyers >= max(2.0, POPULAR_SHARE * active))
