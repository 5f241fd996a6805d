"""Confidence where some texts belong to no label at all.

Training and development texts show few of those, so that the readers doubt too little once there are more of them. How
much more doubt makes the held-out labels likeliest is found with the outsiders among them counted as a tenth. The label
that is named never changes, and neither does what tells outsiders apart (nlu/scope.py): only the confidence does, and a
text that may well belong to no label can be named with little of it.
"""

import numpy as np

from nlu.calibration import Floats, Ints, fit_temperature, softmax

OUTSIDERS = 0.1
"""How many of the texts that a bot gets are taken to belong to no label; fixed beforehand, whatever a test holds."""
_ENOUGH = 20
_GRID = np.arange(0, 8.01, 0.25)


def doubted(logits: Floats, outside: int | None, doubt: float) -> Floats:
    """(n, labels): `doubt` is added to the out-of-scope label's column."""
    if outside is None or not doubt:
        return logits
    raised = logits.copy()
    raised[:, outside] += np.float32(doubt)
    return raised


def fit_doubt(logits: Floats, labels: Ints, outside: int | None) -> float:
    """From held-out rows; none where they hold too few outsiders to tell."""
    if outside is None or (labels == outside).sum() < _ENOUGH:
        return 0.0
    rows = as_in_life(labels, outside)

    def loss(doubt: float) -> float:
        moved, right = doubted(logits, outside, doubt)[rows], labels[rows]
        chances = softmax(moved, fit_temperature(moved, right))
        return float(-np.log(chances[np.arange(len(right)), right] + 1e-12).mean())

    return min((float(doubt) for doubt in _GRID), key=loss)


def as_in_life(labels: Ints, outside: int | None) -> Ints:
    """The rows' places, those of outsiders repeated until they are a tenth; more than that stay as they are."""
    places = np.arange(len(labels))
    strangers = places[labels == outside] if outside is not None else places[:0]
    wanted = round((len(labels) - len(strangers)) * OUTSIDERS / (1 - OUTSIDERS))
    if not len(strangers) or len(strangers) >= wanted:
        return places
    return np.concatenate([places[labels != outside], np.resize(strangers, wanted)])
