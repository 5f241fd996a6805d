"""Recommendation: every single model and the hybrid, on a supermarket's year and a wholesaler's.

Each cut: customers with three orders before it and a purchase in the 28 days after; all they bought then counts. What
was tuned was tuned on windows before the first cut shown here.
"""

import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from knowledge.customers.reading import Loaded, read_transactions
from knowledge.customers.transactions import Ints, day_of
from knowledge.recommendation.candidates import bought_by
from knowledge.recommendation.evaluation import Scored, interval, score
from knowledge.recommendation.history import History, Scores, look_back
from knowledge.recommendation.ranking import ranker
from knowledge.recommendation.scorers import (
    Scorer,
    als,
    content,
    ease,
    frequency,
    item_knn,
    popularity,
    tifu_knn,
    user_knn,
)
from knowledge.recommendation.tasks import Task, Truth, experienced, look_ahead

K = 10
CHUNK = 128
JOURNEY = """
    SELECT household_id AS customer_id, product_id AS item_id, transaction_timestamp AS time, quantity,
           sales_value AS amount, basket_id AS order_id
    FROM '{data}/complete_journey/transactions.parquet' LEFT JOIN '{data}/complete_journey/products.parquet'
         USING (product_id)
    WHERE quantity > 0
      AND coalesce(product_category, '') NOT IN ('COUPON/MISC ITEMS', 'FUEL', 'COUPONS/STORE & MFG')
"""
JOURNEY_ITEMS = """
    SELECT product_id AS item_id, product_type AS name, product_category AS category
    FROM '{data}/complete_journey/products.parquet'
"""
RETAIL = """
    SELECT "Customer ID" AS customer_id, StockCode AS item_id, InvoiceDate AS time, Quantity AS quantity,
           Quantity * Price AS amount, Invoice AS order_id
    FROM '{data}/online_retail_ii_0910/transactions.parquet'
    WHERE "Customer ID" IS NOT NULL AND Quantity > 0 AND Price > 0
"""
RETAIL_ITEMS = """
    SELECT StockCode AS item_id, any_value(Description ORDER BY InvoiceDate) AS name, '' AS category
    FROM '{data}/online_retail_ii_0910/transactions.parquet' GROUP BY StockCode
"""
Cell = dict[Task, Scored]


@dataclass(frozen=True)
class Line:
    """One model at one cut. `fit_seconds`, and `milliseconds` a customer in batch."""

    name: str
    cells: Cell
    fit_seconds: float
    milliseconds: float


def main(data: Path) -> None:
    if (data / "complete_journey").is_dir():
        _table("Complete Journey", _loaded(data, JOURNEY, JOURNEY_ITEMS), date(2017, 1, 1), (308, 336))
    else:
        print(f"recommendation: {data}/complete_journey is not there, left out")
    if (data / "online_retail_ii_0910").is_dir():
        _table("Online Retail II", _loaded(data, RETAIL, RETAIL_ITEMS), date(2009, 12, 1), (318, 346))
    else:
        print(f"recommendation: {data}/online_retail_ii_0910 is not there, left out")


def _loaded(data: Path, lines: str, items: str) -> Loaded:
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        bought, listed = Path(folder) / "lines.parquet", Path(folder) / "items.parquet"
        for query, file in ((lines, bought), (items, listed)):
            duckdb.sql(f"COPY ({query.format(data=data)}) TO '{file}'")
        return read_transactions(bought, listed)


def _table(name: str, loaded: Loaded, first: date, days: Sequence[int]) -> None:
    for day in days:
        cut = day_of(first) + day
        history = look_back(loaded.transactions, cut)
        truth = look_ahead(loaded.transactions, history)
        customers = experienced(history, truth).astype(np.int32)
        print(f"\n{name}, 28 days from day {day}: {len(customers)} customers; recall@{K} / NDCG@{K}")
        print(f"{'':24s}{'window':>14s}{'next':>14s}{'new':>14s}{'fit s':>8s}{'ms':>7s}", flush=True)
        lines = [_single(title, fit, history, truth, customers) for title, fit in _singles(loaded, history).items()]
        hybrid = _hybrid(loaded, cut, truth, customers)
        _compared(lines, hybrid)


