"""Chooses, on held-out examples, what the dialogue relies on: calibration, scope, promises and two thresholds."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from os import cpu_count
from pathlib import Path

import numpy as np

from nlu.calibration import Calibration, Floats, Ints, choose_threshold, fit_calibration
from nlu.class_means import ClassMeans
from nlu.components.encoder import Encoder
from nlu.components.intents import OUT_OF_SCOPE, confidences, ranked
from nlu.components.normalizer import MODEL_CHARACTERS, fold
from nlu.components.readable import Readable
from nlu.components.segments import Clause, clauses, several_requests
from nlu.dataset import Dataset, Example
from nlu.errors import DatasetError
from nlu.metadata import LanguageFacts
from nlu.risk import promises
from nlu.scope import SCOPE_FILE, Scope, fit_scope
from nlu.types import Language

MAX_SPLIT_RATE = 0.005
SPLIT_CANDIDATES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99)
_ENOUGH_FOR_A_MEAN = 20
_BATCH = 32


@dataclass(frozen=True)
class Chosen:
    """What goes into the metadata."""

    languages: dict[Language, LanguageFacts]
    fallback_threshold: float
    split_threshold: float


@dataclass(frozen=True)
class Heard:
    """One held-out example as it will be read: alone, with its clauses."""

    example: Example
    folded: str
    parts: list[Clause]
    logits: Floats
    """(1 + clauses, intents): the whole text first."""
    vector: Floats


def calibrate_model(
    dataset: Dataset, facts: Mapping[Language, LanguageFacts], models: Path, conversational: frozenset[str]
) -> Chosen:
    """`calibrate_on` the tenth of a training run's own examples that it did not learn from."""
    learnt = [example for example in dataset.intents if not example.is_held_out]
    held_out = [example for example in dataset.intents if example.is_held_out]
    return calibrate_on(held_out, learnt, dataset.intent_names, facts, models, conversational)


def calibrate_on(
    held_out: Sequence[Example],
    learnt: Sequence[Example],
    names: tuple[str, ...],
    facts: Mapping[Language, LanguageFacts],
    models: Path,
    conversational: frozenset[str],
) -> Chosen:
    """Reads the examples by the graphs (and heads) in `models` and fits everything that serving needs beside them;
    writes `<language>/scope.npz`. Call it before the metadata is saved.

    `names` are the model's intents. A language without held-out examples stays as it is. Raises DatasetError for a
    label that the model does not know, and when there is nothing to calibrate on.
    """
    _refuse_unknown((*held_out, *learnt), names)
    heard, languages = [], dict(facts)
    for language, before in facts.items():
        encoder = Encoder.load(models / language, before.max_tokens)
        readable = Readable(language, encoder.words)
        with ThreadPoolExecutor(cpu_count()) as threads:
            listen = partial(hear, encoder, readable)
            its_own = list(threads.map(listen, [one for one in held_out if one.language == language]))
        if not its_own:
            continue
        means = class_means([one for one in learnt if one.language == language], encoder, readable, names)
        languages[language], scope = calibrated(before, its_own, means, names)
        scope.save(models / language / SCOPE_FILE)
        heard += [(one, languages[language].calibration) for one in its_own]
    if not heard:
        raise DatasetError("no held-out examples to calibrate on; a tenth of some hundred is the least")
    fallback = choose_threshold(*certainty(heard, names))
    return Chosen(languages, fallback, _split_threshold(heard, names, conversational))


def _refuse_unknown(examples: Iterable[Example], names: tuple[str, ...]) -> None:
    for one in examples:
        if one.label not in names:
            raise DatasetError(f"{one.where}: the model has no intent '{one.label}'; train it with this data first")


def calibrated(
    facts: LanguageFacts, heard: Sequence[Heard], means: ClassMeans | None, names: tuple[str, ...]
) -> tuple[LanguageFacts, Scope]:
    """One language's facts with calibration and promises, and its scope."""
    logits, vectors = np.stack([one.logits[0] for one in heard]), np.stack([one.vector for one in heard])
    labels = np.array([names.index(one.example.label) for one in heard])
    calibration = fit_calibration(logits, labels)
    outside = names.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in names else None
    probabilities = calibration.probabilities(logits)
    kept = promises(confidences(probabilities, outside), probabilities.argmax(axis=1) == labels)
    scope = fit_scope(logits, labels, vectors, means, outside=outside)
    return replace(facts, temperature=calibration.temperature, knots=calibration.knots, promises=kept), scope


def hear(encoder: Encoder, readable: Readable, example: Example) -> Heard:
    """Reads an example as serving does."""
    folded = fold(example.text)[:MODEL_CHARACTERS]
    parts = clauses(folded)
    parts = parts if len(parts) > 1 else []
    reading = encoder.read([readable(folded), *(readable(folded[part.start : part.end]) for part in parts)])
    return Heard(example, folded, parts, reading.intent_logits, reading.vectors[0])


def class_means(
    examples: Iterable[Example], encoder: Encoder, readable: Readable, names: tuple[str, ...]
) -> ClassMeans | None:
    """Of the first examples of each intent: enough for a mean. None without examples."""
    rows: dict[str, list[Example]] = {}
    for example in examples:
        of_its_intent = rows.setdefault(example.label, [])
        if len(of_its_intent) < _ENOUGH_FOR_A_MEAN:
            of_its_intent.append(example)
    kept = sorted((one for some in rows.values() for one in some), key=lambda one: len(one.text))
    if not kept:
        return None
    texts = [readable(fold(one.text)) for one in kept]
    vectors = [encoder.read(texts[at : at + _BATCH]).vectors for at in range(0, len(texts), _BATCH)]
    labels: Ints = np.array([names.index(one.label) for one in kept])
    return ClassMeans.fit(np.concatenate(vectors), labels, len(names))


def certainty(heard: Sequence[tuple[Heard, Calibration]], names: tuple[str, ...]) -> tuple[Floats, np.ndarray]:
    """(confidence of the first intent, whether it is right), both (n,)."""
    guesses = [ranked(one.logits[0], names, calibration)[0] for one, calibration in heard]
    right = [guess.name == one.example.label for guess, (one, _) in zip(guesses, heard, strict=True)]
    return np.array([guess.confidence for guess in guesses], dtype=np.float32), np.array(right, dtype=np.bool_)


def _split_threshold(
    heard: Sequence[tuple[Heard, Calibration]], names: tuple[str, ...], conversational: frozenset[str]
) -> float:
    """The lowest that leaves single requests whole."""
    read = [(one, [ranked(row, names, calibration)[0] for row in one.logits]) for one, calibration in heard]
    for threshold in SPLIT_CANDIDATES:
        split = sum(
            bool(several_requests(one.folded, one.parts, guesses[1:], guesses[0], conversational, threshold))
            for one, guesses in read
        )
        if split <= MAX_SPLIT_RATE * len(read):
            return threshold
    return SPLIT_CANDIDATES[-1]
