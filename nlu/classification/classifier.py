"""A trained text classifier: texts in, calibrated labels out. numpy and onnxruntime only."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.calibration import Calibration, Floats, Ints
from nlu.classification.blending import blended
from nlu.classification.doubting import doubted
from nlu.classification.readers import Reader, load_reader
from nlu.classification.texts import language_of
from nlu.errors import ModelIncompatible, ModelNotFound
from nlu.scope import Scope
from nlu.types import Language

FILE, SCOPE_FILE = "classifier.json", "scope.npz"
FORMAT = 1


@dataclass(frozen=True)
class RouteFacts:
    """One language's readers, how much each counts, and how their sum becomes a probability."""

    readers: tuple[str, ...]
    weights: tuple[float, ...]
    calibration: Calibration
    leans: tuple[float, ...] = ()
    """What is added to each label's logit first, where macro-F1 is what counts."""
    doubt: float = 0.0
    """How much is added to the out-of-scope label's logit when the confidence is worked out (doubting.py)."""

    def logits(self, readings: Sequence[Floats]) -> Floats:
        """(n, labels): the readers' logits as one."""
        mixed = blended(readings, self.weights)
        return mixed + np.array(self.leans, dtype=np.float32) if self.leans else mixed


@dataclass(frozen=True)
class ClassifierFacts:
    """What classifier.json says."""

    names: tuple[str, ...]
    routes: dict[Language, RouteFacts]
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
    chosen: Ints
    """(n,): each text's label, as its place in `names`; nearly always the likeliest one (doubting.py)."""
    out_of_scope: Floats
    """(n,), 0 to 1: how far the text is from every label …"""
    is_outsider: NDArray[np.bool_]
    """(n,): … and whether that is further than all but a few in-scope texts of the held-out ones."""

    @property
    def labels(self) -> list[str]:
        return [self.names[place] for place in self.chosen]

    @property
    def confidences(self) -> Floats:
        return np.asarray(self.probabilities[np.arange(len(self.chosen)), self.chosen], dtype=np.float32)


@dataclass(frozen=True)
class Route:
    """One language's readers, ready to read. Thread-safe."""

    facts: RouteFacts
    readers: list[Reader]
    scope: Scope

    @classmethod
    def load(cls, folder: Path, facts: RouteFacts) -> "Route":
        readers = [load_reader(kind, folder) for kind in facts.readers]
        if not (folder / SCOPE_FILE).is_file():
            raise ModelNotFound(f"{folder / SCOPE_FILE} is missing; train the classifier again")
        return cls(facts, readers, Scope.load(folder / SCOPE_FILE))

    def predict(self, texts: Sequence[str]) -> tuple[Floats, Ints, Floats]:
        """(n, labels) probabilities, (n,) labels' places and (n,) out-of-scope scores."""
        readings, vectors = read_all(self.readers, texts)
        logits = self.facts.logits(readings)
        sure = self.facts.calibration.probabilities(doubted(logits, self.scope.outside, self.facts.doubt))
        return sure, logits.argmax(1), self.scope.score(logits, vectors)


class TextClassifier:
    """Thread-safe. A text goes to its own language's readers, or to the only ones there are."""

    def __init__(self, facts: ClassifierFacts, routes: dict[Language, "Route"]) -> None:
        self.facts = facts
        self._routes = routes

    @classmethod
    def load(cls, folder: Path) -> "TextClassifier":
        """Raises ModelNotFound or ModelIncompatible."""
        facts = load_facts(folder)
        return cls(facts, {language: Route.load(folder / language, route) for language, route in facts.routes.items()})

    def predict(self, texts: Sequence[str]) -> Predictions:
        """Reads every text once."""
        probabilities = np.zeros((len(texts), len(self.facts.names)), dtype=np.float32)
        chosen = np.zeros(len(texts), dtype=np.int64)
        scores = np.zeros(len(texts), dtype=np.float32)
        outsiders = np.zeros(len(texts), dtype=np.bool_)
        for language, rows in self._by_route(texts).items():
            route = self._routes[language]
            probabilities[rows], chosen[rows], scores[rows] = route.predict([texts[row] for row in rows])
            outsiders[rows] = scores[rows] >= route.scope.threshold
        return Predictions(self.facts.names, probabilities, chosen, scores, outsiders)

    def _by_route(self, texts: Sequence[str]) -> dict[Language, list[int]]:
        routes = tuple(self._routes)
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
    try:
        raw = json.loads(file.read_text("utf-8"))
        if raw.get("format") == FORMAT:
            return _facts(raw)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelIncompatible(
            f"{file} is not a whole classifier ({type(error).__name__}: {error}); train it again"
        ) from error
    raise ModelIncompatible(
        f"{file} has format {raw.get('format')}, this version of Kefu reads {FORMAT}; train the classifier again"
    )


def _facts(raw: dict[str, Any]) -> ClassifierFacts:
    raw["routes"] = {
        language: RouteFacts(
            tuple(route["readers"]),
            tuple(route["weights"]),
            _calibration(route["calibration"]),
            tuple(route.get("leans", ())),
            float(route.get("doubt", 0)),
        )
        for language, route in raw["routes"].items()
    }
    return ClassifierFacts(**{**raw, "names": tuple(raw["names"]), "notes": tuple(raw["notes"])})


def _calibration(raw: dict[str, Any]) -> Calibration:
    return Calibration(raw["temperature"], tuple((said, true) for said, true in raw["knots"]))
