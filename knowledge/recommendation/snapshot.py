"""One cut, made ready: its history, what describes it, the single models; and for some customers the candidates.

The single models read only items that several customers bought and that still sell: the others have no neighbours to
learn from and would make up most of the work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from knowledge.customers.transactions import Floats, Ints, Transactions
from knowledge.recommendation import candidates
from knowledge.recommendation.features import table
from knowledge.recommendation.features.table import Described
from knowledge.recommendation.history import History, Longs, Scores, look_back
from knowledge.recommendation.scorers import Scorer, ease, popularity, taste, tifu_knn, user_knn

FEWEST_BUYERS = 1
ALL_ITEMS = 2000
"""A shop with fewer such items keeps all."""
SOLD_WITHIN_DAYS = 120.0
MOST_REFERENCES = 4000
"""Customers whom the single models learn from; more only cost time."""
MODELS = ("user_knn", "tifu_knn", "ease", "ease_once", "taste", "popularity")
SUGGESTING = ("user_knn", "ease", "ease_once", "taste", "popularity")
CELLS = 2**23
"""Scores held at a time by one model (32 MB)."""
OWN_DAYS = 60.0


@dataclass(frozen=True)
class Snapshot:
    """`shared` (s,) are the items of the single models, `narrow` the history of these alone; `popular` all items that
    were ever sold, best first."""

    described: Described
    own_order: Floats
    popular: Longs
    shared: Longs
    narrow: History
    scorers: Mapping[str, Scorer]

    @property
    def history(self) -> History:
        return self.described.history


@dataclass(frozen=True)
class Candidates:
    """Parallel arrays (n,), sorted by customer; `is_own`: bought before; `columns` (n, f), see features/table.py."""

    customer: Ints
    item: Ints
    is_own: np.ndarray[tuple[int], np.dtype[np.bool_]]
    columns: Scores

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        return cls(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls)))


def prepare(transactions: Transactions, cut: float, numbers: tuple[Ints, ...], seed: int = 0) -> Snapshot:
    """`numbers`: ways of grouping the items, the widest first, each (items,) the group of every item."""
    history = look_back(transactions, cut)
    lately = history.purchases.day >= cut - SOLD_WITHIN_DAYS
    sells = np.bincount(history.purchases.item[lately], minlength=history.items) > 0
    is_shared = sells & (history.buyers >= FEWEST_BUYERS)
    shared = np.flatnonzero(is_shared if is_shared.sum() >= ALL_ITEMS else history.buyers > 0)
    narrow = history.only(shared)
    references = _references(narrow, seed)
    scorers: dict[str, Scorer] = {
        "user_knn": user_knn.fit(narrow, references),
        "tifu_knn": tifu_knn.fit(narrow, references),
        "ease": ease.fit(narrow, references),
        "ease_once": ease.fit_once(narrow, references),
        "taste": taste.fit(narrow, numbers[-1][shared]),
        "popularity": popularity.fit(narrow),
    }
    order = np.argsort(-popularity.fit(history).counts, kind="stable")
    popular = order[history.buyers[order] > 0]
    return Snapshot(table.describe(history, numbers), history.decayed(OWN_DAYS), popular, shared, narrow, scorers)


def _references(history: History, seed: int) -> Ints:
    known = np.flatnonzero(np.diff(history.pairs.of_customer) > 0).astype(np.int32)
    if len(known) <= MOST_REFERENCES:
        return known
    return np.sort(np.random.default_rng(seed).choice(known, MOST_REFERENCES, replace=False))


def chunk_size(snapshot: Snapshot) -> int:
    """How many customers to look at in one go."""
    return int(np.clip(CELLS // max(1, len(snapshot.shared)), 16, 512))


def suggest(snapshot: Snapshot, customers: Ints, own: int, new: int) -> Candidates:
    """Up to `own` items that each customer bought before and the `new` best new ones of each single model."""
    scores = {name: scorer.of(customers) for name, scorer in snapshot.scorers.items()}
    whose, which = candidates.own_items(snapshot.history, customers, snapshot.own_order, own)
    suggested = (scores[name] for name in SUGGESTING)
    others, unseen = candidates.new_items(snapshot.narrow, customers, suggested, new)
    customer, item = np.r_[whose, others], np.r_[which, snapshot.shared[unseen].astype(np.int32)]
    by = np.lexsort((item, customer))
    customer, item, is_own = customer[by], item[by], by < len(whose)
    number = np.full(snapshot.history.items, -1)
    number[snapshot.shared] = np.arange(len(snapshot.shared))
    place = np.asarray(np.searchsorted(customers, customer), dtype=np.int64)
    at = {name: _at(each, place, number[item]) for name, each in scores.items()}
    return Candidates(customer, item, is_own, table.rows(snapshot.described, customer, item, at))


def _at(scores: Scores, place: Longs, column: Longs) -> Scores:
    """The score of each candidate, 0 for an item the single models don't know."""
    if not scores.shape[1]:
        return np.zeros(len(place), dtype=np.float32)
    return np.where(column >= 0, scores[place, np.maximum(column, 0)], 0.0).astype(np.float32)
