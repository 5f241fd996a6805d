"""How well an Interpreter reads labelled examples it was not trained on, and how fast."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.calibration import expected_calibration_error
from nlu.components.intents import OUT_OF_SCOPE
from nlu.dataset import Example
from nlu.interpreter import Interpreter
from nlu.types import Understanding


@dataclass(frozen=True)
class Report:
    """Shares are 0-1, times milliseconds."""

    examples: int
    accuracy: float
    macro_f1: float
    out_of_scope_recall: float | None
    """How many out-of-scope texts were not taken for a request; None when there was none."""
    calibration_error: float
    acted: float
    """How many were above the fallback threshold …"""
    acted_right: float
    """… and how many of those were right."""
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


def evaluate(interpreter: Interpreter, examples: Sequence[Example]) -> tuple[Report, list[Mistake]]:
    """Parses every example once, on the calling thread. `examples` must not be empty."""
    read, times = [], []
    for example in examples:
        started = time.perf_counter()
        read.append(interpreter.parse(example.text))
        times.append((time.perf_counter() - started) * 1000)
    mistakes = [Mistake(e, r) for e, r in zip(examples, read, strict=True) if r.intent.name != e.label]
    return _report(examples, read, times, interpreter.fallback_threshold), mistakes


def evaluate_sentiment(interpreter: Interpreter, examples: Sequence[Example]) -> float:
    """The share of examples whose mood is read rightly."""
    return float(np.mean([interpreter.parse(example.text).sentiment.label == example.label for example in examples]))


def _report(examples: Sequence[Example], read: Sequence[Understanding], times: list[float], threshold: float) -> Report:
    confidences = np.array([one.intent.confidence for one in read], dtype=np.float32)
    correct = np.array([one.intent.name == e.label for one, e in zip(read, examples, strict=True)], dtype=np.bool_)
    acted = confidences >= threshold
    wrong = Counter(
        (e.label, one.intent.name) for one, e in zip(read, examples, strict=True) if one.intent.name != e.label
    )
    return Report(
        examples=len(examples),
        accuracy=float(correct.mean()),
        macro_f1=_macro_f1(examples, read),
        out_of_scope_recall=_out_of_scope_recall(examples, read, threshold),
        calibration_error=expected_calibration_error(confidences, correct),
        acted=float(acted.mean()),
        acted_right=float(correct[acted].mean()) if acted.any() else 0.0,
        split=float(np.mean([bool(one.segments) for one in read])),
        milliseconds_p50=float(np.percentile(times, 50)),
        milliseconds_p95=float(np.percentile(times, 95)),
        confusions=tuple((*pair, count) for pair, count in wrong.most_common(10)),
    )


def _macro_f1(examples: Sequence[Example], read: Sequence[Understanding]) -> float:
    right = Counter(e.label for e, one in zip(examples, read, strict=True) if one.intent.name == e.label)
    said = Counter(one.intent.name for one in read)
    true = Counter(e.label for e in examples)
    return float(np.mean([2 * right[name] / (said[name] + true[name]) for name in true]))


def _out_of_scope_recall(examples: Sequence[Example], read: Sequence[Understanding], threshold: float) -> float | None:
    outside = [one.intent for one, e in zip(read, examples, strict=True) if e.label == OUT_OF_SCOPE]
    if not outside:
        return None
    return float(np.mean([guess.name == OUT_OF_SCOPE or guess.confidence < threshold for guess in outside]))
