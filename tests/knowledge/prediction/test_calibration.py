"""Calibration: what is said comes true, and a higher score never means less."""

import numpy as np
import pytest

from knowledge.customers.transactions import Floats
from knowledge.prediction import measures
from knowledge.prediction.calibration import Calibration, How, calibrated

HOWS: list[How] = ["platt", "beta", "isotonic"]


def overconfident(count: int, seed: int) -> tuple[Floats, Floats]:
    """Scores whose log-odds are twice too large and too high by a half."""
    random = np.random.default_rng(seed)
    truth = random.normal(0.5, 1.2, size=count)
    return 2 * truth + 0.5, (random.uniform(size=count) < 1 / (1 + np.exp(-truth))).astype(np.float64)


@pytest.mark.parametrize("how", HOWS)
def test_what_it_says_comes_true_on_others(how: How) -> None:
    raw, labels = overconfident(4000, 1)
    fitted = calibrated(how, *overconfident(4000, 2))
    before, after = measures.ece(Calibration("none")(raw), labels), measures.ece(fitted(raw), labels)
    assert before > 0.08
    assert after < 0.03


@pytest.mark.parametrize("how", HOWS)
def test_a_higher_score_never_means_less(how: How) -> None:
    scores = np.linspace(-40, 40, 500)
    for seed in range(3):
        raw, labels = overconfident(60, seed)
        said = calibrated(how, raw, 1 - labels if seed == 2 else labels)(scores)
        assert np.all(np.diff(said) >= -1e-12)
        assert np.all((said >= 0) & (said <= 1))


def test_amounts_keep_their_total_where_most_buy_nothing() -> None:
    labels = np.array([0.0] * 80 + [3.0] * 20)
    assert calibrated("log-line", np.zeros(100), labels)(np.zeros(2)).tolist() == [1, 1]


def test_amounts_meet_the_typical_customer_where_most_buy() -> None:
    random = np.random.default_rng(0)
    expected = random.uniform(2, 20, size=3000)
    labels = random.gamma(1.0, expected)
    said = calibrated("log-line", np.log(expected), labels)(np.log(expected))
    assert measures.mae(said, labels) < measures.mae(expected, labels)
