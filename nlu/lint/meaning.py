"""Where labels touch: near-duplicates across them, pairs that get confused, examples that look like another label's.

Examples are predicted by a reader that learned from the others only (three folds of a linear reader on the encoder's
vectors), so this needs no trained model of the data at hand.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.calibration import Floats, softmax
from nlu.dataset import Example
from nlu.linear import LinearReader
from nlu.lint.finding import Finding
from nlu.lint.likeness import identity, is_turned_round, neighbours, overlap

NEAR_COSINE = 0.8
NEAR_OVERLAP = 0.85
_NEIGHBOURS = 8
_FOLDS = 3
_CONFUSED = 0.06
"""A pair is reported when this share of one label's examples reads as the other."""
_SURE = 0.95
"""An example is doubtful when a reader that never saw it is this sure of another label, and the text nearest to it has
that label too."""
_SHOWN = 4


@dataclass(frozen=True)
class _Prediction:
    place: int
    example: Example
    label: str
    confidence: float


def near_duplicates(examples: Sequence[Example], rows: Floats) -> list[Finding]:
    """Two labels with nearly the same sentence (the very same is a conflict), unless one of the two says no."""
    found = []
    for one, other, cosine in neighbours(rows, rows, _NEIGHBOURS):
        a, b = examples[one], examples[other]
        if one >= other or a.label == b.label or identity(a.text) == identity(b.text):
            continue
        if cosine >= NEAR_COSINE and not is_turned_round(a.text, b.text):
            alike = overlap(a.text, b.text)
            if alike >= NEAR_OVERLAP:
                found.append(_near(a, b, alike))
    return found


def confusions(examples: Sequence[Example], rows: Floats) -> list[Finding]:
    """Ranked pairs of labels that readers confuse, and single examples that look as if they were the other's."""
    nearest = {one: examples[other].label for one, other, _ in neighbours(rows, rows, 2) if one != other}
    predictions = _cross_predicted(examples, rows)
    return [*_pairs(predictions), *_doubtful(predictions, nearest)]


def _near(a: Example, b: Example, alike: float) -> Finding:
    return Finding(
        "near_duplicate",
        f"{a.text!r} ('{a.label}') and {b.text!r} ('{b.label}') say nearly the same",
        "Give both to the label that fits, reword one so that it shows what makes it different, or remove it.",
        (a.label, b.label),
        (a, b),
        round(alike, 3),
    )


def _cross_predicted(examples: Sequence[Example], rows: Floats) -> list[_Prediction]:
    names = sorted({example.label for example in examples})
    labels = np.array([names.index(example.label) for example in examples], dtype=np.int64)
    fold_of = np.random.default_rng(0).permutation(len(examples)) % _FOLDS
    predictions = []
    for fold in range(_FOLDS):
        mine = np.flatnonzero(fold_of == fold)
        reader = LinearReader.fit(rows[fold_of != fold], labels[fold_of != fold], len(names), l2=1e-3)
        for place, row in zip(mine, softmax(reader.logits(rows[mine])), strict=True):
            best = int(row.argmax())
            predictions.append(_Prediction(int(place), examples[int(place)], names[best], float(row[best])))
    return predictions


def _pairs(predictions: Sequence[_Prediction]) -> list[Finding]:
    sizes = Counter(one.example.label for one in predictions)
    taken: dict[tuple[str, str], list[_Prediction]] = defaultdict(list)
    for one in predictions:
        if one.label != one.example.label:
            taken[one.example.label, one.label].append(one)
    return [
        _confusable(label, other, sorted(wrong, key=lambda one: -one.confidence), sizes[label])
        for (label, other), wrong in taken.items()
        if len(wrong) >= max(3, _CONFUSED * sizes[label])
    ]


def _confusable(label: str, other: str, wrong: Sequence[_Prediction], size: int) -> Finding:
    shown = tuple(one.example for one in wrong[:_SHOWN])
    return Finding(
        "confusable",
        f"{len(wrong)} of {size} examples of '{label}' read as '{other}', e.g. {shown[0].text!r}",
        "Write down what tells the two apart, check these against it, and add pairs that differ just there.",
        (label, other),
        shown,
        round(len(wrong) / size, 3),
    )


def _doubtful(predictions: Sequence[_Prediction], nearest: dict[int, str]) -> list[Finding]:
    return [
        Finding(
            "doubtful",
            f"{one.example.text!r} stands under '{one.example.label}' and reads as '{one.label}'",
            "Move it if it was a slip; keep it if it is right, and write more like it.",
            (one.example.label, one.label),
            (one.example,),
            round(one.confidence, 3),
        )
        for one in predictions
        if one.label != one.example.label and one.confidence >= _SURE and nearest[one.place] == one.label
    ]
