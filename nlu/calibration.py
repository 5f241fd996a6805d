"""Confidence that means what it says: logits → probabilities that are right as often as they say. Plain numpy.

temperature      one number for all logits: how loud the model speaks (Guo et al. 2017)
knots            what the temperature leaves to correct in the log odds of the best guess: a line (Platt 1999), or a
                 rising curve through bins (isotonic regression; Zadrozny & Elkan 2002)

What goes beyond the temperature must earn it in cross-validation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Fit = Callable[[Floats, Ints], "Calibration"]

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
    """(said, true): the log odds of the best guess after the temperature, and what they should be; lines in between."""

    def probabilities(self, logits: Floats) -> Floats:
        """(n, classes) or (classes,): rows that sum to one."""
        if not self.knots:
            return softmax(logits, self.temperature)
        return _corrected(logits.astype(np.float64) / self.temperature, self.knots)


def fit_calibration(logits: Floats, labels: Ints) -> Calibration:
    """Fitted on held-out examples, (n, classes) and (n,). A line is drawn, and then a curve, only where five-fold
    cross-validation shows that it makes what is right clearly likelier: a few hundred examples bear no curve."""
    chosen: Fit = _plain
    if len(labels) >= _FOLDS * _LEAST_IN_BIN:
        for richer in (_line, _curve):
            gains = _likelihoods(richer, logits, labels) - _likelihoods(chosen, logits, labels)
            if gains.mean() > _CLEARLY * gains.std() / np.sqrt(len(gains)):
                chosen = richer
    return chosen(logits, labels)


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
    """The confidence below which asking back beats acting, given what a wrong act costs; within 0.35 and 0.8. Of those
    that are about as good, the lowest: asking back costs patience."""
    candidates = np.arange(0.35, 0.801, 0.01)
    gains = np.array([np.where(correct, 1, -WRONG_ACT_COST)[confidences >= t].sum() for t in candidates])
    as_good = gains >= gains.max() - _AS_GOOD * len(correct)
    return round(float(candidates[as_good.argmax()]), 2)


_AS_GOOD = 0.0025
"""How much of what all examples could bring may be lost."""
_GOLDEN = (np.sqrt(5) - 1) / 2
_FOLDS = 5
_CLEARLY = 2.5
"""Standard errors."""
_LEAST_IN_BIN = 80
_MOST_BINS = 12
_SLOPE = 0.05
"""How much of the curve stays as it was, so that no two confidences become the same one."""
_FAR = 30.0
"""Log odds beyond which nothing is said."""


def _plain(logits: Floats, labels: Ints) -> Calibration:
    return Calibration(fit_temperature(logits, labels))


def _line(logits: Floats, labels: Ints) -> Calibration:
    """Logistic regression of being right on the log odds (Newton's method), held a little to changing nothing."""
    temperature = fit_temperature(logits, labels)
    said, right = log_odds(logits / temperature), (logits.argmax(axis=1) == labels).astype(np.float64)
    inputs, line = np.column_stack([said, np.ones(len(said))]), np.array([1.0, 0.0])
    for _ in range(30):
        expected = 1 / (1 + np.exp(-np.clip(inputs @ line, -_FAR, _FAR)))
        slope = inputs.T @ (expected - right) + (line - [1.0, 0.0])
        line = line - np.linalg.solve((inputs * (expected * (1 - expected))[:, None]).T @ inputs + np.eye(2), slope)
    ends = np.array([-_FAR, _FAR])
    return Calibration(temperature, _as_knots(ends, max(line[0], _SLOPE) * ends + line[1]))


def _curve(logits: Floats, labels: Ints) -> Calibration:
    """Through the means of bins that hold equally many, made to rise; level before the first and after the last."""
    temperature = fit_temperature(logits, labels)
    said, right = log_odds(logits / temperature), logits.argmax(axis=1) == labels
    bins = np.array_split(np.argsort(said, kind="stable"), max(2, min(_MOST_BINS, len(said) // _LEAST_IN_BIN)))
    shares = rising(np.array([(right[each].sum() + 0.5) / (len(each) + 1) for each in bins]))
    true = np.log(shares / (1 - shares))
    places = np.array([-_FAR, *(said[each].mean() for each in bins), _FAR])
    true = np.array([true[0], *true, true[-1]])
    return Calibration(temperature, _as_knots(places, (1 - _SLOPE) * true + _SLOPE * places))


def log_odds(logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """(n,): of the best guess against all others."""
    rows = logits.astype(np.float64)
    best = rows.max(axis=-1, keepdims=True)
    others = np.exp(np.where(_is_best(rows), -np.inf, rows - best)).sum(axis=-1)
    return np.asarray(np.clip(-np.log(others + 1e-300), -_FAR, _FAR))


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


def _likelihoods(fit: Fit, logits: Floats, labels: Ints) -> NDArray[np.float64]:
    """(n,): the log likelihood of the best guess being right or wrong, by fits that have not seen the example."""
    places = np.random.default_rng(0).permutation(len(labels)) % _FOLDS
    found = np.zeros(len(labels))
    for held in (places == fold for fold in range(_FOLDS)):
        best = fit(logits[~held], labels[~held]).probabilities(logits[held]).max(axis=1)
        right = logits[held].argmax(axis=1) == labels[held]
        found[held] = np.log(np.where(right, best, 1 - best).clip(1e-6))
    return found


def _as_knots(said: NDArray[np.float64], true: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(x), 5), round(float(y), 5)) for x, y in zip(said, true, strict=True))


def _is_best(rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.arange(rows.shape[-1]) == rows.argmax(axis=-1, keepdims=True))


def _corrected(rows: NDArray[np.float64], knots: tuple[tuple[float, float], ...]) -> Floats:
    """The best guess's probability by the knots; the others share what is left, none more than the best."""
    said, true = zip(*knots, strict=True)
    is_best = _is_best(rows)
    exponents = np.where(is_best, 0, np.exp(rows - rows.max(axis=-1, keepdims=True)) + 1e-12)
    others = exponents / exponents.sum(axis=-1, keepdims=True)
    most = others.max(axis=-1, keepdims=True)
    odds = np.interp(log_odds(rows), said, true)[..., None]
    best = (1 / (1 + np.exp(-odds))).clip(most / (1 + most) + 1e-4, 1)
    return np.asarray(np.where(is_best, best, others * (1 - best)), dtype=np.float32)
