"""What orders a shop's lists: the learned only where it was better, a plain order where little is known."""

import numpy as np
import pytest

from knowledge.customers.transactions import Floats
from knowledge.recommendation import choosing
from knowledge.recommendation.choosing import Lesson, best_plain, chosen, ndcg
from knowledge.recommendation.features import pairs, table
from knowledge.recommendation.history import Scores
from knowledge.recommendation.plain import ORDERS, Order, blended, counted, popular
from knowledge.recommendation.snapshot import MODELS, Candidates
from knowledge.recommendation.tasks import Task

GROUPINGS = 2
ITEMS = 20


def lesson(customers: int, wanted: str, seed: int = 0) -> Lesson:
    """Everybody is right to be given the item that stands highest in the column `wanted`, the others are noise."""
    random = np.random.default_rng(seed)
    rows = customers * ITEMS
    columns = random.random((rows, len(table.names(GROUPINGS, MODELS)))).astype(np.float32)
    place = columns[:, column(wanted)].reshape(customers, ITEMS).argmax(axis=1)
    right = np.zeros((customers, ITEMS), dtype=bool)
    right[np.arange(customers), place] = True
    customer = np.repeat(np.arange(customers), ITEMS).astype(np.int32)
    item = np.tile(np.arange(ITEMS), customers).astype(np.int32)
    given = Candidates(customer, item, np.zeros(rows, dtype=bool), columns)
    return Lesson(given, dict.fromkeys(Task, right.ravel()))


def column(name: str) -> int:
    return table.rank_of(name, MODELS) - 1 if name in MODELS else pairs.NAMES.index(name)


def good(columns: Scores) -> Floats:
    return columns[:, column("due")].astype(np.float64)


def bad(columns: Scores) -> Floats:
    """The right one comes last."""
    return -good(columns)


def test_what_was_learned_serves_where_it_was_better_on_the_latest_window() -> None:
    lessons = [lesson(60, "due", seed) for seed in range(3)]
    assert chosen(Task.WINDOW, lessons, good, good) is good
    assert chosen(Task.WINDOW, lessons, bad, bad) is not bad
    assert chosen(Task.WINDOW, lessons, good, None) is not good, "nobody knows whether it is"
    assert chosen(Task.WINDOW, lessons, None, None) is blended


def test_in_a_large_shop_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "LARGE", 100)
    lessons = [lesson(60, "due", seed) for seed in range(2)]
    assert chosen(Task.WINDOW, lessons, bad, None) is bad


@pytest.mark.parametrize(("wanted", "plain"), [("times", counted), ("popularity", popular), ("user_knn", blended)])
def test_the_plain_order_that_fits_the_shop_is_taken(wanted: str, plain: Order) -> None:
    assert best_plain(Task.NEXT, [lesson(80, wanted)]) is plain


def test_a_handful_of_customers_proves_nothing() -> None:
    for task, orders in ORDERS.items():
        usual = next(iter(orders.values()))
        assert best_plain(task, []) is usual
        assert best_plain(task, [lesson(1, "popularity")]) is usual


def test_ndcg_counts_where_the_right_ones_stand() -> None:
    customer = np.array([3, 3, 3, 8, 8, 9], dtype=np.int32)
    right = np.array([False, True, True, True, False, False])
    found = ndcg(customer, np.array([3.0, 2.0, 1.0, 5.0, 1.0, 1.0]), right)
    two = (1 / np.log2(3) + 1 / np.log2(4)) / (1 + 1 / np.log2(3))
    np.testing.assert_allclose(found, [two, 1.0])
    assert len(ndcg(customer[:0], np.zeros(0), right[:0])) == 0
