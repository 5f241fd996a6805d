"""Predictions on Complete Journey and CDNOW: every family at every task, the one chosen by earlier days, their speed.

Days are counted from the data's first as day 0. Of Complete Journey fuel, coupons and rows without pieces or price are
left out. active: 28 days from day 336. churn: 56 days from day 308, of those who bought in the 56 before. category:
twelve categories (places 22 to 33 by households before day 196), 28 days from day 336. coupon: campaigns that
started from day 219 on and ended within the data, learned from those that ended before. purchases: days with a
purchase in the 91 days from day 273. Everything was chosen on earlier windows.
"""

import tempfile
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from benchmarks.crm._offers import offer_history
from knowledge.customers.reading import Loaded, read_transactions
from knowledge.customers.transactions import Floats, Transactions, day_of
from knowledge.prediction import categories, measures, offers
from knowledge.prediction.bg_nbd import BgNbd
from knowledge.prediction.families.boosting import forest, tree
from knowledge.prediction.families.kernel import rbf_svm
from knowledge.prediction.families.linear import linear_svm
from knowledge.prediction.fitting import fit
from knowledge.prediction.model import Fitted
from knowledge.prediction.selection import FAMILIES, Family, choose, fitted, learned
from knowledge.prediction.snapshots import Past
from knowledge.prediction.tasks import ACTIVE, CHURN, PURCHASES, Task
from knowledge.prediction.visits import Visits

OF_CHANCES: Mapping[str, Family] = {
    "linear SVM": learned(linear_svm),
    "RBF SVM": learned(rbf_svm),
    "tree": learned(tree),
    "forest": learned(forest),
}
"""Beside the families that are chosen from; of amounts those are all."""
JOURNEY = """
    SELECT household_id AS customer_id, product_id AS item_id, transaction_timestamp AS "time", quantity,
           sales_value AS amount, basket_id AS order_id
    FROM '{0}/complete_journey/transactions.parquet'
    LEFT JOIN '{0}/complete_journey/products.parquet' USING (product_id)
    WHERE quantity > 0 AND sales_value > 0 AND coalesce(department, '') NOT IN ('FUEL', 'COUPON', 'MISCELLANEOUS')
"""
JOURNEY_ITEMS = """
    SELECT product_id AS item_id, product_type AS name, product_category AS category
    FROM '{0}/complete_journey/products.parquet'
"""
CDNOW = """
    SELECT customer_id, 'cd' AS item_id, date AS "time", number_of_cds AS quantity, dollar_value AS amount
    FROM '{0}/cdnow/transactions.parquet' WHERE dollar_value > 0
"""
NO_ITEMS = "SELECT 'cd' AS item_id, '' AS name, '' AS category WHERE '{0}' <> ''"
JOURNEY_START, CDNOW_START = day_of(date(2017, 1, 1)), day_of(date(1997, 1, 1))
SPLIT = 219
SAMPLE = "SELECT x::DOUBLE AS x, t_x, T FROM '{0}/cdnow/sample_2357_summary.parquet'"


def main(data: Path) -> None:
    if (data / "complete_journey").is_dir():
        journey = load(data, JOURNEY, JOURNEY_ITEMS)
        _families("active", ACTIVE, journey, JOURNEY_START + 336)
        _families("churn", CHURN, journey, JOURNEY_START + 308)
        _categories(journey)
        _coupons(data / "complete_journey", journey.transactions)
        _families("Complete Journey, purchases", PURCHASES, journey, JOURNEY_START + 273)
        _speed(journey)
    else:
        print(f"predictions: {data}/complete_journey is not there, left out")
    if (data / "cdnow").is_dir():
        _published(data)
        _families("CDNOW, purchases", PURCHASES, load(data, CDNOW, NO_ITEMS), CDNOW_START + 273)
    else:
        print(f"predictions: {data}/cdnow is not there, left out")


def load(data: Path, lines: str, items: str) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / "lines.parquet", Path(folder) / "items.parquet"]
        for query, file in zip((lines, items), files, strict=True):
            duckdb.sql(f"COPY ({query.format(data)}) TO '{file}'")
        return read_transactions(files[0], files[1])


def _families(title: str, task: Task, shop: Loaded, cut: float) -> None:
    """Each family with the calibration that suits it, then the choice that `fit` makes."""
    transactions, items = shop.transactions, shop.items
    past = Past(Visits.before(transactions, cut))
    rhythm = past.rhythm(0)
    later = Visits.before(transactions, cut + task.days)
    labels = task.labels(later, rhythm.customers, task.days, task.days)
    counted = rhythm.column("recency_days") <= task.days if task is CHURN else np.ones(len(labels), bool)
    print(f"\n{title}: {counted.sum()} customers, mean {labels[counted].mean():.3f}")
    families = dict(FAMILIES) | dict(OF_CHANCES if task.kind == "chance" else {})
    for name, family in families.items():
        chosen = choose(past, task, {name: family})
        started = time.perf_counter()
        scorer = fitted(name, past, task, 0, families)
        seconds = time.perf_counter() - started
        _print(task, name, chosen.calibration(scorer.scores(rhythm.values))[counted], labels[counted], seconds)
    started = time.perf_counter()
    model = fit(transactions, items, cut, _silently, (task,))
    seconds = time.perf_counter() - started
    found = model.predict(transactions, cut).values[task.name]
    _print(task, f"chosen: {model.tasks[0].family}", found[counted], labels[counted], seconds)


