"""The figures, against scikit-learn and against cases one can count by hand."""

import numpy as np
import pytest

from nlu.classification.blending import blended, fit_weights
from nlu.classification.classifier import Predictions
from nlu.classification.measuring import macro_f1, macro_f1_share, measure, wilson


def predictions(names: tuple[str, ...], chosen: list[int], outside: list[float], threshold: float = 0.5) -> Predictions:
    probabilities = np.full((len(chosen), len(names)), 0.1 / (len(names) - 1), dtype=np.float32)
    probabilities[range(len(chosen)), chosen] = 0.9
    scores = np.array(outside, dtype=np.float32)
    return Predictions(names, probabilities, probabilities.argmax(1), scores, scores >= threshold)


def test_the_interval_is_wilsons() -> None:
    share = wilson(90, 100)
    assert (share.value, round(share.low, 3), round(share.high, 3)) == (0.9, 0.826, 0.945)
    again = wilson(270, 300, repeats=3)
    assert (again.low, again.high) == pytest.approx((share.low, share.high))


def test_macro_f1_is_that_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="the 'train' extra")
    rng = np.random.default_rng(0)
    truth, chosen = rng.integers(0, 7, 200), rng.integers(0, 9, 200)
    assert macro_f1(truth, chosen, 12) == pytest.approx(metrics.f1_score(truth, chosen, average="macro"))


def test_the_interval_of_macro_f1_narrows_with_more_rows() -> None:
    rng = np.random.default_rng(0)
    truth = rng.choice(np.array(["a", "b", "c"], dtype=object), 4_000)
    chosen = np.where(rng.random(4_000) < 0.8, truth, "a")
    few, many = macro_f1_share(truth[:400], chosen[:400]), macro_f1_share(truth, chosen)
    assert few.low < few.value < few.high
    assert 2 < (few.high - few.low) / (many.high - many.low) < 5


def test_a_label_that_training_never_saw_counts_wrong_and_is_told() -> None:
    figures = measure(["a", "b", "c", "c"], predictions(("a", "b"), [0, 1, 0, 1], [0.0] * 4))
    assert figures.accuracy.value == 0.5
    assert figures.unknown_labels == ("c",)
    assert figures.macro_f1.value == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert figures.outsiders is None


def test_outsiders_are_measured_apart_from_what_is_in_scope() -> None:
    read = predictions(("a", "b", "oos"), [0, 1, 2, 0, 2], [0.1, 0.6, 0.4, 0.3, 0.9])
    figures = measure(["a", "b", "a", "oos", "oos"], read)
    assert figures.in_scope_accuracy is not None
    assert figures.in_scope_accuracy.value == pytest.approx(2 / 3)
    assert figures.in_scope_calibration_error == pytest.approx(0.9 - 2 / 3, abs=1e-6)
    assert figures.outsiders is not None
    assert figures.outsiders.recall == 0.5
    assert figures.outsiders.false_alarms == pytest.approx(1 / 3)
    assert figures.outsiders.ranking == pytest.approx(4 / 6)


def test_the_reader_that_knows_gets_the_say() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 300).astype(np.int64)
    knows = (np.eye(4)[labels] * 3 + rng.normal(size=(300, 4))).astype(np.float32)
    guesses = rng.normal(size=(300, 4)).astype(np.float32)
    weights = fit_weights([guesses, knows], labels)
    assert weights[1] > 5 * weights[0]
    assert (blended([guesses, knows], weights).argmax(1) == labels).mean() > 0.9


def test_weights_make_the_sum_as_sure_as_it_is_right() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 5_000).astype(np.int64)
    logits = (np.eye(3)[labels] * 2 + rng.normal(size=(5_000, 3))).astype(np.float32)
    overdone = fit_weights([logits * 10], labels)[0]
    assert overdone == pytest.approx(fit_weights([logits], labels)[0] / 10, rel=0.05)


def test_rows_of_unknown_label_do_not_count_in_the_weights() -> None:
    logits = np.array([[2.0, 0.0], [0.0, 2.0], [5.0, -5.0]], dtype=np.float32)
    assert fit_weights([logits], np.array([0, 1, -1])) == fit_weights([logits[:2]], np.array([0, 1]))
