"""A trained text classifier: texts in, calibrated labels out. numpy and onnxruntime only."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from nlu.calibration import Floats, Ints, softmax
from nlu.classification.blending import blended
from nlu.classification.outsiders import outsider_scores
from nlu.classification.readers import Reader, load_reader
from nlu.classification.texts import language_of
from nlu.errors import ModelIncompatible, ModelNotFound
from nlu.types import Language

FILE = "classifier.json"
FORMAT = 1


@dataclass(frozen=True)
class RouteFacts:
    """One language's readers and how much each counts; the weights hold the temperature too."""

    readers: tuple[str, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class ClassifierFacts:
    """What classifier.json says."""

    names: tuple[str, ...]
    routes: dict[Language, RouteFacts]
    outsider_threshold: float
    """The out-of-scope score from which a text counts as none of the labels."""
    notes: tuple[str, ...] = ()
    figures: dict[str, float] = field(default_factory=dict)
    """Of the texts held out: what it was chosen on, not a test."""
    format: int = FORMAT

    def save(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        (folder / FILE).write_text(text + "\n", "utf-8")


@dataclass(frozen=True)
class Predictions:
    """n texts, row by row."""

    names: tuple[str, ...]
    probabilities: Floats
    """(n, labels)"""
    out_of_scope: Floats
    """(n,), 0 to 1: how likely none of the in-scope labels is meant."""

    @property
    def chosen(self) -> Ints:
        """Each text's label, as its place in `names`."""
        return np.asarray(self.probabilities.argmax(1), dtype=np.int64)

    @property
    def labels(self) -> list[str]:
        return [self.names[place] for place in self.chosen]

    @property
    def confidences(self) -> Floats:
        return np.asarray(self.probabilities.max(1), dtype=np.float32)


class TextClassifier:
    """Thread-safe. A text goes to its own language's readers, or to the only ones there are."""

    def __init__(self, facts: ClassifierFacts, readers: dict[Language, list[Reader]]) -> None:
        self.facts = facts
        self._readers = readers

    @classmethod
    def load(cls, folder: Path) -> "TextClassifier":
        """Raises ModelNotFound or ModelIncompatible."""
        facts = load_facts(folder)
        readers = {
            language: [load_reader(kind, folder / language) for kind in route.readers]
            for language, route in facts.routes.items()
        }
        return cls(facts, readers)

    def predict(self, texts: Sequence[str]) -> Predictions:
        """Reads every text once."""
        probabilities = np.zeros((len(texts), len(self.facts.names)), dtype=np.float32)
        scores = np.zeros(len(texts), dtype=np.float32)
        for language, rows in self._by_route(texts).items():
            logits, _ = read_all(self._readers[language], [texts[row] for row in rows])
            probabilities[rows] = softmax(blended(logits, self.facts.routes[language].weights))
            scores[rows] = outsider_scores(probabilities[rows], self.facts.names)
        return Predictions(self.facts.names, probabilities, scores)

    def _by_route(self, texts: Sequence[str]) -> dict[Language, list[int]]:
        routes = tuple(self.facts.routes)
        chosen: dict[Language, list[int]] = {}
        for row, text in enumerate(texts):
            language = language_of(text)
            chosen.setdefault(language if language in routes else routes[0], []).append(row)
        return chosen


def read_all(readers: Sequence[Reader], texts: Sequence[str]) -> tuple[list[Floats], Floats | None]:
    """Every reader's logits, and the vectors of the first that makes any."""
    readings = [reader.read(texts) for reader in readers]
    return [logits for logits, _ in readings], next((vectors for _, vectors in readings if vectors is not None), None)


def load_facts(folder: Path) -> ClassifierFacts:
    """Raises ModelNotFound or ModelIncompatible."""
    file = folder / FILE
    if not file.is_file():
        raise ModelNotFound(f"no classifier in {folder} ({FILE} is missing); train one with `kefu benchmark nlu`")
    raw = json.loads(file.read_text("utf-8"))
    if raw.get("format") != FORMAT:
        raise ModelIncompatible(
            f"{file} has format {raw.get('format')}, this version of Kefu reads {FORMAT}; train the classifier again"
        )
    raw["routes"] = {
        language: RouteFacts(tuple(route["readers"]), tuple(route["weights"]))
        for language, route in raw["routes"].items()
    }
    return ClassifierFacts(**{**raw, "names": tuple(raw["names"]), "notes": tuple(raw["notes"])})