def _categories(journey: Loaded) -> None:
    cut, first = JOURNEY_START + 336, JOURNEY_START + 196
    lines, names = journey.transactions.before(first), journey.items.categories
    pairs = np.unique(np.stack([names[lines.item], lines.customer.astype(np.str_)]), axis=1)
    known, counts = np.unique(pairs[0][pairs[0] != ""], return_counts=True)
    asked = known[np.argsort(-counts, kind="stable")][21:33].tolist()
    started = time.perf_counter()
    model = categories.fit(journey.transactions, journey.items, cut, _silently, asked)
    seconds = time.perf_counter() - started
    found = model.predict(journey.transactions, journey.items, cut)
    ahead = journey.transactions.between(cut, cut + categories.DAYS)
    bought = {
        (customer, names[item]) for customer, item in zip(ahead.customer.tolist(), ahead.item.tolist(), strict=True)
    }
    labels = np.array([[(one, name) in bought for name in asked] for one in found.customers.tolist()], dtype=np.float64)
    print(f"\ncategory: {labels.size} pairs, mean {labels.mean():.3f}")
    _print(ACTIVE, "regression + boosting", found.values.ravel(), labels.ravel(), seconds)


def _coupons(folder: Path, transactions: Transactions) -> None:
    """Learned once, before the first of the campaigns."""
    history, split = offer_history(folder, transactions), JOURNEY_START + SPLIT
    asked = np.flatnonzero((history.start >= split) & (history.end <= transactions.day.max())).tolist()
    started = time.perf_counter()
    model = offers.fit(transactions, history, split, _silently)
    seconds = time.perf_counter() - started
    given = [model.predict(transactions, history, one) for one in asked]
    labels = np.concatenate([history.who_redeemed(one, who) for one, (who, _) in zip(asked, given, strict=True)])
    print(f"\ncoupon: {len(labels)} sendings, mean {labels.mean():.3f}")
    _print(ACTIVE, "regression", np.concatenate([chances for _, chances in given]), labels, seconds)


def _published(data: Path) -> None:
    sample = duckdb.execute(SAMPLE.format(data)).fetchnumpy()
    found = BgNbd.fitted(sample["x"], sample["t_x"], sample["T"])
    print("\nBG/NBD on the CDNOW sample (published: r .243, alpha 4.414, a .793, b 2.426)")
    print(f"  r {found.r:.3f}, alpha {found.alpha:.3f}, a {found.a:.3f}, b {found.b:.3f}")


def _speed(journey: Loaded) -> None:
    cut = JOURNEY_START + 336
    model = fit(journey.transactions, journey.items, cut, _silently, (ACTIVE,))
    rhythm = Past(Visits.before(journey.transactions, cut)).rhythm(0)
    (one,) = model.tasks
    parts = one.scorer.contributions(rhythm.values)
    error = np.abs(parts.sum(axis=1) - one.scorer.scores(rhythm.values)).max()
    print(f"\nspeed of {one.family}")
    print(f"  a prediction alone {_milliseconds(one, rhythm.values[:1]):.2f} ms, in batch", end=" ")
    print(f"{_milliseconds(one, rhythm.values) / len(rhythm.values):.4f} ms")
    started = time.perf_counter()
    for row in range(50):
        one.scorer.contributions(rhythm.values[row : row + 1])
    print(
        f"  an explanation {(time.perf_counter() - started) * 20:.2f} ms; parts add up to the score within {error:.0e}"
    )


def _milliseconds(one: Fitted, values: Floats) -> float:
    started = time.perf_counter()
    for _ in range(20):
        one.predicted(values)
    return (time.perf_counter() - started) * 50


def _print(task: Task, name: str, predicted: Floats, labels: Floats, seconds: float) -> None:
    by = measures.CHANCE if task.kind == "chance" else measures.AMOUNT
    cells = [
        f"{measure} {found.value:.4f} [{found.low:.3f}, {found.high:.3f}]"
        for measure, found in measures.figures(by, predicted, labels).items()
    ]
    print(f"  {name:44s} {'  '.join(cells)}  {seconds:.1f} s", flush=True)


def _silently(_what: str, _share: float) -> None:
    pass