def _singles(loaded: Loaded, history: History) -> dict[str, Callable[[], Scorer]]:
    everybody = np.flatnonzero(np.diff(history.pairs.of_customer) > 0).astype(np.int32)
    return {
        "popular 28 d": partial(popularity.fit, history),
        "personal frequency": partial(frequency.fit, history, np.inf),
        "the same, forgetting": partial(frequency.fit, history),
        "content (TF-IDF)": lambda: content.fit(history, content.meanings_of(loaded.items)),
        "item-kNN (BM25)": partial(item_knn.fit, history),
        "ALS 64": partial(als.fit, history),
        "EASE, each item once": partial(ease.fit_once, history, everybody),
        "EASE, forgetting": partial(ease.fit, history, everybody),
        "TIFU-KNN": partial(tifu_knn.fit, history, everybody),
        "user-kNN, forgetting": partial(user_knn.fit, history, everybody),
    }


def _single(name: str, fit: Callable[[], Scorer], history: History, truth: Truth, customers: Ints) -> Line:
    begun = time.perf_counter()
    scorer = fit()
    fitted = time.perf_counter()
    lists: dict[Task, dict[int, Ints]] = {task: {} for task in Task}
    for at in range(0, len(customers), CHUNK):
        chunk = customers[at : at + CHUNK]
        scores = scorer.of(chunk)
        best = dict(zip(chunk.tolist(), _top(scores), strict=True))
        lists[Task.WINDOW] |= best
        lists[Task.NEXT] |= best
        rows, owner = bought_by(history, chunk)
        scores[owner, history.pairs.item[rows]] = -np.inf
        lists[Task.NEW] |= dict(zip(chunk.tolist(), _top(scores), strict=True))
    spent = 1000 * (time.perf_counter() - fitted) / len(customers)
    line = Line(name, {task: score(lists[task], *truth.of(task), K) for task in Task}, fitted - begun, spent)
    _print(line)
    return line


def _top(scores: Scores) -> Ints:
    best = np.argpartition(-scores, K, axis=1)[:, :K]
    order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1, kind="stable")
    return np.take_along_axis(best, order, axis=1).astype(np.int32)


def _hybrid(loaded: Loaded, cut: float, truth: Truth, customers: Ints) -> Line:
    begun = time.perf_counter()
    learned = ranker(loaded.transactions, loaded.items, cut, list(Task), _silently)
    fitted = time.perf_counter()
    found = learned.lists(customers, list(Task), K, _silently)
    spent = 1000 * (time.perf_counter() - fitted) / len(customers)
    cells = {
        task: score(dict(zip(customers.tolist(), found[task].items, strict=True)), *truth.of(task), K) for task in Task
    }
    line = Line("hybrid", cells, fitted - begun, spent)
    _print(line)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"  memory at its highest, single models included: {peak:.1f} GB")
    return line


def _silently(_what: str, _share: float) -> None:
    """Nobody watches a benchmark."""


def _compared(lines: Sequence[Line], hybrid: Line) -> None:
    """NDCG's gain over the best single model of each task, and its paired 95 % interval."""
    for task in Task:
        best = max(lines, key=lambda line: float(line.cells[task].ndcg.mean()))
        gain = hybrid.cells[task].ndcg - best.cells[task].ndcg
        low, high = interval(gain)
        print(f"  {task}: hybrid {gain.mean():+.4f} [{low:+.4f}, {high:+.4f}] over {best.name}", flush=True)


def _print(line: Line) -> None:
    cells = "".join(
        f"{line.cells[task].recall.mean():>8.4f}/{line.cells[task].ndcg.mean():.4f}".rjust(14) for task in Task
    )
    print(f"{line.name:24s}{cells}{line.fit_seconds:>8.1f}{line.milliseconds:>7.1f}", flush=True)
