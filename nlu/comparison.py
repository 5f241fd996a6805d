"""Two models side by side on the same sentences: how good, how fast, and which sentences change."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from math import comb

import numpy as np

from nlu.calibration import expected_calibration_error
from nlu.components.intents import OUT_OF_SCOPE
from nlu.dataset import Example
from nlu.interpreter import Interpreter
from nlu.types import Language, Understanding

_WARMING = 30
Progress = Callable[[int], None]
Sets = Mapping[str, Sequence[Example]]
"""Labelled sentences by the name of their set."""


@dataclass(frozen=True)
class Figures:
    """One model on one set in one language. Shares are 0-1."""

    examples: int
    accuracy: float
    out_of_scope_recall: float | None
    """How many out-of-scope sentences were not taken for a request; None where there were none."""
    calibration_error: float


@dataclass(frozen=True)
class Difference:
    """A sentence whose intent the two models name differently."""

    example: Example
    before: Understanding
    after: Understanding

    @property
    def is_fixed(self) -> bool:
        return self.after.intent.name == self.example.label

    @property
    def is_broken(self) -> bool:
        return self.before.intent.name == self.example.label


@dataclass(frozen=True)
class Pair:
    """Both models on one set in one language."""

    name: str
    language: Language
    before: Figures
    after: Figures
    differences: tuple[Difference, ...]

    @property
    def fixed(self) -> int:
        return sum(one.is_fixed for one in self.differences)

    @property
    def broken(self) -> int:
        return sum(one.is_broken for one in self.differences)

    @property
    def chance(self) -> float:
        """How likely so many of the changed sentences break by chance if the models are equally good (McNemar, exact,
        one-sided)."""
        changed = self.fixed + self.broken
        return sum(comb(changed, broken) for broken in range(self.broken, changed + 1)) / 2.0**changed


@dataclass(frozen=True)
class Speed:
    """Milliseconds of processor for one sentence: what else the machine does in that time does not count."""

    p50: float
    p99: float


@dataclass(frozen=True)
class Comparison:
    """`before` is the model that serves, `after` the candidate."""

    pairs: tuple[Pair, ...]
    speed_before: Speed
    speed_after: Speed

    @property
    def differences(self) -> Iterator[Difference]:
        return (difference for pair in self.pairs for difference in pair.differences)


@dataclass
class _Heard:
    examples: list[Example]
    before: list[Understanding]
    after: list[Understanding]


def compare(before: Interpreter, after: Interpreter, sets: Sets, progress: Progress = lambda _done: None) -> Comparison:
    """Both models read every sentence, in turns, so that a busy machine slows both alike.

    `sets` must hold a sentence. `progress` is called with the number of sentences read since the last call.
    """
    times: tuple[list[float], list[float]] = ([], [])
    models = (before, after)
    _warm(models, [example.text for examples in sets.values() for example in examples])
    pairs = [
        _pair(name, language, heard, models)
        for name, examples in sets.items()
        for language, heard in sorted(_read_by_both(models, examples, times, progress).items())
    ]
    return Comparison(tuple(pairs), _speed(times[0]), _speed(times[1]))


def _read_by_both(
    models: Sequence[Interpreter], examples: Sequence[Example], times: Sequence[list[float]], progress: Progress
) -> dict[Language, _Heard]:
    """What both models make of every sentence, by language."""
    by_language: dict[Language, _Heard] = {}
    for number, example in enumerate(examples):
        read: dict[int, Understanding] = {}
        for which in (number % 2, 1 - number % 2):  # whoever comes second finds the caches warm
            read[which] = _timed(models[which], example.text, times[which])
        heard = by_language.setdefault(example.language, _Heard([], [], []))
        heard.examples.append(example)
        heard.before.append(read[0])
        heard.after.append(read[1])
        progress(1)
    return by_language


def _warm(models: Sequence[Interpreter], texts: Sequence[str]) -> None:
    """The first passes of a session are slower."""
    for model in models:
        for text in islice(cycle(texts), _WARMING):
            model.parse(text)


def _timed(model: Interpreter, text: str, spent: list[float]) -> Understanding:
    started = time.process_time()
    understanding = model.parse(text)
    spent.append((time.process_time() - started) * 1000)
    return understanding


def _pair(name: str, language: Language, heard: _Heard, models: tuple[Interpreter, Interpreter]) -> Pair:
    differences = [
        Difference(example, first, second)
        for example, first, second in zip(heard.examples, heard.before, heard.after, strict=True)
        if first.intent.name != second.intent.name
    ]
    return Pair(
        name,
        language,
        _figures(heard.examples, heard.before, models[0]),
        _figures(heard.examples, heard.after, models[1]),
        tuple(differences),
    )


def _figures(examples: Sequence[Example], read: Sequence[Understanding], model: Interpreter) -> Figures:
    right = np.array([one.intent.name == e.label for one, e in zip(read, examples, strict=True)], dtype=np.bool_)
    sure = np.array([one.intent.confidence for one in read], dtype=np.float32)
    outside = [one for one, e in zip(read, examples, strict=True) if e.label == OUT_OF_SCOPE]
    turned_away = [
        one.intent.name == OUT_OF_SCOPE or one.intent.confidence < model.threshold(one.language) for one in outside
    ]
    return Figures(
        examples=len(examples),
        accuracy=float(right.mean()),
        out_of_scope_recall=float(np.mean(turned_away)) if turned_away else None,
        calibration_error=expected_calibration_error(sure, right),
    )


def _speed(milliseconds: list[float]) -> Speed:
    return Speed(float(np.percentile(milliseconds, 50)), float(np.percentile(milliseconds, 99)))
