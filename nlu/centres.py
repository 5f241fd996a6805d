"""A few points that many vectors lie around (spherical k-means)."""

import numpy as np

from nlu.calibration import Floats

CENTRES = 12
_ROUNDS = 15
_LEAST = 10
"""Vectors that a centre must stand for."""


def fit_centres(vectors: Floats, count: int = CENTRES, seed: int = 0) -> Floats:
    """(k, d) unit rows, k at most `count` and fewer for few vectors. The same for the same vectors and seed."""
    count = max(1, min(count, len(vectors) // _LEAST))
    centres = _spread(vectors, count, np.random.default_rng(seed))
    for _ in range(_ROUNDS):
        nearest = (vectors @ centres.T).argmax(axis=1)
        means = np.stack([_mean(vectors[nearest == at], centres[at]) for at in range(count)])
        if np.allclose(means, centres, atol=1e-5):
            break
        centres = means
    return centres


def distances(vectors: Floats, centres: Floats) -> Floats:
    """(n, k): 0 is the same direction, 2 the opposite one."""
    return np.asarray(1 - vectors @ centres.T, dtype=np.float32)


def _spread(vectors: Floats, count: int, chance: np.random.Generator) -> Floats:
    """Beginnings that lie apart (k-means++)."""
    chosen = [int(chance.integers(len(vectors)))]
    while len(chosen) < count:
        far = np.maximum(distances(vectors, vectors[chosen]).min(axis=1), 0).astype(np.float64) ** 2
        total = float(far.sum())
        chosen.append(int(chance.choice(len(vectors), p=far / total)) if total > 0 else chosen[-1])
    return vectors[chosen]


def _mean(vectors: Floats, otherwise: Floats) -> Floats:
    mean = vectors.sum(axis=0)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length, dtype=np.float32) if length > 0 else otherwise
