"""Lists for everybody: learned from the past alone, complete, and better than what is popular."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.customers.transactions import Transactions
from knowledge.recommendation.evaluation import score
from knowledge.recommendation.history import look_back
from knowledge.recommendation.ranking import Lists, customers_known, ranker
from knowledge.recommendation.tasks import Task, look_ahead
from tests.knowledge.recommendation.shops import Line, habits, items_of, silently, transactions_of

CUT = 122.0


def ranked(transactions: Transactions, cut: float, tasks: list[Task], k: int) -> dict[Task, Lists]:
    learned = ranker(transactions, items_of(transactions), cut, tasks, silently)
    return learned.lists(customers_known(learned.snapshot.history), tasks, k, silently)


@pytest.fixture(scope="module")
def transactions() -> Transactions:
    return habits()


@pytest.fixture(scope="module")
def lists(transactions: Transactions) -> dict[Task, Lists]:
    pytest.importorskip("lightgbm")
    return ranked(transactions, CUT, list(Task), 5)


def test_habits_are_foreseen(transactions: Transactions, lists: dict[Task, Lists]) -> None:
    history = look_back(transactions, CUT)
    truth = look_ahead(transactions, history)
    popular = np.argsort(-history.buyers, kind="stable")[:5].astype(np.int32)
    for task, least in ((Task.WINDOW, 0.7), (Task.NEXT, 0.55)):
        found = lists[task]
        ours = score(dict(zip(found.customers.tolist(), found.items, strict=True)), *truth.of(task), 5)
        theirs = score(dict.fromkeys(found.customers.tolist(), popular), *truth.of(task), 5)
        assert ours.ndcg.mean() > least > 2 * theirs.ndcg.mean()


def test_what_is_new_was_never_bought(transactions: Transactions, lists: dict[Task, Lists]) -> None:
    history, found = look_back(transactions, CUT), lists[Task.NEW]
    assert (history.lookup(np.repeat(found.customers, 5), found.items.ravel()) < 0).all()
    groups = np.array([int(item[1:]) % 4 for item in transactions.items.tolist()])
    own = np.array([int(customer[1:]) % 4 for customer in transactions.customers.tolist()])
    assert (groups[found.items] == own[found.customers][:, None]).mean() > 0.9, "what one's own group buys"


def test_each_list_is_full_and_without_repeats(lists: dict[Task, Lists]) -> None:
    for found in lists.values():
        assert all(len(set(row)) == 5 and min(row) >= 0 for row in found.items.tolist())


def test_nothing_from_the_cut_on_changes_a_list(transactions: Transactions, lists: dict[Task, Lists]) -> None:
    rng = np.random.default_rng(5)
    after = transactions.day >= CUT
    item = transactions.item.copy()
    item[after] = rng.integers(0, len(transactions.items), int(after.sum()))
    other = ranked(replace(transactions, item=item), CUT, list(Task), 5)
    for task in Task:
        np.testing.assert_array_equal(lists[task].items, other[task].items)


LINES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 5), st.integers(0, 40).map(float)),
    min_size=1,
    max_size=15,
)


@given(LINES, LINES)
@settings(max_examples=25, deadline=None)
def test_shops_of_any_size_get_lists_from_the_past_alone(lines: list[Line], later: list[Line]) -> None:
    cut = 41.0
    after = [(customer, item, order + 10, cut + day) for customer, item, order, day in later]
    long = transactions_of(lines + after)
    short = long.before(cut)
    sold = set(short.item.tolist())
    for task in Task:
        one, other = ranked(short, cut, [task], 3)[task], ranked(long, cut, [task], 3)[task]
        np.testing.assert_array_equal(one.items, other.items)
        for customer, row in zip(one.customers.tolist(), one.items.tolist(), strict=True):
            own = set(short.item[short.customer == customer].tolist())
            possible = sold - own if task is Task.NEW else sold
            listed = [item for item in row if item >= 0]
            assert len(listed) == len(set(listed)) == min(3, len(possible))
            assert set(listed) <= possible
