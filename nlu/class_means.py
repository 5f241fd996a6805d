"""How far a vector is from every class: Mahalanobis distance to class means under one shared, shrunk covariance.

A text that belongs to no class lies far from all of them even where the classifier is sure (Lee et al. 2018).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class ClassMeans:
    """Vectors are multiplied by `whitening` (d, d), lower triangular; `means` (classes, d) are whitened already."""

    whitening: Floats
    means: Floats

    @classmethod
    def fit(cls, vectors: Floats, labels: Ints, classes: int, shrinkage: float = 0.3) -> "ClassMeans":
        """From training vectors (n, d) and labels (n,). A class without examples is infinitely far.

        `shrinkage` pulls the covariance towards a round one, which is all that few examples support: 0 as seen,
        1 round (plain distance).
        """
        sums = np.zeros((classes, vectors.shape[1]))
        np.add.at(sums, labels, vectors)
        counts = np.bincount(labels, minlength=classes)
        means = sums / np.maximum(counts, 1)[:, None]
        spread = vectors - means[labels]
        covariance = spread.T @ spread / max(len(vectors), 1)
        size = np.trace(covariance) / len(covariance) + 1e-9
        round_one = size * np.eye(len(covariance))
        whitening = np.linalg.cholesky(np.linalg.inv((1 - shrinkage) * covariance + shrinkage * round_one))
        whitened = np.where(counts[:, None] > 0, means @ whitening, np.inf)
        return cls(whitening.astype(np.float32), whitened.astype(np.float32))

    def distances(self, vectors: Floats) -> Floats:
        """(n, classes), in standard deviations."""
        known = np.isfinite(self.means[:, 0])
        placed, means = vectors @ self.whitening, self.means[known]
        squares = (placed**2).sum(1)[:, None] - 2 * placed @ means.T + (means**2).sum(1)[None, :]
        far = np.full((len(vectors), len(self.means)), np.inf, dtype=np.float32)
        far[:, known] = np.sqrt(np.maximum(squares, 0))
        return far
