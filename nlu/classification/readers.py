"""What serves: readers that were taught and saved. numpy and onnxruntime only.

<folder>/tuned/    an encoder's graph that names the labels itself
<folder>/frozen/   a pretrained encoder's graph, and a linear reading of its vectors
<folder>/strings/  the same of an encoder that takes the text itself (string_encoder.py)
<folder>/words/    a linear reading of the n-grams
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from nlu.calibration import Floats
from nlu.classification.graph import Graph
from nlu.classification.texts import without_context
from nlu.linear import LinearReader
from nlu.ngrams import NgramReader

TUNED, FROZEN, STRINGS, WORDS = "tuned", "frozen", "strings", "words"
LINEAR_FILE, WORDS_FILE = "linear.npz", "ngrams.npz"


class Reader(Protocol):
    """Thread-safe."""

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats | None]:
        """(n, labels) logits, and (n, width) unit vectors where the reader makes any."""
        ...


class TunedGraph:
    """A graph that gives logits and vector at once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats | None]:
        logits, vectors = self._graph.run(texts, ("logits", "vector"))
        return logits, vectors


class FrozenGraph:
    """A graph that gives the vector, and what was learnt about vectors."""

    def __init__(self, graph: Graph, linear: LinearReader) -> None:
        self._graph = graph
        self._linear = linear

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats | None]:
        vectors = self._graph.run(texts, ("vector",))[0]
        return self._linear.logits(vectors), vectors


class Words:
    """The n-grams of the text alone: what stood before it would drown them."""

    def __init__(self, ngrams: NgramReader) -> None:
        self._ngrams = ngrams

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats | None]:
        return self._ngrams.logits([without_context(text) for text in texts]), None


def load_reader(kind: str, folder: Path) -> Reader:
    """Raises ModelNotFound."""
    return _LOADERS[kind](folder / kind)


def _load_strings(folder: Path) -> Reader:
    from nlu.classification.string_encoder import StringReader  # it needs what the others don't

    return StringReader.load(folder)


_LOADERS: dict[str, Callable[[Path], Reader]] = {
    TUNED: lambda folder: TunedGraph(Graph.load(folder)),
    FROZEN: lambda folder: FrozenGraph(Graph.load(folder), LinearReader.load(folder / LINEAR_FILE)),
    STRINGS: _load_strings,
    WORDS: lambda folder: Words(NgramReader.load(folder / WORDS_FILE)),
}
