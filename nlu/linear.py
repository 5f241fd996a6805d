"""The linear reader: multinomial logistic regression on vectors, such as a frozen encoder's. Numpy only."""

from pathlib import Path

import numpy as np

from nlu.arrays import Arrays, load_arrays, save_arrays
from nlu.calibration import Floats, Ints, softmax

ARRAYS = ("weights", "bias")
_MEMORY = 10
_STEPS = 150
_ENOUGH = 1e-4


class LinearReader:
    """Vectors in, one logit a class out."""

    def __init__(self, weights: Floats, bias: Floats) -> None:
        self._weights = weights
        self._bias = bias

    @classmethod
    def fit(
        cls, features: Floats, labels: Ints, classes: int, *, l2: float = 3e-3, weights: Floats | None = None
    ) -> "LinearReader":
        """Minimises the mean cross-entropy plus `l2` × half the squared weights. Deterministic.

        `features` (n, d); `labels` (n,) are places among `classes`; `weights` (n,) say how much each row counts.
        Columns are brought to one spread first, so `l2` means the same for every encoder.
        """
        spread = float(features.std(axis=0).mean()) or 1.0
        centre = features.mean(axis=0)
        inside = np.concatenate([(features - centre) / spread, np.ones((len(features), 1))], axis=1).astype(np.float32)
        share = np.ones(len(labels)) if weights is None else weights
        table = _minimised(inside, labels, classes, l2, (share / share.sum()).astype(np.float32))
        scaled = table[:-1] / spread
        return cls(scaled.astype(np.float32), (table[-1] - centre @ scaled).astype(np.float32))

    @property
    def classes(self) -> int:
        return len(self._bias)

    def logits(self, features: Floats) -> Floats:
        """(n, classes) of (n, d)."""
        return np.asarray(features @ self._weights + self._bias, dtype=np.float32)

    def arrays(self) -> Arrays:
        """Everything the reader knows, by the names in `ARRAYS`."""
        return dict(zip(ARRAYS, (self._weights, self._bias), strict=True))

    @classmethod
    def of(cls, arrays: Arrays) -> "LinearReader":
        """The reader that `arrays` came from."""
        return cls(*(arrays[name] for name in ARRAYS))

    def save(self, path: Path) -> None:
        """Writes one compressed `.npz`."""
        save_arrays(path, self.arrays())

    @classmethod
    def load(cls, path: Path) -> "LinearReader":
        """Raises ModelNotFound when the file is missing, ModelIncompatible when it holds no linear reader."""
        return cls.of(load_arrays(path, "a linear reader", ARRAYS))


def _minimised(inside: Floats, labels: Ints, classes: int, l2: float, share: Floats) -> Floats:
    """(d + 1, classes) by L-BFGS (Nocedal 1980) with a backtracking line search; the last row is the bias."""
    table = np.zeros((inside.shape[1], classes), dtype=np.float32)
    loss, slope = _loss(table, inside, labels, l2, share)
    moves: list[tuple[Floats, Floats, float]] = []
    for _ in range(_STEPS):
        direction = -_curved(slope, moves)
        expected = float((direction * slope).sum())
        if np.abs(slope).max() < _ENOUGH * max(1.0, loss) / 10 or expected >= 0:
            break
        size = 1.0 if moves else 1.0 / max(1e-8, float(np.abs(slope).sum()))
        for _ in range(20):
            there = table + np.float32(size) * direction
            new_loss, new_slope = _loss(there, inside, labels, l2, share)
            if new_loss <= loss + 1e-4 * size * expected:
                break
            size /= 2
        else:
            break
        step, bend = there - table, new_slope - slope
        if (curvature := float((step * bend).sum())) > 1e-12:
            moves = [*moves[1 - _MEMORY :], (step, bend, 1 / curvature)]
        table, loss, slope = there, new_loss, new_slope
    return table


def _loss(table: Floats, inside: Floats, labels: Ints, l2: float, share: Floats) -> tuple[float, Floats]:
    """The value and its slope."""
    probabilities = softmax(inside @ table)
    rows = np.arange(len(labels))
    loss = -float((share * np.log(probabilities[rows, labels] + 1e-12)).sum())
    probabilities[rows, labels] -= 1
    slope = inside.T @ (probabilities * share[:, None])
    decayed = table * np.float32(l2)
    decayed[-1] = 0
    return loss + float((decayed * table).sum()) / 2, slope + decayed


def _curved(slope: Floats, moves: list[tuple[Floats, Floats, float]]) -> Floats:
    """The slope times the inverse curvature that the last moves showed (the two-loop recursion)."""
    direction = slope.copy()
    shares = []
    for step, bend, inverse in reversed(moves):
        shares.append(inverse * float((step * direction).sum()))
        direction -= np.float32(shares[-1]) * bend
    if moves:
        step, bend, inverse = moves[-1]
        direction *= np.float32(1 / (inverse * float((bend * bend).sum())))
    for (step, bend, inverse), mine in zip(moves, reversed(shares), strict=True):
        direction += np.float32(mine - inverse * float((bend * direction).sum())) * step
    return direction
