"""A pretrained encoder whose graph takes the text itself, its tokenizer inside: USE-multilingual. For comparison alone.

Its vectors stay as they are; a line and a perceptron read them, and their logits are added up. Such a graph needs
onnxruntime-extensions, which nothing else does.
"""

import importlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort

from nlu.calibration import Floats, Ints
from nlu.classification.graph import GRAPH
from nlu.classification.learners import Progress
from nlu.classification.readers import LINEAR_FILE, STRINGS
from nlu.classification.texts import without_context
from nlu.components.normalizer import fold, for_model
from nlu.errors import EncoderNotFound
from nlu.linear import LinearReader
from nlu.perceptron import PerceptronReader

PERCEPTRON_FILE = "perceptron.npz"
_BATCH = 64


class StringGraph:
    """Thread-safe. Raises EncoderNotFound when the graph or onnxruntime-extensions is missing."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / GRAPH
        if not self.file.is_file():
            raise EncoderNotFound(f"{self.file} is missing; docs/benchmarks.md says where it comes from")
        self._session = ort.InferenceSession(str(self.file), _options(), providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def vectors(self, texts: Sequence[str]) -> Floats:
        """(n, width), unit length. Texts of like length go through together."""
        cleaned = [for_model(fold(without_context(text))) for text in texts]
        order = sorted(range(len(cleaned)), key=lambda row: len(cleaned[row]))
        batches = [[cleaned[row] for row in order[at : at + _BATCH]] for at in range(0, len(order), _BATCH)]
        found = np.concatenate([self._session.run(None, {self._input: np.array(batch)})[0] for batch in batches])
        back = np.argsort(np.array(order, dtype=np.int64))
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)[back]


def _options() -> ort.SessionOptions:
    try:
        library = importlib.import_module("onnxruntime_extensions").get_library_path()
    except ModuleNotFoundError as error:
        raise EncoderNotFound(f"this encoder needs {error.name}: pip install onnxruntime-extensions") from error
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.register_custom_ops_library(library)
    return options


@dataclass(frozen=True)
class StringReader:
    """What was learnt about the vectors."""

    graph: StringGraph
    linear: LinearReader
    perceptron: PerceptronReader

    @classmethod
    def load(cls, folder: Path) -> "StringReader":
        """Raises EncoderNotFound, ModelNotFound, ModelIncompatible."""
        linear, perceptron = LinearReader.load(folder / LINEAR_FILE), PerceptronReader.load(folder / PERCEPTRON_FILE)
        return cls(StringGraph(folder), linear, perceptron)

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats | None]:
        vectors = self.graph.vectors(texts)
        return self.linear.logits(vectors) + self.perceptron.logits(vectors), vectors

    def save(self, folder: Path, texts: Sequence[str], labels: Ints) -> str | None:  # noqa: ARG002
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.graph.file, folder / GRAPH)
        self.linear.save(folder / LINEAR_FILE)
        self.perceptron.save(folder / PERCEPTRON_FILE)
        return None


@dataclass(frozen=True)
class ReadStrings:
    """Learns to read the vectors of the encoder in `folder`."""

    folder: Path
    kind: str = STRINGS

    def learn(self, texts: Sequence[str], labels: Ints, count: int, progress: Progress) -> StringReader:
        graph = StringGraph(self.folder)
        progress("reading with the frozen encoder", 0, 1)
        vectors = graph.vectors(texts)
        progress("reading with the frozen encoder", 1, 1)
        perceptron = PerceptronReader.fit(
            vectors, labels, count, report=lambda done, total: progress("bending its space", done, total)
        )
        return StringReader(graph, LinearReader.fit(vectors, labels, count), perceptron)
