"""The figures of a customer: against a plain count, alone or among others, and blind for what comes after."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.customers.features import WINDOWS, customer_features
from knowledge.customers.transactions import Transactions

CUT = 400.0
Line = tuple[int, int, int, float, float, float]
"""customer, item, order of the customer, day, quantity, amount"""

LINES = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 5),
        st.integers(0, 6),
        st.floats(0, 420, allow_nan=False).map(lambda day: round(day, 2)),
        st.integers(1, 9).map(float),
        st.integers(0, 500).map(float),
    ),
    max_size=40,
)


def transactions_of(lines: list[Line]) -> Transactions:
    lines = sorted(lines, key=lambda line: (line[0], line[3], line[2], line[1]))
    customer, item, order, day, quantity, amount = (
        np.array([line[position] for line in lines], dtype=kind)
        for position, kind in enumerate((np.int32, np.int32, np.int32, float, float, float))
    )
    number = (customer * 100 + order).astype(np.int32)
    return Transactions(
        np.array(list("abcde")), np.array(list("uvwxyz")), customer, item, number, day, quantity, amount
    )


def counted(lines: list[Line], cut: float) -> dict[str, float]:
    """The same figures of one customer, one after the other and without arrays."""
    lines = sorted(line for line in lines if line[3] < cut)
    days = sorted({int(line[3]) for line in lines})
    gaps = [later - earlier for earlier, later in pairwise(days)]
    first_of_order = {order: min(line[3] for line in lines if line[2] == order) for _, _, order, *_ in lines}
    first_of_day = {day: min(line[3] for line in lines if int(line[3]) == day) for day in days}
    tenure = cut - min(line[3] for line in lines)
    found = {"recency_days": cut - max(line[3] for line in lines), "tenure_days": tenure}
    found["mean_gap_days"] = sum(gaps) / len(gaps) if gaps else tenure
    found["gap_deviation_days"] = float(np.std(gaps)) if gaps else 0.0
    found["recency_over_gap"] = found["recency_days"] / found["mean_gap_days"]
    for suffix, start in [("", -1.0)] + [(f"_{days}", cut - days) for days in WINDOWS]:
        within = [line for line in lines if line[3] >= start]
        found[f"orders{suffix}"] = sum(day >= start for day in first_of_order.values())
        found[f"active_days{suffix}"] = sum(day >= start for day in first_of_day.values())
        found[f"items{suffix}"] = len(within)
        found[f"quantity{suffix}"] = sum(line[4] for line in within)
        found[f"spend{suffix}"] = sum(line[5] for line in within)
    by_item = {item: sum(line[5] for line in lines if line[1] == item) for _, item, *_ in lines}
    found["distinct_items"] = len(by_item)
    found["top_item_share"] = max(by_item.values()) / found["spend"] if found["spend"] else 0.0
    found["mean_order_spend"] = found["spend"] / found["orders"]
    found["trend"] = (found["active_days_28"] + 1) / (found["active_days_56"] - found["active_days_28"] + 1)
    return found


@given(LINES)
def test_as_counted_by_hand(lines: list[Line]) -> None:
    features = customer_features(transactions_of(lines), CUT)
    known = sorted({line[0] for line in lines if line[3] < CUT})
    assert features.customers.tolist() == known
    for row, customer in enumerate(known):
        expected = counted([line for line in lines if line[0] == customer], CUT)
        assert set(expected) == set(features.names)
        for name, value in expected.items():
            assert features.column(name)[row] == pytest.approx(value), name


@given(LINES, LINES)
def test_nothing_from_the_cut_on_counts(lines: list[Line], later: list[Line]) -> None:
    after = [(line[0], line[1], line[2], CUT + line[3], line[4], line[5]) for line in later]
    told, untold = (customer_features(transactions_of(given), CUT) for given in (lines + after, lines))
    np.testing.assert_array_equal(told.customers, untold.customers)
    np.testing.assert_array_equal(told.values, untold.values)


@given(LINES)
@settings(max_examples=30)
def test_alone_to_the_last_bit_as_among_others(lines: list[Line]) -> None:
    everybody = transactions_of([(*line[:5], line[5] / 7) for line in lines])
    features = customer_features(everybody, CUT)
    for row, customer in enumerate(features.customers):
        alone = everybody.of(int(customer))
        np.testing.assert_array_equal(customer_features(alone, CUT).values[0], features.values[row])


def test_of_nobody_there_are_no_figures() -> None:
    features = customer_features(transactions_of([]), CUT)
    assert features.values.shape == (0, len(features.names))
