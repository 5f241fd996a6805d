"""The n-gram reader: a linear support vector machine on hashed character and word n-grams. Numpy only.

It knows nothing of meaning and is hard to beat at what it does know: the exact words of the training texts. Beside an
encoder it adds what the encoder's tokens blur, in Chinese above all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.arrays import Arrays, load_arrays, save_arrays
from nlu.calibration import Floats, Ints
from nlu.ngram_features import Hashes, counts, ngram_hashes

MAX_CELLS = 8_000_000
"""How many weights (n-grams × classes, one byte each) a reader keeps: the strongest n-grams'."""
ARRAYS = ("hashes", "rarity", "weights", "scales", "bias")
_BATCH = 256
_FEW_CLASSES, _COST_OF_FEW, _COST = 5, 0.3, 1.0
"""Moods and ratings are labelled less surely than intents."""

Report = Callable[[int, int], None]
"""Called with passes done and passes in all."""


@dataclass(frozen=True)
class _Rows:
    """Sparse rows of unit length: row i is `columns[starts[i]:starts[i + 1]]` with `values`."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Floats


class NgramReader:
    """Texts in, one margin a class out (positive: the class's own side). Thread-safe."""

    def __init__(self, hashes: Hashes, rarity: Floats, weights: NDArray[np.int8], scales: Floats, bias: Floats) -> None:
        self._hashes = hashes
        self._rarity = rarity
        self._weights = weights
        self._scales = scales
        self._bias = bias

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Ints,
        classes: int,
        *,
        cost: float | None = None,
        passes: int = 10,
        min_texts: int = 2,
        weights: Floats | None = None,
        most: int | None = None,
        seed: int = 0,
        report: Report = lambda *_: None,
    ) -> "NgramReader":
        """Learns one-against-the-rest machines with squared hinge loss; the same input gives the same reader.

        `labels` (n,) are places among `classes`; n-grams met in fewer than `min_texts` texts are left out, and of the
        others the strongest `most` stay and learn once more, alone, what the weaker ones knew (None: as many stay as
        `MAX_CELLS` has room for, as they are); `weights` (n,) say how much each text counts; a larger `cost` fits the
        training texts more closely (None: what suits that many classes).
        """
        cost = cost or (_COST if classes > _FEW_CLASSES else _COST_OF_FEW)
        rows, hashes = ngram_hashes(texts)
        vocabulary, places = np.unique(hashes, return_inverse=True)
        met = np.bincount(counts(rows, places, len(vocabulary)).features, minlength=len(vocabulary))
        kept = met >= min_texts
        rarity = (np.log((1 + len(texts)) / (1 + met[kept])) + 1).astype(np.float32)
        vocabulary = vocabulary[kept]
        features = _unit_rows(rows, hashes, len(texts), vocabulary, rarity)
        costs = np.full(len(texts), cost, dtype=np.float32) if weights is None else np.float32(cost) * weights
        teach = partial(_teach, labels=labels, classes=classes, costs=costs, passes=passes, seed=seed)
        rounds = 1 if most is None or most >= len(vocabulary) else 2
        learned, bias = teach(features, width=len(vocabulary), report=lambda done, total: report(done, rounds * total))
        strongest = _strongest(learned, MAX_CELLS // classes if most is None else most)
        vocabulary, rarity, learned = vocabulary[strongest], rarity[strongest], learned[strongest]
        if rounds > 1:
            features = _unit_rows(rows, hashes, len(texts), vocabulary, rarity)
            learned, bias = teach(
                features, width=len(vocabulary), report=lambda done, total: report(total + done, rounds * total)
            )
        return cls(vocabulary, rarity, *_rounded(learned), bias)

    @property
    def classes(self) -> int:
        return len(self._bias)

    def logits(self, texts: Sequence[str]) -> Floats:
        """(n, classes) margins. A text without a known n-gram gets the bias alone."""
        found = [self._read(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return np.concatenate(found) if found else np.zeros((0, self.classes), dtype=np.float32)

    def _read(self, texts: Sequence[str]) -> Floats:
        rows = _unit_rows(*ngram_hashes(texts), len(texts), self._hashes, self._rarity)
        columns, places = np.unique(rows.columns, return_inverse=True)
        table = np.zeros((len(texts), len(columns)), dtype=np.float32)
        table[np.repeat(np.arange(len(texts)), np.diff(rows.starts)), places] = rows.values * self._scales[rows.columns]
        return np.asarray(table @ self._weights[columns].astype(np.float32) + self._bias, dtype=np.float32)

    def arrays(self) -> Arrays:
        """Everything the reader knows, by the names in `ARRAYS`."""
        values = (self._hashes, self._rarity, self._weights, self._scales, self._bias)
        return dict(zip(ARRAYS, values, strict=True))

    @classmethod
    def of(cls, arrays: Arrays) -> "NgramReader":
        """The reader that `arrays` came from."""
        return cls(*(arrays[name] for name in ARRAYS))

    def save(self, path: Path) -> None:
        """Writes one compressed `.npz`."""
        save_arrays(path, self.arrays())

    @classmethod
    def load(cls, path: Path) -> "NgramReader":
        """Raises ModelNotFound when the file is missing, ModelIncompatible when it holds no n-gram reader."""
        return cls.of(load_arrays(path, "an n-gram reader", ARRAYS))


def _unit_rows(rows: Ints, hashes: Hashes, texts: int, vocabulary: Hashes, rarity: Floats) -> _Rows:
    """TF-IDF with a logarithm on the counts, of the n-grams that the vocabulary (sorted) knows."""
    if not len(vocabulary):
        return _Rows(np.zeros(texts + 1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    places = np.minimum(np.searchsorted(vocabulary, hashes), len(vocabulary) - 1)
    known = vocabulary[places] == hashes
    counted = counts(rows[known], places[known], len(vocabulary))
    values = (1 + np.log(counted.times)) * rarity[counted.features]
    lengths = np.sqrt(np.bincount(counted.rows, values * values, minlength=texts))
    starts = np.searchsorted(counted.rows, np.arange(texts + 1))
    return _Rows(starts, counted.features, (values / lengths[counted.rows]).astype(np.float32))


def _teach(
    rows: _Rows, labels: Ints, classes: int, width: int, costs: Floats, passes: int, seed: int, report: Report
) -> tuple[Floats, Floats]:
    """(width, classes) weights and (classes,) biases, by dual coordinate descent (Hsieh et al. 2008), all classes at
    once: they share the text, so one text's step is a few operations on (its n-grams, classes)."""
    weights, bias = np.zeros((width, classes), dtype=np.float32), np.zeros(classes, dtype=np.float32)
    sides = np.full((len(labels), classes), -1, dtype=np.float32)
    sides[np.arange(len(labels)), labels] = 1
    duals = np.zeros_like(sides)
    slack = (0.5 / costs).astype(np.float32)
    starts = rows.starts.tolist()
    order = np.random.default_rng(seed)
    for done in range(1, passes + 1):
        for row in order.permutation(len(labels)).tolist():
            here = slice(starts[row], starts[row + 1])
            columns, values = rows.columns[here], rows.values[here]
            mine, side = weights[columns], sides[row]
            gradient = side * (values @ mine + bias) - 1 + duals[row] * slack[row]
            dual = np.maximum(duals[row] - gradient / (2 + slack[row]), 0)
            step = (dual - duals[row]) * side
            duals[row] = dual
            weights[columns] = mine + values[:, None] * step
            bias += step
        report(done, passes)
    return weights, bias


def _strongest(weights: Floats, most: int) -> Ints:
    """The places of the n-grams that say most, in their old order."""
    if len(weights) <= most:
        return np.arange(len(weights))
    return np.sort(np.argpartition(-np.square(weights).sum(1), most)[:most])


def _rounded(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """One byte a weight, and what each n-gram's bytes are to be multiplied with."""
    scales = np.maximum(np.abs(weights).max(axis=1, initial=0), 1e-9) / 127
    return np.rint(weights / scales[:, None]).astype(np.int8), scales.astype(np.float32)
