"""Visits against a plain count; blind for what comes at or after the cut."""

import numpy as np
import pytest

from knowledge.prediction.rhythm import Rhythm, UsualGap
from knowledge.prediction.visits import Visits
from tests.knowledge.prediction.shops import CUT, shop, transactions_of, with_more

ROWS = [
    ("a", "x", 90.2, 5.0),
    ("a", "y", 90.2, 7.0),
    ("a", "x", 90.9, 5.0),
    ("a", "x", 97.0, 5.0),
    ("b", "x", 99.9, 1.0),
    ("b", "x", 100.0, 9.0),
]


def test_a_visit_is_a_customer_and_a_day_counted_back_from_the_cut() -> None:
    visits = Visits.before(transactions_of(ROWS), 100.0)
    assert visits.customer.tolist() == [0, 0, 1]
    assert visits.age.tolist() == [10, 3, 1]
    assert visits.orders.tolist() == [2, 1, 1]
    assert visits.items.tolist() == [3, 1, 1]
    assert visits.new_items.tolist() == [2, 0, 1]
    assert visits.spend.tolist() == [17, 5, 1]


def test_days_begin_at_the_hour_of_the_cut() -> None:
    assert Visits.before(transactions_of(ROWS), 97.5).age.tolist() == [8, 7, 1]


def test_an_earlier_day_sees_what_was_known_then() -> None:
    transactions = shop(40)
    now, then = Visits.before(transactions, CUT).earlier(30), Visits.before(transactions, CUT - 30)
    for name in ("customer", "age", "orders", "items", "new_items", "spend"):
        np.testing.assert_array_equal(getattr(now, name), getattr(then, name))


@pytest.mark.parametrize("seed", range(5))
def test_nothing_at_or_after_the_cut_is_read(seed: int) -> None:
    transactions = shop(40, later=40)
    expected = Rhythm.of(Visits.before(transactions, CUT))
    found = Rhythm.of(Visits.before(with_more(transactions, CUT, seed), CUT))
    np.testing.assert_array_equal(found.customers, expected.customers)
    np.testing.assert_array_equal(found.values, expected.values)


def test_the_features_are_plain_counts() -> None:
    rhythm = Rhythm.of(Visits.before(transactions_of(ROWS), 100.0))
    found = dict(zip(rhythm.names, rhythm.values[0].tolist(), strict=True))
    assert found["recency_days"] == 3
    assert found["tenure_days"] == 10
    assert (found["visits"], found["visits_7"], found["visits_14"]) == (2, 1, 2)
    assert found["latest_gap_days"] == found["longest_gap_days"] == 7
    assert (found["spend"], found["spend_a_visit"], found["last_spend"]) == (22, 11, 5)
    assert found["new_share"] == 2 / 4
    assert found["periods_active"] == found["periods_active_share"] == 1


def test_no_customers_have_no_features_but_the_same_columns() -> None:
    nobody = Rhythm.of(Visits.none())
    assert nobody.values.shape == (0, len(Rhythm.of(Visits.before(transactions_of(ROWS), 100.0)).names))


def test_a_customer_is_the_same_whoever_else_is_worked_out() -> None:
    visits = Visits.before(shop(40), CUT)
    everybody, usual = Rhythm.of(visits), UsualGap.of(visits)
    for customer in everybody.customers[:10]:
        alone = Rhythm.of(visits.of(np.array([customer], dtype=np.int32)), usual)
        np.testing.assert_allclose(alone.values[0], everybody.values[everybody.customers == customer][0], rtol=1e-12)


def test_features_are_numbers_for_every_customer_whoever_else_there_is() -> None:
    transactions = shop(30)
    visits = Visits.before(transactions, CUT)
    for customer in np.unique(visits.customer):
        assert np.isfinite(Rhythm.of(visits.of(np.array([customer], dtype=np.int32))).values).all()
