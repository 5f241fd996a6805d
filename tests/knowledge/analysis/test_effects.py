"""Effect sizes and corrections, held against plain sums, published examples and data whose truth is known."""

import numpy as np
import pytest

from knowledge.analysis.effects import benjamini_hochberg, between, cliffs_delta, cramers_v, hedges_g, holm, of

CHANCE = np.random.default_rng(5)


def test_cliffs_delta_counts_all_pairs() -> None:
    first, second = np.array([1.0, 3.0, 5.0]), np.array([2.0, 3.0])
    pairs = [np.sign(a - b) for a in first for b in second]
    assert cliffs_delta(first, second) == pytest.approx(np.mean(pairs))
    assert cliffs_delta(first + 100, second) == 1.0
    assert cliffs_delta(second, first) == -cliffs_delta(first, second)


def test_hedges_g_is_the_difference_in_standard_deviations() -> None:
    first, second = CHANCE.normal(1.0, 2.0, 20_000), CHANCE.normal(0.0, 2.0, 20_000)
    assert hedges_g(first, second) == pytest.approx(0.5, abs=0.03)
    assert hedges_g(np.ones(5), np.ones(5)) == 0.0


def test_cramers_v_is_one_for_the_same_and_about_zero_by_chance() -> None:
    groups = np.array(["a", "b", "c"])[CHANCE.integers(0, 3, 3000)]
    assert cramers_v(groups, np.char.upper(groups)) == pytest.approx(1.0, abs=0.01)
    assert cramers_v(groups, CHANCE.permutation(groups)) < 0.05
    assert cramers_v(groups, np.full(3000, "x")) == 0.0


def test_intervals_hold_the_truth_about_as_often_as_they_promise() -> None:
    """The delta of normal values half a deviation apart is 2 Φ(0.5 / √2) − 1 = 0.276."""
    inside = 0
    for seed in range(60):
        chance = np.random.default_rng(seed)
        found = between(cliffs_delta, chance.normal(0.5, 1, 80), chance.normal(0, 1, 120))
        assert found.low <= found.value <= found.high
        inside += found.low <= 0.276 <= found.high
    assert inside >= 51


def test_an_interval_of_one_column() -> None:
    found = of(lambda values: float(values.mean()), CHANCE.normal(3.0, 1.0, 400))
    assert found.low < found.value < found.high
    assert found.high - found.low == pytest.approx(2 * 1.96 / np.sqrt(400), rel=0.15)


def test_corrections_are_those_of_the_books() -> None:
    p = [0.01, 0.04, 0.03, 0.005]
    assert holm(p) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert benjamini_hochberg(p) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert (holm([0.9, 0.8]) <= 1.0).all()


def test_an_interval_of_many_is_as_narrow_as_many_make_it() -> None:
    values = CHANCE.normal(3.0, 1.0, 64_000)
    found = of(lambda some: float(some.mean()), values)
    assert found.value == pytest.approx(values.mean())
    assert found.high - found.low == pytest.approx(2 * 1.96 / np.sqrt(64_000), rel=0.15)
    small = CHANCE.normal(3.0, 1.0, 50)
    assert between(cliffs_delta, small, values).high - between(cliffs_delta, small, values).low > 0.2
