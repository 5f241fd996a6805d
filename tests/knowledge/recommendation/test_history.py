"""The history at a cut against a plain count, and blind for what comes after."""

from collections import Counter
from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.recommendation.history import Orders, Pairs, Purchases, look_back
from knowledge.recommendation.tasks import Task, experienced, look_ahead
from tests.knowledge.recommendation.shops import Line, transactions_of

CUT = 50.0
LINES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 5), st.integers(0, 90).map(float)), max_size=40
)


def one_day_an_order(lines: list[Line]) -> list[Line]:
    """An order is of one moment: its day follows from its number."""
    return [(customer, item, order, float(order * 15)) for customer, item, order, _ in lines]


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_every_pair_is_counted_once_an_order(lines: list[Line]) -> None:
    lines = one_day_an_order(lines)
    transactions = transactions_of(lines)
    history = look_back(transactions, CUT)
    expected = Counter((f"c{c}", f"i{i:02}") for c, i, o, _ in {(*line[:3], 0) for line in lines if line[3] < CUT})
    pairs = history.pairs
    ids = zip(transactions.customers[pairs.customer].tolist(), transactions.items[pairs.item].tolist(), strict=True)
    assert dict(zip(ids, np.diff(pairs.starts).tolist(), strict=True)) == dict(expected)
    assert (history.lookup(pairs.customer, pairs.item) == np.arange(len(pairs.item))).all()


@given(LINES, LINES)
@settings(max_examples=60, deadline=None)
def test_nothing_from_the_cut_on_is_seen(lines: list[Line], later: list[Line]) -> None:
    before = one_day_an_order(lines)
    after = [(customer, item, order + 10, CUT + day) for customer, item, order, day in later]
    everybody = [(customer, item, 0, 0.0) for customer in range(4) for item in range(5)]  # the same numbers in both
    short, long = transactions_of(everybody + before), transactions_of(everybody + before + after)
    one, other = look_back(short, CUT), look_back(long, CUT)
    for kind, name in ((Purchases, "purchases"), (Pairs, "pairs"), (Orders, "orders")):
        for each in fields(kind):
            np.testing.assert_array_equal(
                getattr(getattr(one, name), each.name), getattr(getattr(other, name), each.name)
            )


def test_what_came_after_is_told_apart() -> None:
    past = [(0, 0, 0, 1.0), (0, 1, 1, 2.0), (0, 1, 2, 3.0), (1, 0, 0, 4.0)]
    future = [(0, 0, 3, 55.0), (0, 2, 3, 55.0), (0, 3, 4, 60.0), (0, 4, 5, 90.0), (2, 0, 0, 51.0)]
    transactions = transactions_of(past + future)
    history = look_back(transactions, CUT)
    truth = look_ahead(transactions, history)
    found = {task: sorted(transactions.items[truth.of(task)[1]].tolist()) for task in Task}
    assert found == {Task.WINDOW: ["i00", "i02", "i03"], Task.NEXT: ["i00", "i02"], Task.NEW: ["i02", "i03"]}
    assert set(truth.customer.tolist()) == {0}, "who has no past is not foreseen"
    assert experienced(history, truth).tolist() == [0]
