import numpy as np
import pytest

from nlu.calibration import (
    Calibration,
    choose_threshold,
    expected_calibration_error,
    fit_calibration,
    fit_lean,
    fit_temperature,
    fit_weight,
    log_odds,
    rising,
    softmax,
)


def test_temperature_cools_an_overconfident_model() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(0, 5, 2000)
    logits = random.normal(size=(2000, 5)).astype(np.float32)
    logits[np.arange(2000), labels] += 1.0
    shouted = logits * 6
    temperature = fit_temperature(shouted, labels)
    assert temperature > 2

    def gap(rows: np.ndarray) -> float:
        return expected_calibration_error(rows.max(axis=1), rows.argmax(axis=1) == labels)

    assert gap(softmax(shouted, temperature)) < gap(softmax(shouted)) / 3


def test_a_second_opinion_counts_for_what_it_knows() -> None:
    random = np.random.default_rng(2)
    labels = random.integers(0, 5, 1000)
    truth = np.eye(5, dtype=np.float32)[labels]
    first, second = (truth * 2 + random.normal(size=(1000, 5)).astype(np.float32) for _ in range(2))
    noise = random.normal(size=(1000, 5)).astype(np.float32)
    assert 0.7 <= fit_weight(first, second, labels) <= 1.4
    assert fit_weight(first, noise, labels) <= 0.1


def test_a_column_that_speaks_too_loud_is_lowered() -> None:
    random = np.random.default_rng(3)
    labels = random.integers(0, 3, 2000)
    logits = np.eye(3, dtype=np.float32)[labels] * 2 + random.gumbel(size=(2000, 3)).astype(np.float32)
    logits[:, 1] += 1
    assert fit_lean(logits, labels, 1) == pytest.approx(1, abs=0.25)
    assert fit_lean(logits, labels, 0) == 0


def test_a_model_that_says_what_it_knows_has_no_calibration_error() -> None:
    confidences = np.full(1000, 0.8, dtype=np.float32)
    correct = np.arange(1000) < 800
    assert expected_calibration_error(confidences, correct) < 0.001


def test_the_threshold_leaves_out_what_is_mostly_wrong() -> None:
    confidences = np.array([0.4] * 100 + [0.9] * 100, dtype=np.float32)
    correct = np.array([True] * 30 + [False] * 70 + [True] * 95 + [False] * 5)
    assert 0.4 < choose_threshold(confidences, correct) <= 0.42


def test_of_thresholds_that_are_about_as_good_the_lowest_is_taken() -> None:
    confidences = np.array([0.4] * 100 + [0.6] * 5 + [0.9] * 1000, dtype=np.float32)
    correct = np.array([True] * 30 + [False] * 70 + [False] * 1 + [True] * 2 + [False] * 2 + [True] * 1000)
    assert 0.4 < choose_threshold(confidences, correct) <= 0.42


def test_what_no_temperature_mends_is_bent_into_shape() -> None:
    """A third of the examples are noise that the model is as sure of as of the rest, when it is sure at all."""

    def sample(seed: int) -> tuple[np.ndarray, np.ndarray]:
        random = np.random.default_rng(seed)
        labels, loudness = random.integers(0, 5, 3000), random.uniform(0.5, 9, 3000)
        shown = np.where((loudness > 6) & (random.random(3000) < 0.3), (labels + 1) % 5, labels)
        return (np.eye(5)[shown] * loudness[:, None]).astype(np.float32), labels

    logits, labels = sample(1)
    fitted = fit_calibration(logits, labels)
    assert fitted.knots
    logits, labels = sample(2)
    plain, bent = (c.probabilities(logits) for c in (Calibration(fitted.temperature), fitted))
    assert (plain.argmax(axis=1) == bent.argmax(axis=1)).all()
    assert bent.sum(axis=1) == pytest.approx(1, abs=1e-4)
    before, after = (
        expected_calibration_error(rows.max(axis=1), rows.argmax(axis=1) == labels) for rows in (plain, bent)
    )
    assert after < 0.03 < before / 2


def test_few_examples_get_a_temperature_and_no_more() -> None:
    random = np.random.default_rng(6)
    logits = random.normal(size=(500, 5)).astype(np.float32) * 3
    labels = (logits / 1.5 + random.gumbel(size=(500, 5))).argmax(axis=1)
    assert fit_calibration(logits, labels).temperature == pytest.approx(1.5, rel=0.2)
    assert fit_calibration(logits, labels).knots == ()
    assert fit_calibration(logits[:20], labels[:20]).knots == ()


def test_the_best_guess_stays_the_best_however_far_it_is_lowered() -> None:
    lowered = Calibration(1.0, ((-30.0, -2.2), (30.0, -2.2)))
    for row in ([8.0, 1.0, 0.0], [40.0, 0.0, 0.0], [1.0, 1.0, 1.0]):
        probabilities = lowered.probabilities(np.array(row, dtype=np.float32))
        assert probabilities.argmax() == 0
        assert probabilities.sum() == pytest.approx(1, abs=1e-4)


def test_neighbours_that_fall_are_pooled() -> None:
    assert rising(np.array([0.1, 0.5, 0.3, 0.9])).tolist() == pytest.approx([0.1, 0.4, 0.4, 0.9])


def test_a_model_that_is_sure_too_often_and_unsure_too_often_gets_a_line() -> None:
    """What no temperature mends: the odds of being right rise at half the pace of what is said."""

    def sample(seed: int) -> tuple[np.ndarray, np.ndarray]:
        random = np.random.default_rng(seed)
        sure = random.uniform(-1, 8, 4000)
        right = random.random(4000) < 1 / (1 + np.exp(-(sure / 2 + 1)))
        logits = np.zeros((4000, 10), dtype=np.float32)
        logits[:, 0] = sure + np.log(9)
        return logits, np.where(right, 0, random.integers(1, 10, 4000))

    fitted = fit_calibration(*sample(1))
    assert len(fitted.knots) == 2
    logits, labels = sample(2)
    plain, bent = (c.probabilities(logits).max(axis=1) for c in (Calibration(fitted.temperature), fitted))
    assert expected_calibration_error(bent, labels == 0) < 0.02 < expected_calibration_error(plain, labels == 0)


def test_log_odds_do_not_saturate() -> None:
    odds = log_odds(np.array([[25.0, 0.0, 0.0], [0.0, 0.0, 1.0]], dtype=np.float32))
    assert odds.tolist() == pytest.approx([25 - np.log(2), 1 - np.log(2)], abs=1e-6)
