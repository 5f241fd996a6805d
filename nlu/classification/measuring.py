"""The figures of a test, with 95 % intervals. Shares are 0 to 1, times milliseconds, sizes megabytes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.calibration import Ints, expected_calibration_error
from nlu.classification.classifier import Predictions, TextClassifier
from nlu.classification.texts import out_of_scope_label
from nlu.scope import auroc

Bools = NDArray[np.bool_]
_DRAWS = 500
_Z = 1.96
_TIMED = 300
_WARM_UP = 20
"""The first passes of a session are slower and don't count."""


@dataclass(frozen=True)
class Share:
    """A figure and where it lies with 95 % confidence."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class OutsiderFigures:
    """How well texts of no label were told apart."""

    recall: float
    """The share of outsiders above the threshold that was chosen on dev …"""
    false_alarms: float
    """… and the share of in-scope texts above it."""
    ranking: float
    """The area under the ROC curve."""


@dataclass(frozen=True)
class Figures:
    """What one test says."""

    rows: int
    accuracy: Share
    macro_f1: Share
    calibration_error: float
    in_scope_accuracy: Share | None
    """Only where the data have outsiders: the accuracy without them …"""
    in_scope_calibration_error: float | None
    """… and the calibration error without them: a test with more outsiders than dev has more surprises."""
    outsiders: OutsiderFigures | None
    unknown_labels: tuple[str, ...]
    """Labels that training never showed: counted wrong."""


def measure(labels: Sequence[str], read: Predictions, repeats: int = 1) -> Figures:
    """`repeats`: how often each test text was read (by classifiers of several draws); it widens the intervals."""
    truth, chosen = np.array(labels, dtype=object), np.array(read.labels, dtype=object)
    right: Bools = truth == chosen
    outside = out_of_scope_label(read.names)
    is_outsider: Bools = truth == outside
    inside = right[~is_outsider]
    return Figures(
        rows=len(labels),
        accuracy=wilson(int(right.sum()), len(right), repeats),
        macro_f1=macro_f1_share(truth, chosen),
        calibration_error=expected_calibration_error(read.confidences, right),
        in_scope_accuracy=wilson(int(inside.sum()), len(inside), repeats) if is_outsider.any() else None,
        in_scope_calibration_error=expected_calibration_error(read.confidences[~is_outsider], inside)
        if is_outsider.any() and len(inside)
        else None,
        outsiders=_outsiders(is_outsider, read) if is_outsider.any() else None,
        unknown_labels=tuple(sorted(set(labels) - set(read.names))),
    )


def wilson(right: int, rows: int, repeats: int = 1) -> Share:
    """The score interval of Wilson (1927) for a share."""
    if not rows:
        return Share(0.0, 0.0, 1.0)
    share, count = right / rows, rows / repeats
    centre = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z * np.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2)) / (1 + _Z**2 / count)
    return Share(share, float(centre - half), float(centre + half))


def macro_f1(truth: Ints, chosen: Ints, count: int) -> float:
    """The mean F1 over the labels that occur in either."""
    right = np.bincount(truth[truth == chosen], minlength=count)
    total = np.bincount(truth, minlength=count) + np.bincount(chosen, minlength=count)
    return float((2 * right[total > 0] / total[total > 0]).mean())


def macro_f1_share(truth: NDArray[np.object_], chosen: NDArray[np.object_]) -> Share:
    """Labels by name; the interval comes from resampled rows (bootstrap, always the same draws)."""
    names, places = np.unique(np.concatenate([truth, chosen]).astype(str), return_inverse=True)
    true, said = places[: len(truth)].astype(np.int64), places[len(truth) :].astype(np.int64)
    rng = np.random.default_rng(0)
    draws = [
        macro_f1(true[rows], said[rows], len(names))
        for rows in (rng.integers(0, len(true), len(true)) for _ in range(_DRAWS))
    ]
    value = macro_f1(true, said, len(names))
    half = (np.quantile(draws, 0.975) - np.quantile(draws, 0.025)) / 2  # resampling loses rare labels: centre it
    return Share(value, float(value - half), float(value + half))


def _outsiders(is_outsider: Bools, read: Predictions) -> OutsiderFigures:
    flagged = read.is_outsider
    area = auroc(read.out_of_scope, is_outsider)
    return OutsiderFigures(float(flagged[is_outsider].mean()), float(flagged[~is_outsider].mean()), area)


def latency(classifier: TextClassifier, texts: Sequence[str]) -> tuple[float, float]:
    """Milliseconds for one text at a time, (p50, p99), over at most 300 texts on the calling thread."""
    times = []
    for text in (*texts[:_WARM_UP], *texts[:_TIMED]):
        started = time.perf_counter()
        classifier.predict([text])
        times.append((time.perf_counter() - started) * 1000)
    counted = times[min(_WARM_UP, len(texts)) :]
    return float(np.percentile(counted, 50)), float(np.percentile(counted, 99))


def size(folder: Path) -> float:
    """Megabytes on disk."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
