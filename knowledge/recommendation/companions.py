"""What goes with an item (bought by the same people) and what is like it (named alike, in the same category)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.customers.transactions import Ints, Items
from knowledge.recommendation.history import History
from knowledge.recommendation.scorers import content, item_knn

MOST_ITEMS = 5000
"""The best sold: the others have too few buyers to say what goes with them."""
COUNT = 20
FEWEST_BUYERS = 5
FEWEST_TOGETHER = 3
"""People who bought both: two might be one household, or chance."""
AT_ONCE = 512
TELLING = 0.05
"""Cosine from which two items belong together."""
ALIKE = 0.3


@dataclass(frozen=True)
class Companions:
    """`items` (items, ≤ COUNT): numbers, nearest first, -1 where there is no further one."""

    items: Ints


def companions(history: History) -> Companions:
    """Two items go together when more of the same people buy both than their popularity explains."""
    by = np.argsort(-history.buyers, kind="stable")[:MOST_ITEMS]
    common = np.sort(by[history.buyers[by] >= FEWEST_BUYERS]).astype(np.int32)
    found = np.full((history.items, COUNT), -1, dtype=np.int32)
    if len(common):
        alike = item_knn.fit(history.only(common), neighbours=COUNT).alike
        _write(found, common, common, _of_several(history.only(common), alike), TELLING)
    return Companions(found)


def _of_several(history: History, alike: Any) -> Any:
    """`alike` (items × items CSR) with 0 where fewer than FEWEST_TOGETHER people bought both."""
    bought = history.matrix(np.ones(len(history.pairs.item))).tocsc()
    owner = np.repeat(np.arange(alike.shape[0]), np.diff(alike.indptr))
    for start in range(0, alike.shape[0], AT_ONCE):
        together = (bought[:, start : start + AT_ONCE].T @ bought).toarray()
        rows = slice(*alike.indptr[[start, min(start + AT_ONCE, alike.shape[0])]].tolist())
        few = together[owner[rows] - start, alike.indices[rows]] < FEWEST_TOGETHER
        alike.data[rows][few] = 0.0
    return alike


def similar(history: History, items: Items, embed: content.Embed | None = None) -> Companions:
    """By name within the category: the same kind of thing, another choice. Among the best sold."""
    by = np.argsort(-history.buyers, kind="stable")[:MOST_ITEMS]
    common = np.sort(by[history.buyers[by] > 0]).astype(np.int32)
    found = np.full((history.items, COUNT), -1, dtype=np.int32)
    if not len(common):
        return Companions(found)
    meanings = content.meanings_of(Items(items.names[common], items.categories[common]), embed)
    for kind in np.unique(items.categories[common]):
        own = np.flatnonzero(items.categories[common] == kind)
        mine = meanings.vectors[meanings.number[own]]
        near = mine @ mine.T
        near = np.asarray(near.toarray() if hasattr(near, "toarray") else near)
        np.fill_diagonal(near, 0.0)
        best = np.argsort(-near, axis=1, kind="stable")[:, :COUNT]
        weight = np.take_along_axis(near, best, axis=1)
        found[common[own], : best.shape[1]] = np.where(weight >= ALIKE, common[own][best], -1)
    return Companions(found)


def _write(found: Ints, rows: Ints, columns: Ints, alike: Any, least: float) -> None:
    """The entries of a CSR matrix of at least `least`, largest first in each row, into `found`."""
    owner = np.repeat(np.arange(alike.shape[0]), np.diff(alike.indptr))
    by = np.lexsort((-alike.data, owner))
    by = by[alike.data[by] >= least]
    place = np.arange(len(by)) - np.searchsorted(owner[by], owner[by])
    found[rows[owner[by]], place] = columns[alike.indices[by]]
