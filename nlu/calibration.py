"""Confidence that means what it says: temperature scaling, its error, and the threshold to act on. Plain numpy."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

WRONG_ACT_COST = 1.5
"""How many right acts a wrong one undoes: not many, since asking back costs a turn and every write is
confirmed first."""


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Rows of probabilities."""
    scaled = logits / temperature
    exponents = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True), dtype=np.float32)


def fit_temperature(logits: Floats, labels: Ints) -> float:
    """The temperature under which the labels are likeliest (Guo et al. 2017), between 0.2 and 5."""
    candidates = np.geomspace(0.2, 5.0, 200)
    rows = np.arange(len(labels))
    losses = [-np.log(softmax(logits, float(t))[rows, labels] + 1e-12).mean() for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def fit_weight(first: Floats, second: Floats, labels: Ints) -> float:
    """How much of `second` to add to `first` so that the labels are likeliest at the sum's own best temperature."""

    def loss(weight: float) -> float:
        mixed = first + np.float32(weight) * second
        probabilities = softmax(mixed, fit_temperature(mixed, labels))
        return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-12).mean())

    return min((round(0.1 * step, 1) for step in range(31)), key=loss)


def fit_lean(logits: Floats, labels: Ints, column: int) -> float:
    """How much to take off one column, at most 2, so that the labels are likeliest at the best temperature."""

    def loss(lean: float) -> float:
        moved = leaned(logits, column, lean)
        probabilities = softmax(moved, fit_temperature(moved, labels))
        return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-12).mean())

    return min((0.25 * step for step in range(9)), key=loss)


def leaned(logits: Floats, column: int, lean: float) -> Floats:
    """`logits` with `lean` taken off one column."""
    moved = logits.copy()
    moved[..., column] -= lean
    return moved


def expected_calibration_error(confidences: Floats, correct: NDArray[np.bool_], bins: int = 15) -> float:
    """The mean gap between confidence and accuracy over equally wide bins (0 = says what it knows)."""
    index = np.minimum((confidences * bins).astype(int), bins - 1)
    gaps = [
        abs(float(confidences[index == b].mean()) - float(correct[index == b].mean())) * float((index == b).mean())
        for b in range(bins)
        if (index == b).any()
    ]
    return float(sum(gaps))


def choose_threshold(confidences: Floats, correct: NDArray[np.bool_]) -> float:
    """The confidence below which asking back beats acting, given what a wrong act costs; within 0.35 and 0.8."""
    candidates = np.arange(0.35, 0.801, 0.01)
    gains = [
        (correct & (confidences >= t)).sum() - WRONG_ACT_COST * (~correct & (confidences >= t)).sum()
        for t in candidates
    ]
    return round(float(candidates[int(np.argmax(gains))]), 2)
