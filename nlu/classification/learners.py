"""Teaches readers: each learner takes labelled texts and gives back something that reads and can be saved.

Only the learner that tunes an encoder needs torch, and imports it when it is used.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from nlu.calibration import Floats, Ints
from nlu.classification.graph import FACTS, GRAPH, TOKENIZER, Graph
from nlu.classification.readers import (
    FROZEN,
    LINEAR_FILE,
    TUNED,
    WORDS,
    WORDS_FILE,
    Reader,
    Words,
)
from nlu.classification.recipe import Recipe
from nlu.classification.texts import without_context
from nlu.linear import LinearReader
from nlu.ngrams import NgramReader

if TYPE_CHECKING:
    from nlu.classification.tuning import TunedReader

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


_CHUNK = 1_000


class Learnt(Reader, Protocol):
    """A reader fresh from learning."""

    def save(self, folder: Path, texts: Sequence[str], labels: Ints) -> str | None:
        """Writes what serves to `folder`, checked on these texts; a sentence when something has to be said about it."""
        ...


class Learner(Protocol):
    """One way to learn."""

    @property
    def kind(self) -> str:
        """What the reader's folder is called."""
        ...

    def learn(self, texts: Sequence[str], labels: Ints, count: int, progress: Progress) -> Learnt: ...


@dataclass(frozen=True)
class TuneEncoder:
    """Tunes the pretrained encoder in `folder`."""

    folder: Path
    recipe: Callable[[int], Recipe]
    """From the number of texts."""
    kind: str = TUNED

    def learn(self, texts: Sequence[str], labels: Ints, count: int, progress: Progress) -> Learnt:
        from nlu.classification.tuning import tune

        return _Tuned(tune(self.folder, texts, labels, count, self.recipe(len(texts)), progress))


@dataclass(frozen=True)
class _Tuned:
    reader: "TunedReader"

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats | None]:
        return self.reader.read(texts)

    def save(self, folder: Path, texts: Sequence[str], labels: Ints) -> str | None:
        from nlu.classification.exporting import MOST_LOST, save_reader

        if save_reader(self.reader, folder, texts, labels):
            return None
        return f"int8 would cost more than {MOST_LOST:.1%} of the answers: the graph is kept in fp32"


@dataclass(frozen=True)
class FreezeEncoder:
    """Leaves an encoder's graph in `folder` as it is and learns to read its vectors."""

    folder: Path
    max_tokens: int
    note: str | None = None
    """What is said of it beside the figures."""
    kind: str = FROZEN
    _vectors: dict[str, Floats] = field(default_factory=dict)
    """Of the texts read so far: the encoder never changes."""

    def learn(self, texts: Sequence[str], labels: Ints, count: int, progress: Progress) -> Learnt:
        return _Frozen(self, LinearReader.fit(self.vectors(texts, progress), labels, count))

    def vectors(self, texts: Sequence[str], progress: Progress = lambda *_: None) -> Floats:
        """(n, width), each text read once however often it is asked for."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if fresh:
            self._read(fresh, progress)
        return np.stack([self._vectors[text] for text in texts])

    def _read(self, texts: Sequence[str], progress: Progress) -> None:
        graph = Graph(self.folder, self.max_tokens)
        for start in range(0, len(texts), _CHUNK):
            progress("reading with the frozen encoder", start, len(texts))
            chunk = texts[start : start + _CHUNK]
            self._vectors.update(zip(chunk, graph.run(chunk, ("vector",))[0], strict=True))
        progress("reading with the frozen encoder", len(texts), len(texts))


@dataclass(frozen=True)
class _Frozen:
    learner: FreezeEncoder
    linear: LinearReader

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats | None]:
        vectors = self.learner.vectors(texts)
        return self.linear.logits(vectors), vectors

    def save(self, folder: Path, texts: Sequence[str], labels: Ints) -> str | None:  # noqa: ARG002
        folder.mkdir(parents=True, exist_ok=True)
        for name in (GRAPH, TOKENIZER):
            shutil.copyfile(self.learner.folder / name, folder / name)
        (folder / FACTS).write_text(json.dumps({"max_tokens": self.learner.max_tokens}) + "\n", "utf-8")
        self.linear.save(folder / LINEAR_FILE)
        return self.learner.note


def freeze_pretrained(folder: Path, scratch: Path, max_tokens: int = 64) -> FreezeEncoder:
    """The same for a pretrained encoder, of which a graph is made in `scratch`. Needs torch. Raises EncoderNotFound."""
    from nlu.classification.exporting import save_sentence_encoder
    from nlu.classification.pretrained import load_pretrained

    save_sentence_encoder(load_pretrained(folder, max_tokens), scratch, max_tokens)
    return FreezeEncoder(scratch, max_tokens)


@dataclass(frozen=True)
class ReadWords:
    """Learns n-grams."""

    kind: str = WORDS

    def learn(self, texts: Sequence[str], labels: Ints, count: int, progress: Progress) -> Learnt:
        progress("reading the n-grams", 0, 1)
        ngrams = NgramReader.fit([without_context(text) for text in texts], labels, count)
        progress("reading the n-grams", 1, 1)
        return _Words(ngrams)


@dataclass(frozen=True)
class _Words:
    ngrams: NgramReader

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats | None]:
        return Words(self.ngrams).read(texts)

    def save(self, folder: Path, texts: Sequence[str], labels: Ints) -> str | None:  # noqa: ARG002
        folder.mkdir(parents=True, exist_ok=True)
        self.ngrams.save(folder / WORDS_FILE)
        return None
