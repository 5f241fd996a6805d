"""Texts that say the same thing, found among others that do not: clusters of sentence vectors, by average linkage.

Joining all texts step by step, nearest first, makes a tree. A branch is a cluster as far as it stands out: many texts,
joined early, that nothing else joins for long (the "excess of mass" of HDBSCAN: Campello et al., 2013). Nothing is
forced into a cluster: noise stays outside.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nlu.calibration import Floats

SMALLEST = 5
"""Texts that make a cluster."""
MOST = 1_500
"""Texts that are looked at: the distances between all of them are held in memory, 9 MB."""
_FARTHEST = 0.75
"""Texts that lie further apart (in cosine distance) do not say the same thing."""
_NEAREST = 0.05
"""Texts closer than this are taken to be this far apart."""
_LEAST_GAP = 0.04
"""What joins a branch must come so much later than its own parts."""


@dataclass
class _Branch:
    """Texts that were joined at `height`; `score` is how much the best clusters in it stand out together."""

    rows: list[int]
    height: float
    best: "list[_Branch]"
    score: float = 0.0


def find_clusters(vectors: Floats, smallest: int = SMALLEST) -> list[list[int]]:
    """Rows that belong together, the largest cluster first; rows of (n, d) unit vectors, n at most `MOST`."""
    if len(vectors) < smallest:
        return []
    branches = [_Branch([row], 0.0, []) for row in range(len(vectors))]
    for one, other, height in _joins(np.clip(1 - vectors @ vectors.T, 0, 2).astype(np.float32)):
        left, right = branches[one], branches[other]
        for branch in (left, right):
            _settle(branch, height, smallest)
        branches[one] = _Branch(left.rows + right.rows, height, left.best + right.best, left.score + right.score)
    _settle(branches[one], _FARTHEST, smallest)
    return sorted((sorted(branch.rows) for branch in branches[one].best), key=lambda rows: (-len(rows), rows))


def _settle(branch: _Branch, joined_at: float, smallest: int) -> None:
    """Whether the branch is one cluster, or what is best in it, now that its end is known."""
    end = min(joined_at, _FARTHEST)
    gap = end - branch.height
    score = len(branch.rows) * (1 / max(branch.height, _NEAREST) - 1 / max(end, _NEAREST))
    if len(branch.rows) >= smallest and gap >= _LEAST_GAP and score > branch.score:
        branch.best, branch.score = [branch], score


def _joins(apart: Floats) -> Iterator[tuple[int, int, float]]:
    """(kept row, row joined to it, distance), nearest first. Uses `apart` up."""
    sizes = np.ones(len(apart))
    np.fill_diagonal(apart, np.inf)
    nearest = apart.argmin(axis=1)
    least = apart.min(axis=1)
    for _ in range(len(apart) - 1):
        one = int(least.argmin())
        other = int(nearest[one])
        yield one, other, float(least[one])
        mean = (sizes[one] * apart[one] + sizes[other] * apart[other]) / (sizes[one] + sizes[other])
        apart[one], apart[:, one] = mean, mean
        apart[other], apart[:, other], apart[one, one] = np.inf, np.inf, np.inf
        sizes[one] += sizes[other]
        stale = np.flatnonzero((nearest == one) | (nearest == other) | (apart[:, one] < least))
        for row in {one, other, *stale.tolist()}:
            nearest[row], least[row] = apart[row].argmin(), apart[row].min()
