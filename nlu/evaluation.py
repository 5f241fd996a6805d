"""How well an Interpreter reads labelled examples it was not trained on, and how fast."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nlu.calibration import Floats, expected_calibration_error
from nlu.components.intents import OUT_OF_SCOPE
from nlu.dataset import Example
from nlu.interpreter import Interpreter
from nlu.risk import Bools, RiskPoint, risk_curve, upper_bound
from nlu.scope import auroc
from nlu.types import Understanding


@dataclass(frozen=True)
class Report:
    """Shares are 0-1, times milliseconds."""

    examples: int
    accuracy: float
    macro_f1: float
    out_of_scope_recall: float | None
    """How many out-of-scope texts were not taken for a request; None when there was none."""
    out_of_scope_auroc: float | None
    """How often the out-of-scope score of such a text is higher than that of another; None when it can't be told."""
    calibration_error: float
    acted: float
    """How many were above the threshold …"""
    acted_right: float
    """… and how many of those were right."""
    answered: float
    """How many were acted upon as something else than out of scope …"""
    answered_wrong: float
    """… how many of those were wrong …"""
    answered_wrong_at_most: float
    """… and how many such texts would be, at most, with 95 % confidence."""
    split: float
    """How many were taken for several requests."""
    milliseconds_p50: float
    milliseconds_p95: float
    confusions: tuple[tuple[str, str, int], ...]
    """(right, read as, how often), most frequent first."""


@dataclass(frozen=True)
class Mistake:
    """One example read wrongly."""

    example: Example
    read: Understanding


@dataclass(frozen=True)
class Evaluation:
    """Examples, how each was read and how long that took; never empty."""

    examples: Sequence[Example]
    read: Sequence[Understanding]
    milliseconds: Sequence[float]

    @cached_property
    def confidences(self) -> Floats:
        """(n,): of the first intent."""
        return np.array([one.intent.confidence for one in self.read], dtype=np.float32)

    @cached_property
    def correct(self) -> Bools:
        """(n,)"""
        return np.array([one.intent.name == e.label for e, one in self._pairs()], dtype=np.bool_)

    @cached_property
    def outside(self) -> Bools:
        """(n,): which belong to no intent."""
        return np.array([example.label == OUT_OF_SCOPE for example in self.examples], dtype=np.bool_)

    @cached_property
    def acted(self) -> Bools:
        """(n,): which are sure enough for the threshold in force."""
        thresholds = [2.0 if one.threshold is None else one.threshold for one in self.read]
        return np.asarray(self.confidences >= np.array(thresholds, dtype=np.float32))

    @cached_property
    def answerable(self) -> Floats:
        """(n,): the confidence, 0 where the bot answers nothing because it takes the text for out of scope."""
        others = np.array([one.intent.name != OUT_OF_SCOPE for one in self.read])
        return np.asarray(np.where(others, self.confidences, 0), dtype=np.float32)

    @cached_property
    def scores(self) -> Floats | None:
        """(n,): how far out of scope each is; None when the model does not say."""
        scores = [one.out_of_scope_score for one in self.read]
        return None if None in scores else np.array(scores, dtype=np.float32)

    @cached_property
    def mistakes(self) -> list[Mistake]:
        return [Mistake(e, one) for e, one in self._pairs() if one.intent.name != e.label]

    @property
    def confusions(self) -> list[tuple[str, str, int]]:
        """(right, read as, how often), most frequent first."""
        wrong = Counter((mistake.example.label, mistake.read.intent.name) for mistake in self.mistakes)
        return [(*pair, count) for pair, count in wrong.most_common()]

    @property
    def risk_curve(self) -> tuple[RiskPoint, ...]:
        return risk_curve(self.answerable, self.correct)

    def report(self) -> Report:
        answered = self.acted & (self.answerable > 0)
        wrong = int((~self.correct[answered]).sum())
        return Report(
            examples=len(self.examples),
            accuracy=float(self.correct.mean()),
            macro_f1=self._macro_f1(),
            out_of_scope_recall=self._out_of_scope_recall(),
            out_of_scope_auroc=self._out_of_scope_auroc(),
            calibration_error=expected_calibration_error(self.confidences, self.correct),
            acted=float(self.acted.mean()),
            acted_right=float(self.correct[self.acted].mean()) if self.acted.any() else 0.0,
            answered=float(answered.mean()),
            answered_wrong=wrong / max(int(answered.sum()), 1),
            answered_wrong_at_most=upper_bound(wrong, int(answered.sum())),
            split=float(np.mean([bool(one.segments) for one in self.read])),
            milliseconds_p50=float(np.percentile(self.milliseconds, 50)),
            milliseconds_p95=float(np.percentile(self.milliseconds, 95)),
            confusions=tuple(self.confusions[:10]),
        )

    def _pairs(self) -> list[tuple[Example, Understanding]]:
        return list(zip(self.examples, self.read, strict=True))

    def _macro_f1(self) -> float:
        right = Counter(e.label for e, one in self._pairs() if one.intent.name == e.label)
        said = Counter(one.intent.name for one in self.read)
        true = Counter(e.label for e in self.examples)
        return float(np.mean([2 * right[name] / (said[name] + true[name]) for name in true]))

    def _out_of_scope_recall(self) -> float | None:
        if not self.outside.any():
            return None
        taken_for_a_request = self.acted & (self.answerable > 0)
        return 1 - float(taken_for_a_request[self.outside].mean())

    def _out_of_scope_auroc(self) -> float | None:
        if self.scores is None or self.outside.all() or not self.outside.any():
            return None
        return auroc(self.scores, self.outside)


def read_all(interpreter: Interpreter, examples: Sequence[Example]) -> Evaluation:
    """Parses every example once, on the calling thread. `examples` must not be empty."""
    read, times = [], []
    for example in examples:
        started = time.perf_counter()
        read.append(interpreter.parse(example.text))
        times.append((time.perf_counter() - started) * 1000)
    return Evaluation(examples, read, times)


def evaluate(interpreter: Interpreter, examples: Sequence[Example]) -> tuple[Report, list[Mistake]]:
    """The figures and what was read wrongly. `examples` must not be empty."""
    evaluation = read_all(interpreter, examples)
    return evaluation.report(), evaluation.mistakes


def evaluate_sentiment(interpreter: Interpreter, examples: Sequence[Example]) -> float:
    """The share of examples whose mood is read rightly."""
    return float(np.mean([interpreter.parse(example.text).sentiment.label == example.label for example in examples]))
