"""Purchases before a cut → RecommendationModel: learn, rank everybody, say why."""

import numpy as np

from knowledge.customers.errors import CustomerDataError
from knowledge.customers.transactions import Ints, Items, Transactions
from knowledge.recommendation.companions import Companions, companions, similar
from knowledge.recommendation.explaining import explain
from knowledge.recommendation.history import History
from knowledge.recommendation.prepared import PreparedLists, RecommendationModel
from knowledge.recommendation.ranking import Lists, Progress, Ranker, customers_known, ranker
from knowledge.recommendation.scorers.content import Embed
from knowledge.recommendation.tasks import Task

LISTED = {Task.WINDOW: 30, Task.NEXT: 20, Task.NEW: 20}
MOST_CUSTOMERS = 20_000
"""Lists are made for those who came last; to the others applies what their orders say, as to a new customer."""


def fit(
    transactions: Transactions, items: Items, cut: float, progress: Progress, embed: Embed | None = None
) -> RecommendationModel:
    """Raises CustomerDataError where nothing was bought before `cut`, ExtraMissing without the extra `crm`.

    `embed`: texts → vectors, to tell which items are named alike; without one the letters of the names decide.
    """
    if not len(transactions.before(cut)):
        raise CustomerDataError("nothing was bought before the cut: there is nothing to recommend by")
    found = ranker(transactions, items, cut, list(Task), progress)
    history = found.snapshot.history
    customers = _latest(history)
    lists = found.lists(customers, list(Task), max(LISTED.values()), progress)
    together, alike = companions(history), similar(history, items, embed)
    progress("finding the reasons", 0.95)
    category = _categories(items)
    prepared = {task: _prepared(found, together, category, lists[task], LISTED[task]) for task in Task}
    ids = transactions.customers[customers].tolist()
    names = transactions.items.tolist()
    popular = found.snapshot.popular.astype(np.int32)
    return RecommendationModel(cut, tuple(ids), tuple(names), prepared, popular, together.items, alike.items)


def _latest(history: History) -> Ints:
    customers = customers_known(history)
    last = history.orders.day[history.orders.of_customer[customers + 1] - 1]
    return np.sort(customers[np.argsort(-last, kind="stable")[:MOST_CUSTOMERS]])


def _categories(items: Items) -> Ints:
    """(items,) numbers, 0 for an item without a category."""
    named = np.unique(np.append("", items.categories), return_inverse=True)[1][1:]
    return named.astype(np.int32)


def _prepared(found: Ranker, together: Companions, category: Ints, lists: Lists, k: int) -> PreparedLists:
    listed, scores = lists.items[:, :k], lists.scores[:, :k]
    row, place = np.nonzero(listed >= 0)
    why = explain(found.snapshot.described, category, together, lists.customers[row], listed[row, place])
    codes, because = np.zeros_like(listed), np.full_like(listed, -1)
    gaps = np.zeros(listed.shape, dtype=np.float32)
    codes[row, place], because[row, place], gaps[row, place] = why.code, why.because, why.gap_days
    return PreparedLists(listed, scores, codes, because, gaps)
