"""How likely it is that a text belongs to none of the classes, from one forward pass. Plain numpy.

    sureness     the log odds against the best class, classes alone
    energy       the log of the sum of all classes' exponentials (Liu et al. 2020)
    margin       how close the second logit is to the best
    distance     how far the vector is from the nearest class mean (class_means.py)
    outside      the logit of the class "out of scope" over all others, where the model has such a class

Each alone, some together in a logistic model, or energy, distance and outside counting alike: what tells best is chosen
on held-out examples by cross-validated AUROC. Where hardly any of those is out of scope, there is nothing to choose by,
and the three count alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.arrays import load_arrays, save_arrays
from nlu.class_means import ClassMeans
from nlu.risk import SURENESS, looks_safe

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SCOPE_FILE = "scope.npz"
"""Beside the graph of its language."""
SIGNALS = ("sureness", "energy", "margin", "distance", "outside")
MAX_FALSE = 0.04
"""How many texts that do belong to a class may be taken for out of scope."""
_DISTANCE, _OUTSIDE = SIGNALS.index("distance"), SIGNALS.index("outside")
_ENOUGH_OUTSIDE = 20
_FOLDS = 5
_RIDGE = 1.0


@dataclass(frozen=True)
class Scope:
    """A logistic model over the signals; those with weight 0 do not count."""

    weights: Floats
    """One for each of `SIGNALS`, on the signal as it is."""
    bias: float
    threshold: float
    """From this score on a text is taken for out of scope."""
    means: ClassMeans | None = None
    outside: int | None = None
    """The column of the class "out of scope"; None where there is none."""

    def score(self, logits: Floats, vectors: Floats | None = None) -> Floats:
        """(n,) between 0 and 1, higher: further out of scope. `vectors` (n, d) where it was fitted on some."""
        seen = signals(logits, vectors, self.means, self.outside)
        odds = seen[:, self.weights != 0] @ self.weights[self.weights != 0] + self.bias
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))), dtype=np.float32)

    @property
    def used(self) -> tuple[str, ...]:
        """The signals that count."""
        return tuple(name for name, weight in zip(SIGNALS, self.weights, strict=True) if weight)

    def save(self, file: Path) -> None:
        """Writes an .npz."""
        means = self.means or ClassMeans(np.zeros((0, 0), np.float32), np.zeros((0, 0), np.float32))
        arrays = {
            "weights": self.weights,
            "bias": np.array(self.bias),
            "threshold": np.array(self.threshold),
            "whitening": means.whitening.astype(np.float16),
            "means": means.means.astype(np.float16),
            "outside": np.array([] if self.outside is None else [self.outside], dtype=np.int64),
        }
        save_arrays(file, arrays)

    @classmethod
    def load(cls, file: Path) -> "Scope":
        """Raises ModelNotFound, ModelIncompatible."""
        names = ("weights", "bias", "threshold", "whitening", "means", "outside")
        arrays = load_arrays(file, "an out-of-scope model", names)
        means = ClassMeans(arrays["whitening"].astype(np.float32), arrays["means"].astype(np.float32))
        return cls(
            weights=arrays["weights"],
            bias=float(arrays["bias"]),
            threshold=float(arrays["threshold"]),
            means=means if means.means.size else None,
            outside=next(iter(arrays["outside"].tolist()), None),
        )


def fit_scope(
    logits: Floats,
    labels: Ints,
    vectors: Floats | None = None,
    means: ClassMeans | None = None,
    inside: Bools | None = None,
    outside: int | None = None,
    max_false: float = MAX_FALSE,
) -> Scope:
    """Fitted on held-out examples: `logits` (n, classes), `labels` (n,), and `vectors` (n, d) with the `means` of the
    training vectors' classes.

    `inside` says which examples belong to a class (all, when None); labels of the others do not matter. `outside` is
    the column of the class "out of scope", whose examples are not inside. At most `max_false` of the texts in scope
    reach the threshold.
    """
    inside = np.ones(len(labels), dtype=np.bool_) if inside is None else inside
    if outside is not None:
        inside = inside & (labels != outside)
    means = means if vectors is not None else None
    seen = signals(logits, vectors, means, outside)
    even = _even_weights(seen[inside], _there(means is not None, outside is not None)[1:])
    if (~inside).sum() < _ENOUGH_OUTSIDE:
        weights, bias = even, -float(np.quantile(seen[inside] @ even, 1 - max_false))
    else:
        weights, bias = _best_model(seen, even, ~inside, _candidates(means is not None, outside is not None))
    scope = Scope(weights, bias, 1.0, means if weights[_DISTANCE] else None, outside)
    own = scope.score(logits[inside], vectors[inside] if vectors is not None else None)
    return replace(scope, threshold=threshold_for(own, max_false))


def signals(logits: Floats, vectors: Floats | None, means: ClassMeans | None, outside: int | None) -> Floats:
    """(n, 5), in the order of `SIGNALS`, each higher the further out of scope; 0 where it can't be told."""
    columns = np.arange(logits.shape[1]) != (-1 if outside is None else outside)
    classes = logits[:, columns]
    top = np.partition(classes, -2, axis=1)[:, -2:]
    energy = _log_sum(classes)
    seen = np.zeros((len(logits), len(SIGNALS)), dtype=np.float32)
    seen[:, 0] = np.log(np.expm1(np.maximum(energy - top[:, 1], 1e-6)))
    seen[:, 1] = -energy
    seen[:, 2] = top[:, 0] - top[:, 1]
    if means is not None and vectors is not None:
        seen[:, _DISTANCE] = means.distances(vectors)[:, columns].min(axis=1)
    if outside is not None:
        seen[:, _OUTSIDE] = logits[:, outside] - energy
    return seen


