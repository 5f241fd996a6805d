"""NDCG and recall against figures worked out by hand."""

import numpy as np
import pytest

from knowledge.recommendation.evaluation import interval, score


def test_hits_count_by_their_place() -> None:
    lists = {1: np.array([7, 8, 9], dtype=np.int32), 2: np.array([4], dtype=np.int32)}
    found = score(lists, np.array([1, 1, 3], dtype=np.int32), np.array([8, 5, 4], dtype=np.int32), 3)
    assert found.customers.tolist() == [1], "without a right answer nobody can be right"
    assert found.recall[0] == 0.5
    assert found.ndcg[0] == pytest.approx((1 / np.log2(3)) / (1 + 1 / np.log2(3)))


def test_the_best_list_scores_one() -> None:
    answers = np.arange(20, dtype=np.int32)
    found = score({0: answers[:10]}, np.zeros(20, dtype=np.int32), answers, 10)
    assert found.ndcg[0] == pytest.approx(1.0)
    assert found.recall[0] == 0.5


def test_an_interval_holds_the_mean_and_narrows_with_more_customers() -> None:
    rng = np.random.default_rng(0)
    few, many = (interval(rng.normal(1.0, 1.0, count)) for count in (50, 5000))
    assert few[0] < 1.0 < few[1]
    assert many[1] - many[0] < (few[1] - few[0]) / 4
