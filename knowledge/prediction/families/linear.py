"""Weighted sums of features: logistic and Poisson regression, the same with squares and products, a linear SVM.

Counts and amounts are skewed, so a feature enters as sign(x) log(1 + |x|), standardised, and no further out than the
examples went: a straight line drawn beyond what was seen ends anywhere.
"""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal, Self

import numpy as np

from knowledge.customers.transactions import Floats, Ints

Kind = Literal["chance", "amount"]
PENALTY = 100.0
"""Of the squared weights, in examples' worth of loss; chosen on earlier snapshots, flat between 30 and 300."""
SOLVER = "newton-cholesky"
"""Few features and many examples: a dozen steps."""
PRODUCTS = 8
"""The features with the most weight, whose squares and products make the polynomial."""


@dataclass(frozen=True)
class Linear:
    low: Floats
    high: Floats
    """(f,) what examples reached, after the log."""
    centre: Floats
    scale: Floats
    weights: Floats
    pairs: Ints
    """(p, 2) features that are multiplied."""
    pair_weights: Floats
    bias: float

    def scores(self, values: Floats) -> Floats:
        unit = self.unit(values)
        return np.asarray(self.bias + unit @ self.weights + _products(unit, self.pairs) @ self.pair_weights)

    def contributions(self, values: Floats) -> Floats:
        """A product is shared by its two features."""
        unit = self.unit(values)
        parts = np.column_stack([unit * self.weights, np.full(len(unit), self.bias)])
        shares = _products(unit, self.pairs) * self.pair_weights / 2
        for side in (0, 1):
            np.add.at(parts.T, self.pairs[:, side], shares.T)
        return parts

    def save(self, stem: Path) -> None:
        np.savez(stem.with_suffix(".npz"), **{one.name: getattr(self, one.name) for one in fields(self)})

    @classmethod
    def load(cls, stem: Path) -> Self:
        with np.load(stem.with_suffix(".npz"), allow_pickle=False) as given:
            kept = {one.name: given[one.name] for one in fields(cls)}
        return cls(**kept | {"bias": float(kept["bias"])})

    def unit(self, values: Floats) -> Floats:
        return np.asarray((np.clip(_eased(values), self.low, self.high) - self.centre) / self.scale)


def regression(values: Floats, labels: Floats, kind: Kind) -> Linear:
    """Logistic regression for a chance, Poisson regression for an amount."""
    return _fitted(frame_of(values), values, labels, kind)


def steady_regression(values: Floats, labels: Floats, kind: Kind) -> Linear:
    """The same, held back more: for few examples, used under other circumstances than they came from."""
    return _fitted(frame_of(values), values, labels, kind, 3 * PENALTY)


def polynomial(values: Floats, labels: Floats, kind: Kind) -> Linear:
    """The same with squares and products of the features that matter most."""
    frame = frame_of(values)
    most = np.argsort(-np.abs(_fitted(frame, values, labels, kind).weights))[:PRODUCTS]
    first, second = np.triu_indices(len(most))
    pairs = np.column_stack([most[first], most[second]]).astype(np.int32)
    return _fitted(replace(frame, pairs=pairs, pair_weights=np.zeros(len(pairs))), values, labels, kind)


def linear_svm(values: Floats, labels: Floats, kind: Kind) -> Linear:
    """The widest margin; Platt's scaling comes from calibration. Of amounts: those above the median."""
    from sklearn.svm import LinearSVC

    frame = frame_of(values)
    wanted = labels if kind == "chance" else (labels > np.median(labels)).astype(np.float64)
    fitted = LinearSVC(C=1 / PENALTY, max_iter=5_000).fit(frame.unit(values), wanted)
    return _with_weights(frame, fitted.coef_.ravel(), float(fitted.intercept_[0]))


def _fitted(frame: Linear, values: Floats, labels: Floats, kind: Kind, penalty: float = PENALTY) -> Linear:
    from sklearn.linear_model import LogisticRegression, PoissonRegressor

    unit = frame.unit(values)
    inputs = np.column_stack([unit, _products(unit, frame.pairs)])
    if kind == "chance":
        model = LogisticRegression(C=1 / penalty, solver=SOLVER).fit(inputs, labels > 0)
        return _with_weights(frame, model.coef_.ravel(), float(model.intercept_[0]))
    unit_size = max(float(labels.mean()), 1e-9)  # a currency's size must not change the strength of the penalty
    model = PoissonRegressor(alpha=penalty / len(labels), solver=SOLVER).fit(inputs, labels / unit_size)
    return _with_weights(frame, model.coef_, float(model.intercept_) + float(np.log(unit_size)))


def frame_of(values: Floats) -> Linear:
    """How features are scaled, without weights."""
    eased = _eased(values)
    low, high = eased.min(axis=0), eased.max(axis=0)
    kept = np.clip(eased, low, high)
    scale = kept.std(axis=0)
    none = np.zeros(values.shape[1])
    pairs = np.zeros((0, 2), dtype=np.int32)
    return Linear(low, high, kept.mean(axis=0), np.where(scale > 1e-9, scale, 1.0), none, pairs, np.zeros(0), 0.0)


def _with_weights(frame: Linear, weights: Floats, bias: float) -> Linear:
    count = len(frame.weights)
    return replace(frame, weights=weights[:count], pair_weights=weights[count:], bias=bias)


def _eased(values: Floats) -> Floats:
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))


def _products(unit: Floats, pairs: Ints) -> Floats:
    return np.asarray(unit[:, pairs[:, 0]] * unit[:, pairs[:, 1]])
