"""Teaches a TextClassifier from any single-label data: learns on train, chooses on what it did not learn from.

Where no development texts are handed over they come out of the training texts: a tenth of them, or, where there are
few, every text in turn (cross-validation). What serves has then learnt from all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.calibration import Calibration, Floats, Ints, expected_calibration_error, fit_calibration
from nlu.class_means import ClassMeans
from nlu.classification.blending import blended, fit_weights
from nlu.classification.classifier import SCOPE_FILE, ClassifierFacts, RouteFacts, TextClassifier, read_all
from nlu.classification.doubting import as_in_life, doubted, fit_doubt
from nlu.classification.encoders import Workshop
from nlu.classification.leaning import fit_leans
from nlu.classification.learners import Learner, Learnt, Progress
from nlu.classification.naming import with_names
from nlu.classification.readers import load_reader
from nlu.classification.splitting import folds
from nlu.classification.texts import LabelledTexts, language_of, out_of_scope_label
from nlu.errors import DatasetError
from nlu.scope import Scope, fit_scope
from nlu.types import Language

FEW = 1_500
"""Below so many texts every one is held out in turn."""
MANY = 40_000
"""From so many on, what was held out is not learnt afterwards: a tenth more would not be noticed."""
_TURNS = 3
_TENTH = 10
_OWN_ENCODER = 50
"""A language with fewer texts than this shares the other one's encoder."""


@dataclass(frozen=True)
class _HeldOut:
    """Texts as they were read by readers that had not learnt from them."""

    logits: list[Floats]
    labels: Ints
    vectors: Floats | None = None
    """Only where what read them is what serves."""
    means: ClassMeans | None = None


def fit(
    train: LabelledTexts,
    dev: LabelledTexts | None,
    workshop: Workshop,
    out: Path,
    progress: Progress,
    metric: str = "accuracy",
) -> TextClassifier:
    """Writes the classifier to `out` and loads it. With the metric "macro_f1" rare labels are named more readily.

    Raises DatasetError for data there is nothing to learn from."""
    names = train.names
    if len(names) < 2:
        raise DatasetError(f"there are {len(names)} labels in the training data; a classifier needs two or more")
    parts = _parts(train)
    courses = [
        _Course(names, language, workshop.learners[language], out / language, progress, metric) for language in parts
    ]
    routes = {}
    for course, (language, part) in zip(courses, parts.items(), strict=True):
        own = _only(dev, language) if dev is not None and len(parts) > 1 else dev
        routes[language] = course.take(part, own if own is not None and len(own) else None)
    figures = _figures([one for course in courses for one in course.seen])
    ClassifierFacts(names, routes, tuple(note for course in courses for note in course.notes), figures).save(out)
    return TextClassifier.load(out)


def _parts(train: LabelledTexts) -> dict[Language, LabelledTexts]:
    """What each encoder learns, the commoner language first; a language of a few texts goes with the other one."""
    chinese = sum(language_of(text) == "zh" for text in train.texts)
    counts: dict[Language, int] = {"en": len(train) - chinese, "zh": chinese}
    ordered: list[Language] = sorted(counts, key=lambda language: -counts[language])
    if counts[ordered[1]] < _OWN_ENCODER:
        return {ordered[0]: train}
    return {language: _only(train, language) for language in ordered}


def _only(examples: LabelledTexts, language: Language) -> LabelledTexts:
    return examples.at(row for row, text in enumerate(examples.texts) if language_of(text) == language)


