"""Confidence where some texts belong to no label."""

import numpy as np
import pytest

from nlu.calibration import Floats, Ints, expected_calibration_error, fit_calibration
from nlu.classification.doubting import as_in_life, doubted, fit_doubt

OUTSIDE = 10


def readings(inside: int, outsiders: int, seed: int = 0) -> tuple[Floats, Ints]:
    """Readers that take an outsider for a text that is a little like a label, as such that met few of them."""
    source = np.random.default_rng(seed)
    labels = np.concatenate([source.integers(0, OUTSIDE, inside), np.full(outsiders, OUTSIDE)])
    logits = source.normal(0, 1, (len(labels), OUTSIDE + 1)).astype(np.float32)
    logits[np.arange(inside), labels[:inside]] += 5
    logits[np.arange(inside, len(labels)), source.integers(0, OUTSIDE, outsiders)] += 3.5
    logits[inside:, OUTSIDE] += 2
    logits[:inside, OUTSIDE] -= 2
    return logits, labels


def test_only_the_out_of_scope_label_is_raised() -> None:
    logits, _ = readings(500, 100)
    moved = doubted(logits, OUTSIDE, 5.0)
    assert (moved[:, OUTSIDE] == logits[:, OUTSIDE] + 5).all()
    assert (moved[:, :OUTSIDE] == logits[:, :OUTSIDE]).all()


@pytest.mark.parametrize(("outside", "doubt"), [(None, 2.0), (OUTSIDE, 0.0)])
def test_nothing_is_doubted_without_reason(outside: int | None, doubt: float) -> None:
    logits, _ = readings(5, 5)
    assert doubted(logits, outside, doubt) is logits


def test_readers_that_seldom_think_of_outsiders_are_doubted_more() -> None:
    logits, labels = readings(2_000, 60)
    assert fit_doubt(logits, labels, OUTSIDE) > 1
    assert fit_doubt(*readings(2_000, 5), OUTSIDE) == 0
    assert fit_doubt(logits, labels, None) == 0


def test_confidence_holds_where_more_texts_are_outsiders_than_were_held_out() -> None:
    logits, labels = readings(2_000, 60)
    others, truth = readings(2_000, 400, seed=1)

    def error(doubt: float) -> float:
        rows = as_in_life(labels, OUTSIDE) if doubt else np.arange(len(labels))
        calibration = fit_calibration(doubted(logits, OUTSIDE, doubt)[rows], labels[rows])
        read = calibration.probabilities(doubted(others, OUTSIDE, doubt))
        named = others.argmax(1)
        return expected_calibration_error(read[np.arange(len(named)), named], named == truth)

    assert error(fit_doubt(logits, labels, OUTSIDE)) < 0.5 * error(0.0)


def test_outsiders_count_as_a_tenth() -> None:
    labels = np.array([0] * 90 + [OUTSIDE] * 3)
    assert (labels[as_in_life(labels, OUTSIDE)] == OUTSIDE).mean() == pytest.approx(0.1)
    many = np.array([0] * 5 + [OUTSIDE] * 5)
    assert as_in_life(many, OUTSIDE).tolist() == list(range(10))
    assert as_in_life(labels, None).tolist() == list(range(93))
