"""Cuts training data deterministically: every label on both sides, and equal texts on the same side."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.classification.texts import LabelledTexts
from nlu.components.normalizer import fold


def folds(examples: LabelledTexts, count: int) -> NDArray[np.int64]:
    """Each row's fold, 0 to count - 1. Labels are spread evenly; a text that occurs twice stays in one fold."""
    by_label: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    owners: dict[str, str] = {}
    for row, (text, label) in enumerate(zip(examples.texts, examples.labels, strict=True)):
        key = fold(text).lower().strip()
        by_label[owners.setdefault(key, label)][key].append(row)
    assigned = np.zeros(len(examples), dtype=np.int64)
    turn = 0
    for label in sorted(by_label):
        for key in sorted(by_label[label], key=_digest):
            assigned[by_label[label][key]] = turn % count
            turn += 1
    return assigned


def grouped_folds(groups: Sequence[str], count: int) -> NDArray[np.int64]:
    """Each row's fold where rows of one group (a dialogue, a customer) must stay together."""
    ordered = sorted(set(groups), key=_digest)
    places = {group: place % count for place, group in enumerate(ordered)}
    return np.array([places[group] for group in groups], dtype=np.int64)


def few_per_label(examples: LabelledTexts, shots: int, seed: int) -> LabelledTexts:
    """`shots` texts of each label, drawn without replacement."""
    labels = np.array(examples.labels)
    rng = np.random.default_rng(seed)
    rows = [rng.permutation(np.flatnonzero(labels == name))[:shots] for name in examples.names]
    return examples.at(np.sort(np.concatenate(rows)))


def _digest(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
