"""The training examples that are nearest to a text, by the model's own sentence vectors.

The vectors of all examples are made once for a model and a folder of examples, and kept in one file a language:

    <folder>/<model version>-<digest of the examples' files>-en.npz      texts, labels, float16 vectors: 1 kB an example
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.arrays import load_arrays, save_arrays
from nlu.calibration import Floats
from nlu.dataset import Example, read_examples
from nlu.errors import ModelIncompatible
from nlu.interpreter import Interpreter
from nlu.types import Language

_ARRAYS = ("texts", "labels", "vectors")
_BLOCK = 64
Progress = Callable[[int, int], None]
"""Hears how many of how many examples are done."""


@dataclass(frozen=True)
class Neighbour:
    """A training example; `cosine` 1 is the same meaning."""

    text: str
    label: str
    cosine: float


@dataclass(frozen=True)
class Examples:
    """One language's training examples with their vectors, row by row."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    vectors: Floats
    """(n, d), unit length."""

    def nearest(self, vector: Sequence[float], count: int) -> list[Neighbour]:
        """The `count` nearest, nearest first."""
        cosines = self.vectors @ np.asarray(vector, dtype=np.float32)
        best = np.argsort(-cosines, kind="stable")[:count]
        return [Neighbour(self.texts[at], self.labels[at], round(float(cosines[at]), 4)) for at in best]

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}")
        arrays = {"texts": _packed(self.texts), "labels": _packed(self.labels)}
        save_arrays(draft, {**arrays, "vectors": self.vectors.astype(np.float16)})
        draft.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Examples":
        """Raises ModelNotFound, ModelIncompatible."""
        arrays = load_arrays(path, "the vectors of training examples", _ARRAYS)
        return cls(_unpacked(arrays["texts"]), _unpacked(arrays["labels"]), arrays["vectors"].astype(np.float32))


def training_examples(
    interpreter: Interpreter,
    data: Path,
    language: Language,
    folder: Path,
    progress: Progress = lambda _done, _all: None,
) -> Examples:
    """The examples below `data` as this model sees them; kept in `folder`, in place of other models' and other data's.

    The first call reads every example, about a millisecond each. Raises DatasetError.
    """
    path = folder / f"{interpreter.metadata.version}-{_digest(data)}-{language}.npz"
    if path.is_file():
        try:
            return Examples.load(path)
        except ModelIncompatible:
            path.unlink()  # cut short by a full disk or a power cut: made again below
    found = [example for example in read_examples(data, "nlu") if example.language == language]
    examples = _read(interpreter, found, language, progress)
    examples.save(path)
    for other in folder.glob(f"*-{language}.npz"):
        if other != path:
            other.unlink(missing_ok=True)
    return examples


def _read(interpreter: Interpreter, found: Sequence[Example], language: Language, progress: Progress) -> Examples:
    found = sorted(found, key=lambda example: len(example.text))  # a batch is as slow as its longest text
    rows = []
    for at in range(0, len(found), _BLOCK):
        rows.append(interpreter.embed([example.text for example in found[at : at + _BLOCK]], language))
        progress(min(at + _BLOCK, len(found)), len(found))
    vectors = np.concatenate(rows) if rows else interpreter.embed([], language)
    return Examples(tuple(one.text for one in found), tuple(one.label for one in found), vectors)


def _packed(lines: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(packed.tobytes().decode().split("\n")) if len(packed) else ()


def _digest(data: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(data.rglob("*.yml")):
        digest.update(f"{file.relative_to(data)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
