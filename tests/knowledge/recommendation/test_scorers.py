"""The single models against their definitions, on tables small enough to work out otherwise."""

import numpy as np
import pytest

from knowledge.recommendation.history import History, look_back
from knowledge.recommendation.scorers import als, content, ease, frequency, item_knn, popularity, tifu_knn, user_knn
from tests.knowledge.recommendation.shops import habits, items_of, transactions_of

pytest.importorskip("scipy")
CUT = 122.0


@pytest.fixture(scope="module")
def history() -> History:
    return look_back(habits(customers=40, items=24), CUT)


@pytest.fixture(scope="module")
def everybody(history: History) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.arange(history.customers, dtype=np.int32)


def test_ease_is_the_closed_form(history: History, everybody: np.ndarray[tuple[int], np.dtype[np.int32]]) -> None:
    counted = history.matrix(history.decayed(ease.DAYS)).toarray().astype(np.float64)
    once = (history.matrix(np.ones(len(history.pairs.item))).toarray() > 0).astype(np.float64)
    cases = (
        (ease.fit(history, everybody), counted, ease.PENALTY),
        (ease.fit_once(history, everybody), once, ease.ONCE_PENALTY * once.sum(axis=1).mean()),
    )
    for found, x, penalty in cases:
        inverse = np.linalg.inv(x.T @ x + penalty * np.eye(x.shape[1]))
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0.0)
        np.testing.assert_allclose(found.of(everybody), x @ weights, atol=1e-3)


def test_als_comes_to_its_own_minimum(history: History) -> None:
    """What was bought is scored above what was not, and by nearly as much as a full solution would."""
    found = als.fit(history).of(np.arange(history.customers, dtype=np.int32))
    bought = history.matrix(np.ones(len(history.pairs.item))).toarray() > 0
    assert found[bought].mean() > found[~bought].mean() + 0.3


def test_neighbours_are_like_customers(history: History, everybody: np.ndarray[tuple[int], np.dtype[np.int32]]) -> None:
    for fit in (user_knn.fit, tifu_knn.fit):
        scores = fit(history, everybody).of(everybody)
        groups = np.arange(history.items) % 4
        for customer in range(8):
            own = scores[customer][groups == customer % 4].sum()
            assert own > 0.6 * scores[customer].sum(), "customers of one group buy alike"


def test_what_is_bought_by_the_same_people_goes_together(history: History) -> None:
    alike = item_knn.fit(history, neighbours=3).alike
    rows, columns = alike.nonzero()
    assert (rows % 4 == columns % 4).mean() > 0.9
    assert np.diff(alike.indptr).max() <= 3
    assert (rows != columns).all()


def test_habits_fade() -> None:
    lines = [(0, 0, 0, 1.0), (0, 0, 1, 2.0), (0, 1, 2, 99.0)]
    history = look_back(transactions_of(lines), 100.0)
    customers = np.array([0], dtype=np.int32)
    assert frequency.fit(history, np.inf).of(customers)[0].argmax() == 0
    assert frequency.fit(history, 20.0).of(customers)[0].argmax() == 1


def test_popular_is_what_sells_now() -> None:
    lines = [(customer, 0, 0, 1.0) for customer in range(5)] + [(0, 1, 1, 99.0), (1, 1, 1, 99.0)]
    counts = popularity.fit(look_back(transactions_of(lines), 100.0)).counts
    assert counts.argmax() == 1


def test_names_that_are_alike_are_near() -> None:
    pytest.importorskip("sklearn")
    transactions = habits(customers=20, items=16)
    history = look_back(transactions, CUT)
    customers = np.arange(8, dtype=np.int32)
    scores = content.fit(history, content.meanings_of(items_of(transactions))).of(customers)
    for customer in range(8):
        assert scores[customer].argmax() % 4 == customer % 4
