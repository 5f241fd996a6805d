"""Snapshots: labels end at the cut or before it, and models for a day learn only from what was over by then."""

import numpy as np
import pytest

from knowledge.prediction.snapshots import MOST, Past, few_customers, training_ages, validation_ages
from knowledge.prediction.tasks import ACTIVE, CHURN, PURCHASES, SPEND, TASKS, Task
from knowledge.prediction.visits import Visits
from tests.knowledge.prediction.shops import CUT, shop, transactions_of


def test_labels_are_what_came_after_the_snapshot() -> None:
    rows = [("a", "x", 50.0, 1.0), ("a", "x", 60.0, 2.0), ("a", "x", 61.0, 3.0), ("b", "x", 50.0, 4.0)]
    past = Past(Visits.before(transactions_of(rows), 88.0))

    def labels(task: Task, age: int, days: int) -> list[float]:
        return [float(label) for label in past.examples(task, age, days).labels]

    assert labels(ACTIVE, 33, 28) == [1, 0]
    assert labels(CHURN, 33, 28) == [0, 1]
    assert labels(PURCHASES, 33, 28) == [2, 0]
    assert labels(SPEND, 33, 28) == [5, 0]
    assert labels(PURCHASES, 28, 28) == [2, 0]  # from day 60 on
    assert labels(PURCHASES, 33, 5) == [0, 0]  # up to day 60, without it


def test_a_window_that_is_not_over_has_no_labels() -> None:
    past = Past(Visits.before(shop(5), CUT))
    with pytest.raises(ValueError, match="aren't over"):
        past.examples(ACTIVE, 27, 28)


@pytest.mark.parametrize("history", [10, 30, 60, 100, 200, 400, 2000])
@pytest.mark.parametrize("first", [28, 56, 119])
def test_snapshots_lie_between_the_first_visit_and_the_last_known_label(history: int, first: int) -> None:
    ages = training_ages(history, first)
    assert len(ages) <= MOST
    assert all(first <= age < history for age in ages)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_validation_snapshot_leaves_earlier_ones_to_learn_from(task: Task) -> None:
    for age in validation_ages(400, task):
        assert age >= task.days
        assert all(one >= age + task.horizons[0] for one in training_ages(400, age + task.horizons[0]))
    assert validation_ages(task.days, task) == []


def test_a_part_of_the_customers_is_whole_customers_and_always_the_same() -> None:
    visits = Visits.before(shop(60), CUT)
    some = few_customers(visits, 20)
    assert len(np.unique(some.customer)) == 20
    np.testing.assert_array_equal(some.customer, few_customers(visits, 20).customer)
    for customer in np.unique(some.customer):
        assert (some.customer == customer).sum() == (visits.customer == customer).sum()
