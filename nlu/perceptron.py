"""A network with one hidden layer on vectors, such as a frozen encoder's. Numpy only, for learning and for reading.

Where there are thousands of texts it bends a frozen encoder's space to the labels, which a line can't.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.arrays import Arrays, load_arrays, save_arrays
from nlu.calibration import Floats, Ints, softmax

ARRAYS = ("centre", "inner", "inner_bias", "outer", "outer_bias")

Report = Callable[[int, int], None]
"""Called with epochs done and epochs in all."""

_BATCH = 128
_RATE, _DECAY = 1e-3, 1e-2
_WARM_UP = 0.1
_FADE, _SQUARE_FADE = 0.9, 0.999
_SMOOTHING = 0.05
_DROPPED_BEFORE, _DROPPED = 0.2, 0.4


@dataclass
class _Layer:
    """Weights, and how they moved so far (AdamW; Loshchilov & Hutter 2019)."""

    values: Floats
    decay: float

    def __post_init__(self) -> None:
        self._mean, self._square = np.zeros_like(self.values), np.zeros_like(self.values)

    def move(self, slope: Floats, step: int, rate: float) -> None:
        self._mean += (1 - _FADE) * (slope - self._mean)
        self._square += (1 - _SQUARE_FADE) * (slope * slope - self._square)
        mean = self._mean / (1 - _FADE**step)
        square = self._square / (1 - _SQUARE_FADE**step)
        self.values -= np.float32(rate) * (mean / (np.sqrt(square) + 1e-8) + np.float32(self.decay) * self.values)


class PerceptronReader:
    """Vectors in, one logit a class out. Thread-safe."""

    def __init__(self, centre: Floats, inner: Floats, inner_bias: Floats, outer: Floats, outer_bias: Floats) -> None:
        self._centre = centre
        self._inner, self._inner_bias = inner, inner_bias
        self._outer, self._outer_bias = outer, outer_bias

    @classmethod
    def fit(
        cls,
        features: Floats,
        labels: Ints,
        classes: int,
        *,
        hidden: int = 1024,
        epochs: int = 15,
        seed: int = 0,
        report: Report = lambda *_: None,
    ) -> "PerceptronReader":
        """`features` (n, d); `labels` (n,) are places among `classes`. The same input gives the same reader."""
        source = np.random.default_rng(seed)
        centre, spread = features.mean(axis=0), float(features.std(axis=0).mean()) or 1.0
        points = ((features - centre) / spread).astype(np.float32)
        layers = _fresh(points.shape[1], hidden, classes, source)
        total = epochs * -(-len(points) // _BATCH)
        step = 0
        for done in range(1, epochs + 1):
            for rows in _batches(len(points), source):
                step += 1
                rate = _RATE * min(step / (_WARM_UP * total), (total - step + 1) / total)
                for layer, slope in zip(layers, _slopes(layers, points[rows], labels[rows], source), strict=True):
                    layer.move(slope, step, rate)
            report(done, epochs)
        inner, inner_bias, outer, outer_bias = (layer.values for layer in layers)
        return cls(centre.astype(np.float32), (inner / spread).astype(np.float32), inner_bias, outer, outer_bias)

    @property
    def classes(self) -> int:
        return len(self._outer_bias)

    def logits(self, features: Floats) -> Floats:
        """(n, classes) of (n, d)."""
        hidden = np.maximum((features - self._centre) @ self._inner + self._inner_bias, 0)
        return np.asarray(hidden @ self._outer + self._outer_bias, dtype=np.float32)

    def arrays(self) -> Arrays:
        """Everything the reader knows, by the names in `ARRAYS`."""
        values = (self._centre, self._inner, self._inner_bias, self._outer, self._outer_bias)
        return dict(zip(ARRAYS, values, strict=True))

    @classmethod
    def of(cls, arrays: Arrays) -> "PerceptronReader":
        """The reader that `arrays` came from."""
        return cls(*(arrays[name] for name in ARRAYS))

    def save(self, path: Path) -> None:
        """Writes one compressed `.npz`."""
        save_arrays(path, self.arrays())

    @classmethod
    def load(cls, path: Path) -> "PerceptronReader":
        """Raises ModelNotFound when the file is missing, ModelIncompatible when it holds no perceptron."""
        return cls.of(load_arrays(path, "a perceptron", ARRAYS))


def _fresh(width: int, hidden: int, classes: int, source: np.random.Generator) -> tuple[_Layer, ...]:
    def drawn(rows: int, columns: int) -> Floats:
        return np.asarray(source.standard_normal((rows, columns)) * np.sqrt(2 / rows), dtype=np.float32)

    inner, outer = drawn(width, hidden), drawn(hidden, classes) * np.float32(0.25)
    zeros = (np.zeros(hidden, np.float32), np.zeros(classes, np.float32))
    return _Layer(inner, _DECAY), _Layer(zeros[0], 0), _Layer(outer, _DECAY), _Layer(zeros[1], 0)


def _batches(count: int, source: np.random.Generator) -> Iterator[Ints]:
    order = source.permutation(count)
    return (order[at : at + _BATCH] for at in range(0, count, _BATCH))


def _slopes(layers: tuple[_Layer, ...], points: Floats, labels: Ints, source: np.random.Generator) -> list[Floats]:
    """The loss's slope in every layer, for one batch: cross-entropy with smoothed labels and dropout."""
    inner, inner_bias, outer, outer_bias = (layer.values for layer in layers)
    seen = points * _kept(points.shape, _DROPPED_BEFORE, source)
    open_ = _kept((len(points), inner.shape[1]), _DROPPED, source)
    before = seen @ inner + inner_bias
    open_ *= before > 0
    hidden = before * open_
    errors = softmax(np.asarray(hidden @ outer + outer_bias, dtype=np.float32))
    errors -= np.float32(_SMOOTHING / errors.shape[1])
    errors[np.arange(len(labels)), labels] -= np.float32(1 - _SMOOTHING)
    errors /= np.float32(len(labels))
    back = (errors @ outer.T) * open_
    return [seen.T @ back, back.sum(axis=0), hidden.T @ errors, errors.sum(axis=0)]


def _kept(shape: tuple[int, ...], dropped: float, source: np.random.Generator) -> Floats:
    """Which are kept, and louder for those that are not."""
    kept = source.random(shape, dtype=np.float32) >= dropped
    return np.asarray(kept / (1 - dropped), dtype=np.float32)
