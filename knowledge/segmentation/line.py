"""k-means on a line: on sorted positions a cluster is a stretch, so one pass costs k searches, not m × k distances."""

import numpy as np

from knowledge.customers.transactions import Floats

MOST_ROUNDS = 300


def k_means(positions: Floats, k: int, counts: Floats | None = None) -> Floats:
    """(k,) centres, ascending (fewer where there are fewer different positions). Deterministic.

    Lloyd's rounds from stretches of equal size. `counts` (m,): how often each position counts.
    """
    order = np.argsort(positions, kind="stable")
    sorted_ = positions[order]
    weight = np.ones(len(sorted_)) if counts is None else counts[order]
    reached = np.concatenate([[0.0], np.cumsum(weight)])
    moment = np.concatenate([[0.0], np.cumsum(weight * sorted_)])
    cuts = np.searchsorted(reached[1:], np.arange(1, k) / k * reached[-1])
    for _ in range(MOST_ROUNDS):
        edges = np.unique(np.concatenate([[0], cuts, [len(sorted_)]]))
        inside = np.diff(reached[edges])
        centres = np.diff(moment[edges])[inside > 0] / inside[inside > 0]
        moved = np.searchsorted(sorted_, borders(centres), side="right")
        if len(moved) == len(cuts) and (moved == cuts).all():
            break
        cuts = moved
    return np.unique(centres)


def borders(centres: Floats) -> Floats:
    """(k-1,) halfway between neighbouring centres."""
    return (centres[1:] + centres[:-1]) / 2


def spread_within(positions: Floats, centres: Floats) -> float:
    """Mean squared distance to the own centre: what the elbow is read from."""
    own = centres[np.searchsorted(borders(centres), positions)]
    return float(np.mean((positions - own) ** 2))