def threshold_for(inside_scores: Floats, max_false: float = MAX_FALSE) -> float:
    """The lowest score that keeps the share of in-scope texts at or above it within `max_false`, with a margin for how
    few were looked at (exact binomial)."""
    ordered = np.sort(inside_scores)[::-1]
    allowed = 0
    while allowed < len(ordered) and looks_safe(allowed, len(ordered), max_false, 1 - SURENESS):
        allowed += 1
    return float(np.nextafter(ordered[max(allowed - 1, 0)], np.float32(2)))


def auroc(scores: Floats, is_outside: Bools) -> float:
    """How often an out-of-scope text scores higher than one in scope; a tie counts half."""
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    positives = int(is_outside.sum())
    negatives = len(scores) - positives
    return float((ranks[is_outside].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def _log_sum(rows: Floats) -> Floats:
    most = rows.max(axis=1)
    return np.asarray(most + np.log(np.exp(rows - most[:, None]).sum(axis=1)), dtype=np.float32)


def _there(has_means: bool, has_outside: bool) -> list[int]:
    """Sureness, energy, and of distance and outside what can be told."""
    return [0, 1, *([_DISTANCE] if has_means else []), *([_OUTSIDE] if has_outside else [])]


def _candidates(has_means: bool, has_outside: bool) -> list[list[int]]:
    """Sets of signals worth a try: each alone, and growing companies of them."""
    there = _there(has_means, has_outside)
    return [[each] for each in range(3)] + [[each] for each in there[2:]] + [there[1:], there, [0, 1, 2, *there[2:]]]


def _even_weights(inside: Floats, chosen: list[int]) -> Floats:
    """The chosen signals count alike, each in standard deviations."""
    weights = np.zeros(len(SIGNALS), dtype=np.float32)
    weights[chosen] = 1 / (inside[:, chosen].std(axis=0) + 1e-6)
    return weights


def _best_model(seen: Floats, even: Floats, is_outside: Bools, candidates: Sequence[list[int]]) -> tuple[Floats, float]:
    """Weights and bias of the logistic model over the best set of signals, or over their even sum."""
    bases = [np.eye(len(SIGNALS), dtype=np.float32)[:, chosen] for chosen in candidates]
    best = max([even[:, None], *bases], key=lambda base: _cross_validated(seen @ base, is_outside))
    fitted, bias = _logistic(seen @ best, is_outside)
    return best @ fitted, bias


def _cross_validated(seen: Floats, is_outside: Bools) -> float:
    places = np.random.default_rng(0).permutation(len(seen)) % _FOLDS
    scores = np.zeros(len(seen), dtype=np.float32)
    for fold in range(_FOLDS):
        held = places == fold
        weights, bias = _logistic(seen[~held], is_outside[~held])
        scores[held] = seen[held] @ weights + bias
    return auroc(scores, is_outside)


def _logistic(seen: Floats, is_outside: Bools) -> tuple[Floats, float]:
    """Ridge logistic regression by Newton's method, both sides weighing the same. Weights are of the raw signals."""
    middle, scale = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    inputs = np.column_stack([(seen - middle) / scale, np.ones(len(seen))]).astype(np.float64)
    share = max(float(is_outside.mean()), 1e-6)
    importance = np.where(is_outside, 0.5 / share, 0.5 / max(1 - share, 1e-6))
    penalty = np.diag([_RIDGE] * seen.shape[1] + [1e-6])
    weights = np.zeros(inputs.shape[1])
    for _ in range(25):
        expected = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (importance * (expected - is_outside)) + penalty @ weights
        curvature = (inputs * (importance * expected * (1 - expected))[:, None]).T @ inputs + penalty
        weights = weights - np.linalg.solve(curvature, slope)
    raw = weights[:-1] / scale
    return raw.astype(np.float32), float(weights[-1] - (raw * middle).sum())
