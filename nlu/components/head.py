"""Intents that a graph was not made for: a linear reading of what it says, and one of the words, beside it.

`kefu train --frozen` writes it as `<language>/head.npz`; where the file is there, the intents come from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu import linear, ngrams
from nlu.arrays import load_arrays, save_arrays
from nlu.calibration import Floats
from nlu.linear import LinearReader
from nlu.ngrams import NgramReader

HEAD_FILE = "head.npz"
"""Beside the graph of its language."""


@dataclass(frozen=True)
class Head:
    """Two readers and how loud each is. Thread-safe."""

    meaning: LinearReader
    words: NgramReader
    shares: tuple[float, float]

    def logits(self, texts: Sequence[str], intent_logits: Floats, vectors: Floats) -> Floats:
        """(n, intents) of n texts, of which the graph said `intent_logits` and `vectors`."""
        meant = self.meaning.logits(meaning_of(intent_logits, vectors))
        return np.float32(self.shares[0]) * meant + np.float32(self.shares[1]) * self.words.logits(texts)

    def save(self, path: Path) -> None:
        """Writes one compressed `.npz`."""
        parts = {"meaning": self.meaning.arrays(), "words": self.words.arrays()}
        arrays = {f"{part}_{name}": array for part, its in parts.items() for name, array in its.items()}
        halved = {"meaning_weights": arrays["meaning_weights"].astype(np.float16)}
        save_arrays(path, {**arrays, **halved, "shares": np.array(self.shares)})

    @classmethod
    def load(cls, path: Path) -> "Head":
        """Raises ModelNotFound when the file is missing, ModelIncompatible when it holds no head."""
        parts = {"meaning": linear.ARRAYS, "words": ngrams.ARRAYS}
        names = [f"{part}_{name}" for part, its in parts.items() for name in its]
        arrays = load_arrays(path, "the head of a model", ("shares", *names))
        meaning, words = ({name: arrays[f"{part}_{name}"] for name in its} for part, its in parts.items())
        meaning["weights"] = meaning["weights"].astype(np.float32)
        shares = arrays["shares"].tolist()
        return cls(LinearReader.of(meaning), NgramReader.of(words), (shares[0], shares[1]))


def meaning_of(intent_logits: Floats, vectors: Floats) -> Floats:
    """(n, d + intents of the graph): the vector, and what the graph's own intents say, at the same length."""
    centred = intent_logits - intent_logits.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.concatenate([vectors, centred / np.maximum(lengths, 1e-6)], axis=1)
