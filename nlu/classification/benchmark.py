"""One benchmark: learn on train, choose on dev, read test once, say what was seen."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.calibration import Floats
from nlu.classification.classifier import Predictions, TextClassifier
from nlu.classification.encoders import Workshop
from nlu.classification.fitting import fit
from nlu.classification.learners import Progress
from nlu.classification.measuring import Figures, latency, measure, size
from nlu.classification.public_sets import Split
from nlu.classification.texts import without_context


@dataclass(frozen=True)
class Cost:
    """What a classifier takes: the mean over the splits."""

    training_seconds: float
    megabytes: float
    milliseconds_p50: float
    milliseconds_p99: float


@dataclass(frozen=True)
class Row:
    """One test text as it was read."""

    text: str
    label: str
    prediction: str
    confidence: float
    out_of_scope_score: float


@dataclass(frozen=True)
class Outcome:
    """What a benchmark found."""

    figures: Figures
    cost: Cost
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def run(
    splits: Sequence[Split],
    workshop: Workshop,
    progress: Progress,
    repeats: int = 1,
    keep: Path | None = None,
    metric: str = "accuracy",
) -> Outcome:
    """Splits of one set are read each by its own classifier and measured together; `keep` is where the last one is
    written. Raises DatasetError."""
    read: list[tuple[Split, Predictions, TextClassifier]] = []
    costs = []
    for number, split in enumerate(splits, start=1):
        with _folder(keep) as folder:
            started = time.perf_counter()
            classifier = fit(split.train, split.dev, workshop, folder, _numbered(progress, number, len(splits)), metric)
            seconds = time.perf_counter() - started
            read.append((split, classifier.predict(split.test.texts), classifier))
            costs.append(Cost(seconds, size(folder), *latency(classifier, split.test.texts)))
    return _outcome(read, costs, repeats)


def _outcome(read: Sequence[tuple[Split, Predictions, TextClassifier]], costs: Sequence[Cost], repeats: int) -> Outcome:
    names = tuple(sorted({name for _, predictions, _ in read for name in predictions.names}))
    labels = [label for split, _, _ in read for label in split.test.labels]
    together = Predictions(
        names,
        np.concatenate([_in_columns(predictions, names) for _, predictions, _ in read]),
        np.array([names.index(label) for _, predictions, _ in read for label in predictions.labels], dtype=np.int64),
        np.concatenate([predictions.out_of_scope for _, predictions, _ in read]),
        np.concatenate([predictions.is_outsider for _, predictions, _ in read]),
    )
    texts = [without_context(text) for split, _, _ in read for text in split.test.texts]
    columns = (texts, labels, together.labels, together.confidences.tolist(), together.out_of_scope.tolist())
    return Outcome(
        measure(labels, together, repeats),
        Cost(*(float(np.mean(part)) for part in zip(*(_values(cost) for cost in costs), strict=True))),
        tuple(Row(*values) for values in zip(*columns, strict=True)),
        tuple(
            dict.fromkeys(note for split, _, classifier in read for note in (*classifier.facts.notes, *_seen(split)))
        ),
    )


def _seen(split: Split) -> list[str]:
    """What has to be said when test texts can be known by heart."""
    learnt = set(split.train.texts)
    count = sum(text in learnt for text in split.test.texts)
    return [f"{count:,} of {len(split.test):,} test texts stand in the training texts too"] if count else []


def _in_columns(predictions: Predictions, names: tuple[str, ...]) -> Floats:
    """The probabilities in the columns of `names`, of which the classifier may know some only."""
    table = np.zeros((len(predictions.probabilities), len(names)), dtype=np.float32)
    table[:, [names.index(name) for name in predictions.names]] = predictions.probabilities
    return table


def _values(cost: Cost) -> tuple[float, ...]:
    return cost.training_seconds, cost.megabytes, cost.milliseconds_p50, cost.milliseconds_p99


def _numbered(progress: Progress, number: int, count: int) -> Progress:
    """The same bar, saying which of several classifiers is taught."""
    if count == 1:
        return progress
    return lambda what, done, total: progress(f"{number} of {count}: {what}", done, total)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
