"""How much each reader's word counts: the weights under which the right labels are likeliest."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.calibration import Floats, Ints, softmax

_STEPS = 400
_SMALLEST, _LARGEST = 1e-3, 50.0


def blended(logits: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """The weighted sum of the readers' logits; close to calibrated already."""
    weighted = [np.float32(weight) * rows for weight, rows in zip(weights, logits, strict=True)]
    return np.asarray(np.sum(weighted, axis=0), dtype=np.float32)


def fit_weights(logits: Sequence[Floats], labels: Ints) -> tuple[float, ...]:
    """One weight a reader, none negative; they hold the temperature too. Rows of unknown label (-1) count nothing.

    The loss is convex in the weights, so that a plain descent with halving steps finds the one best answer.
    """
    known = labels >= 0
    stacked = np.stack([rows[known] for rows in logits]).astype(np.float64)
    targets = labels[known]
    weights = np.full(len(logits), 1.0 / len(logits))
    if not len(targets):
        return tuple(float(weight) for weight in weights)
    loss, slope = _loss(stacked, targets, weights)
    step = 1.0
    for _ in range(_STEPS):
        moved = np.clip(weights - step * slope, 0.0, _LARGEST)
        moved_loss, moved_slope = _loss(stacked, targets, moved)
        if moved_loss < loss:
            weights, loss, slope, step = moved, moved_loss, moved_slope, step * 1.5
        else:
            step *= 0.5
        if step < 1e-9:
            break
    return tuple(float(weight) if weight > _SMALLEST else 0.0 for weight in weights)


def _loss(
    stacked: NDArray[np.float64], targets: Ints, weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """The mean negative log-likelihood and its slope in the weights."""
    rows = np.arange(len(targets))
    mixed = np.tensordot(weights, stacked, axes=1)
    chances = softmax(mixed.astype(np.float32)).astype(np.float64)
    gaps = stacked - stacked[:, rows, targets][:, :, None]
    return float(-np.log(chances[rows, targets] + 1e-12).mean()), (chances[None] * gaps).sum(2).mean(1)
