"""Confidence that means what it says: logits → probabilities that are right as often as they say. Plain numpy.

temperature      one number for all logits: how loud the model speaks (Guo et al. 2017)
knots            where held-out examples show that this is not enough: a rising, piecewise linear correction of the
                 best guess's probability (isotonic regression over bins; Zadrozny & Elkan 2002)
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

BINS = 15
"""Of reliability diagrams and of the calibration error."""
WRONG_ACT_COST = 1.5
"""How many right acts a wrong one undoes: not many, since asking back costs a turn and every write is
confirmed first."""


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Rows of probabilities."""
    scaled = logits / temperature
    exponents = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True)
class Calibration:
    """How one model's logits become probabilities. The best guess stays the best."""

    temperature: float = 1.0
    knots: tuple[tuple[float, float], ...] = ()
    """(said, true): what the best guess's probability is after the temperature, and what it should be."""

    def probabilities(self, logits: Floats) -> Floats:
        """(n, classes) or (classes,): rows that sum to one."""
        rows = softmax(logits, self.temperature)
        return _corrected(rows, self.knots) if self.knots else rows


def fit_calibration(logits: Floats, labels: Ints) -> Calibration:
    """Fitted on held-out examples, (n, classes) and (n,).

    The knots are used only where cross-validation shows that they explain what is right clearly better than the
    temperature alone, which a few hundred examples rarely do.
    """
    plain = Calibration(fit_temperature(logits, labels))
    if len(labels) < _FOLDS * _LEAST_IN_BIN:
        return plain
    gains = np.concatenate([_gains(logits, labels, held) for held in _folds(len(labels))])
    is_better = gains.mean() > 2 * gains.std() / np.sqrt(len(gains))
    return _with_knots(plain, logits, labels) if is_better else plain


def fit_temperature(logits: Floats, labels: Ints) -> float:
    """The temperature under which the labels are likeliest (Guo et al. 2017), between 0.02 and 50."""
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        return float(-np.log(softmax(logits, float(np.exp(log_temperature)))[rows, labels] + 1e-12).mean())

    return float(np.exp(lowest(loss, np.log(0.02), np.log(50))))


def lowest(function: Callable[[float], float], low: float, high: float, steps: int = 30) -> float:
    """Where a function with a single valley is lowest (golden section search)."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(steps):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = function(right)
    return (low + high) / 2


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


@dataclass(frozen=True)
class Bin:
    """The examples whose confidence lies between two bounds; never empty."""

    low: float
    high: float
    count: int
    confidence: float
    """What they said on average …"""
    accuracy: float
    """… and how many of them were right."""


def reliability(confidences: Floats, correct: NDArray[np.bool_], bins: int = BINS) -> list[Bin]:
    """Equally wide bins, those that hold something."""
    index = np.minimum((confidences * bins).astype(int), bins - 1)
    filled = [(b, index == b) for b in range(bins) if (index == b).any()]
    return [
        Bin(b / bins, (b + 1) / bins, int(its.sum()), float(confidences[its].mean()), float(correct[its].mean()))
        for b, its in filled
    ]


def expected_calibration_error(confidences: Floats, correct: NDArray[np.bool_], bins: int = BINS) -> float:
    """The mean gap between confidence and accuracy over equally wide bins (0 = says what it knows)."""
    gaps = [abs(one.confidence - one.accuracy) * one.count for one in reliability(confidences, correct, bins)]
    return sum(gaps) / len(confidences)


def calibration_error_by_chance(confidences: Floats, bins: int = BINS) -> float:
    """The error that a model which is right exactly as often as it says would show on so few examples."""
    random = np.random.default_rng(0)
    draws = [random.random(len(confidences)) < confidences for _ in range(50)]
    return float(np.mean([expected_calibration_error(confidences, drawn, bins) for drawn in draws]))


def choose_threshold(confidences: Floats, correct: NDArray[np.bool_]) -> float:
    """The confidence below which asking back beats acting, given what a wrong act costs; within 0.35 and 0.8."""
    candidates = np.arange(0.35, 0.801, 0.01)
    gains = [
        (correct & (confidences >= t)).sum() - WRONG_ACT_COST * (~correct & (confidences >= t)).sum()
        for t in candidates
    ]
    return round(float(candidates[int(np.argmax(gains))]), 2)


_GOLDEN = (np.sqrt(5) - 1) / 2
_FOLDS = 5
_LEAST_IN_BIN = 40
_MOST_BINS = 12
_SLOPE = 0.02
"""How much of the map stays as it was, so that no two confidences become the same one."""


def _folds(n: int) -> list[NDArray[np.bool_]]:
    places = np.random.default_rng(0).permutation(n) % _FOLDS
    return [places == fold for fold in range(_FOLDS)]


def _gains(logits: Floats, labels: Ints, held: NDArray[np.bool_]) -> Floats:
    """How much likelier the knots make what is right, for each example that they were not fitted on."""
    plain = Calibration(fit_temperature(logits[~held], labels[~held]))
    bent = _with_knots(plain, logits[~held], labels[~held])
    correct = logits[held].argmax(axis=1) == labels[held]

    def likelihood(one: Calibration) -> Floats:
        best = one.probabilities(logits[held]).max(axis=1).clip(1e-6, 1 - 1e-6)
        return np.asarray(np.log(np.where(correct, best, 1 - best)), dtype=np.float32)

    return np.asarray(likelihood(bent) - likelihood(plain))


def _with_knots(plain: Calibration, logits: Floats, labels: Ints) -> Calibration:
    said = plain.probabilities(logits).max(axis=1)
    return Calibration(plain.temperature, _knots(said, logits.argmax(axis=1) == labels))


def _knots(said: Floats, correct: NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    """The means of bins that hold equally many, made to rise, with a level start and end."""
    bins = np.array_split(np.argsort(said, kind="stable"), max(2, min(_MOST_BINS, len(said) // _LEAST_IN_BIN)))
    at = np.array([said[each].mean() for each in bins])
    true = rising(np.array([(correct[each].sum() + 0.5) / (len(each) + 1) for each in bins]))
    at, true = np.array([0.0, *at, 1.0]), np.array([true[0], *true, true[-1]])
    true = (1 - _SLOPE) * true + _SLOPE * at
    return tuple((round(float(x), 5), round(float(y), 5)) for x, y in zip(at, true, strict=True))


def rising(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The nearest sequence that never falls (pool adjacent violators; equal weights)."""
    pools: list[tuple[float, int]] = []
    for value in values.tolist():
        mean, size = value, 1
        while pools and pools[-1][0] >= mean:
            before, its_size = pools.pop()
            mean, size = (before * its_size + mean * size) / (its_size + size), its_size + size
        pools.append((mean, size))
    return np.concatenate([np.full(size, mean) for mean, size in pools])


def _corrected(rows: Floats, knots: tuple[tuple[float, float], ...]) -> Floats:
    """The best guess's probability by the knots; the others share what is left, none more than the best."""
    said, true = zip(*knots, strict=True)
    is_best = np.arange(rows.shape[-1]) == rows.argmax(axis=-1, keepdims=True)
    others = np.where(is_best, 0, rows.astype(np.float64) + 1e-12)
    others /= others.sum(axis=-1, keepdims=True)
    most = others.max(axis=-1, keepdims=True)
    best = np.interp(rows.max(axis=-1, keepdims=True), said, true).clip(most / (1 + most) + 1e-4, 1)
    return np.asarray(np.where(is_best, best, others * (1 - best)), dtype=np.float32)
