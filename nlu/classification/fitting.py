"""Teaches a TextClassifier from any single-label data: learns on train, chooses on what training did not see.

Where no development texts are handed over they come out of the training texts: a tenth of them, or, where there are
few, every text in turn (cross-validation). What serves has then learnt from all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.calibration import Floats, Ints, expected_calibration_error, softmax
from nlu.classification.blending import blended, fit_weights
from nlu.classification.classifier import ClassifierFacts, RouteFacts, TextClassifier, read_all
from nlu.classification.encoders import Workshop
from nlu.classification.learners import Learner, Progress
from nlu.classification.outsiders import outsider_scores, outsider_threshold
from nlu.classification.readers import load_reader
from nlu.classification.splitting import folds
from nlu.classification.texts import LabelledTexts, language_of, out_of_scope_label
from nlu.errors import DatasetError
from nlu.types import Language

FEW = 1_500
"""Below so many texts every one is held out in turn."""
MANY = 40_000
"""From so many on, what was held out is not learnt afterwards: a tenth more would not be noticed."""
_TURNS = 5
_TENTH = 10
_OWN_ENCODER = 50
"""A language with fewer texts than this shares the other one's encoder."""


@dataclass(frozen=True)
class _HeldOut:
    """What was not learnt from when it was read."""

    logits: list[Floats]
    labels: Ints


def fit(
    train: LabelledTexts, dev: LabelledTexts | None, workshop: Workshop, out: Path, progress: Progress
) -> TextClassifier:
    """Writes the classifier to `out` and loads it. Raises DatasetError for data there is nothing to learn from."""
    names = train.names
    if len(names) < 2:
        raise DatasetError(f"there are {len(names)} labels in the training data; a classifier needs two or more")
    routes: dict[Language, RouteFacts] = {}
    notes: list[str] = []
    held: list[tuple[Floats, Ints]] = []
    for language, part in _parts(train).items():
        own_dev = dev if dev is None or len(_languages(train)) == 1 else _only(dev, language)
        route = _Route(names, workshop.learners[language], out / language, progress)
        chances, labels, weights = route.fit(part, own_dev if own_dev is not None and len(own_dev) else None)
        routes[language] = RouteFacts(tuple(learner.kind for learner in route.learners), weights)
        notes += route.notes
        held.append((chances, labels))
    threshold, figures = _figures(held, names)
    ClassifierFacts(names, routes, threshold, tuple(notes), figures).save(out)
    return TextClassifier.load(out)


def _languages(train: LabelledTexts) -> list[Language]:
    """The languages with an encoder of their own, the commoner first."""
    chinese = sum(language_of(text) == "zh" for text in train.texts)
    counts: dict[Language, int] = {"en": len(train) - chinese, "zh": chinese}
    ordered: list[Language] = sorted(counts, key=lambda language: -counts[language])
    return [language for place, language in enumerate(ordered) if not place or counts[language] >= _OWN_ENCODER]


def _parts(train: LabelledTexts) -> dict[Language, LabelledTexts]:
    languages = _languages(train)
    return {language: train if len(languages) == 1 else _only(train, language) for language in languages}


def _only(examples: LabelledTexts, language: Language) -> LabelledTexts:
    return examples.at(row for row, text in enumerate(examples.texts) if language_of(text) == language)


class _Route:
    """One language's learning."""

    def __init__(
        self, names: tuple[str, ...], learners: Sequence[Learner], folder: Path, progress: Progress
    ) -> None:
        self.notes: list[str] = []
        self.learners = learners
        self._names = names
        self._folder = folder
        self._progress = progress

    def fit(self, train: LabelledTexts, dev: LabelledTexts | None) -> tuple[Floats, Ints, tuple[float, ...]]:
        """Learns, saves, and says (chances of the held-out texts, their labels, the readers' weights)."""
        if dev is not None:
            self._learn_and_save(train, dev)
            held = self._served(dev)
        else:
            held = self._held_out(train)
        weights = fit_weights(held.logits, held.labels)
        return softmax(blended(held.logits, weights)), held.labels, weights

    def _held_out(self, train: LabelledTexts) -> _HeldOut:
        """Readings of texts that were not learnt, though in the end nearly everything is."""
        turns = _TURNS if len(train) < FEW else _TENTH
        assigned = folds(train, turns)
        if len(train) >= MANY:
            rest, tenth = train.at(np.flatnonzero(assigned != 0)), train.at(np.flatnonzero(assigned == 0))
            self._learn_and_save(rest, tenth)
            return self._served(tenth)
        rounds = list(self._rounds(train, assigned, turns if len(train) < FEW else 1))
        self._learn_and_save(train, train.at(range(min(len(train), FEW))))
        logits = [np.concatenate(parts) for parts in zip(*(one.logits for one in rounds), strict=True)]
        return _HeldOut(logits, np.concatenate([one.labels for one in rounds]))

    def _rounds(self, train: LabelledTexts, assigned: Ints, count: int) -> Iterator[_HeldOut]:
        for turn in range(count):
            rest, held = train.at(np.flatnonzero(assigned != turn)), train.at(np.flatnonzero(assigned == turn))
            if not len(held):
                continue
            labels = rest.indices(self._names)
            readers = [
                learner.learn(rest.texts, labels, len(self._names), self._progress) for learner in self.learners
            ]
            yield _HeldOut(read_all(readers, held.texts)[0], held.indices(self._names))

    def _learn_and_save(self, train: LabelledTexts, check: LabelledTexts) -> None:
        labels = train.indices(self._names)
        for learner in self.learners:
            learnt = learner.learn(train.texts, labels, len(self._names), self._progress)
            note = learnt.save(self._folder / learner.kind, check.texts, check.indices(self._names))
            self.notes += [note] if note else []

    def _served(self, dev: LabelledTexts) -> _HeldOut:
        readers = [load_reader(learner.kind, self._folder) for learner in self.learners]
        return _HeldOut(read_all(readers, dev.texts)[0], dev.indices(self._names))


def _figures(
    held: Sequence[tuple[Floats, Ints]], names: tuple[str, ...]
) -> tuple[float, dict[str, float]]:
    """The outsiders' threshold, and accuracy and calibration error on what was held out."""
    chances = np.concatenate([part for part, _ in held])
    labels = np.concatenate([part for _, part in held])
    right = chances.argmax(1) == labels
    outside = out_of_scope_label(names)
    inside = np.array([label < 0 or names[label] != outside for label in labels])
    threshold = outsider_threshold(outsider_scores(chances, names)[inside])
    error = expected_calibration_error(chances.max(1), right)
    return threshold, {"held_out": len(labels), "accuracy": float(right.mean()), "calibration_error": error}