class _Course:
    """One language's learning."""

    def __init__(
        self,
        names: tuple[str, ...],
        language: Language,
        learners: Sequence[Learner],
        folder: Path,
        progress: Progress,
        metric: str,
    ) -> None:
        self.notes: list[str] = []
        self.seen: list[tuple[Floats, NDArray[np.bool_]]] = []
        """How sure it was of held-out texts' labels, and whether it was right."""
        self._names = names
        outside = out_of_scope_label(names)
        self._outside = None if outside is None else names.index(outside)
        self._language = language
        self._learners = learners
        self._folder = folder
        self._progress = progress
        self._is_leaning = metric == "macro_f1"

    def take(self, train: LabelledTexts, dev: LabelledTexts | None) -> RouteFacts:
        """Learns, chooses and saves."""
        held = self._held_out(train) if dev is None else self._served(train, dev)
        known = held.labels >= 0
        weights = fit_weights(held.logits, held.labels)
        is_leaning = self._is_leaning and known.any()
        leans = fit_leans(blended(held.logits, weights), held.labels) if is_leaning else ()
        facts = RouteFacts(tuple(learner.kind for learner in self._learners), weights, Calibration(), leans)
        logits = facts.logits(held.logits)
        self._scope(held, logits, known if known.any() else ~known).save(self._folder / SCOPE_FILE)
        return self._sure(facts, logits, held.labels) if known.any() else facts

    def _sure(self, facts: RouteFacts, logits: Floats, labels: Ints) -> RouteFacts:
        """The same facts with a confidence that is right as often as it says."""
        known = np.flatnonzero(labels >= 0)
        doubt = fit_doubt(logits[known], labels[known], self._outside)
        moved = doubted(logits, self._outside, doubt)
        rows = known[as_in_life(labels[known], self._outside)]
        calibration = fit_calibration(moved[rows], labels[rows])
        chosen, every = logits.argmax(1), np.arange(len(labels))
        self.seen.append((calibration.probabilities(moved)[every, chosen], chosen == labels))
        return replace(facts, calibration=calibration, doubt=doubt)

    def _scope(self, held: _HeldOut, logits: Floats, inside: NDArray[np.bool_]) -> Scope:
        return fit_scope(logits, held.labels, held.vectors, held.means, inside, self._outside)

    def _held_out(self, train: LabelledTexts) -> _HeldOut:
        """Readings of texts that were not learnt, though in the end nearly everything is."""
        if len(train) >= MANY:
            assigned = folds(train, _TENTH)
            return self._served(train.at(np.flatnonzero(assigned != 0)), train.at(np.flatnonzero(assigned == 0)))
        rounds = list(self._rounds(train))
        learnt = self._learn(train, train.at(range(min(len(train), FEW))))
        if not rounds:  # one text, however often: what was learnt can be read, and not judged
            return _HeldOut(read_all(learnt, train.texts)[0], np.full(len(train), -1))
        logits = [np.concatenate(parts) for parts in zip(*(one.logits for one in rounds), strict=True)]
        return _HeldOut(logits, np.concatenate([one.labels for one in rounds]))

    def _rounds(self, train: LabelledTexts) -> Iterator[_HeldOut]:
        turns = _TURNS if len(train) < FEW else _TENTH
        assigned = folds(train, turns)
        for turn in range(turns if len(train) < FEW else 1):
            rest, held = train.at(np.flatnonzero(assigned != turn)), train.at(np.flatnonzero(assigned == turn))
            if len(rest) and len(held):
                readers = [self._taught(learner, rest) for learner in self._learners]
                labels, seen = held.indices(self._names), rest.indices(self._names)
                # nobody can name a label that was held out whole: -1
                yield _HeldOut(read_all(readers, held.texts)[0], np.where(np.isin(labels, seen), labels, -1))

    def _served(self, train: LabelledTexts, dev: LabelledTexts) -> _HeldOut:
        """What serves has learnt from `train` alone and reads `dev`."""
        learnt = self._learn(train, dev)
        readers = [load_reader(learner.kind, self._folder) for learner in self._learners]
        logits, vectors = read_all(readers, dev.texts)
        labels = dev.indices(self._names)
        if vectors is None:
            return _HeldOut(logits, labels)
        placed = read_all(learnt, train.texts)[1]
        means = None if placed is None else ClassMeans.fit(placed, train.indices(self._names), len(self._names))
        return _HeldOut(logits, labels, vectors, means)

    def _learn(self, train: LabelledTexts, check: LabelledTexts) -> list[Learnt]:
        """Teaches what serves and writes it, checked on texts whose labels it knows."""
        learnt = [self._taught(learner, train) for learner in self._learners]
        for learner, one in zip(self._learners, learnt, strict=True):
            note = one.save(self._folder / learner.kind, check.texts, check.indices(self._names))
            self.notes += [note] if note else []
        return learnt

    def _taught(self, learner: Learner, train: LabelledTexts) -> Learnt:
        examples = with_names(train, self._language)
        return learner.learn(examples.texts, examples.indices(self._names), len(self._names), self._progress)


def _figures(seen: Sequence[tuple[Floats, NDArray[np.bool_]]]) -> dict[str, float]:
    """Accuracy and calibration error on what was held out."""
    if not seen:
        return {}
    right = np.concatenate([part for _, part in seen])
    error = expected_calibration_error(np.concatenate([part for part, _ in seen]), right)
    return {"held_out": len(right), "accuracy": float(right.mean()), "calibration_error": error}
