"""Variety is weighed against how well a product fits."""

import numpy as np

from knowledge.recommendation.diversity import diverse

SCORES = np.array([1.0, 0.99, 0.95, 0.9, 0.1])
KINDS = np.array([0, 0, 1, 0, 2])


def test_the_best_comes_first_and_another_kind_second() -> None:
    assert diverse(SCORES, KINDS, 3) == [0, 2, 1]


def test_what_hardly_fits_is_no_variety() -> None:
    assert diverse(SCORES, KINDS, 4)[-1] == 3


def test_without_variety_only_the_score_counts() -> None:
    assert diverse(SCORES, KINDS, 3, variety=0.0) == [0, 1, 2]


def test_there_may_be_fewer_than_asked_for() -> None:
    assert diverse(SCORES[:2], KINDS[:2], 5) == [0, 1]
    assert diverse(SCORES[:0], KINDS[:0], 5) == []
