"""Customers who buy alike: the k nearest by cosine, as a sparse matrix of weights that add up to 1."""

from typing import Any

import numpy as np

from knowledge.customers.transactions import Ints

CHUNK = 512


def normalised(matrix: Any) -> Any:
    """Rows of length 1 (empty ones stay empty)."""
    from scipy.sparse import diags

    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return diags(1 / np.maximum(norms, 1e-12)).astype(np.float32) @ matrix


def nearest(vectors: Any, references: Ints, k: int) -> Any:
    """customers × customers CSR: each one's `k` nearest among `references`, themselves left out."""
    from scipy.sparse import csr_matrix, vstack

    unit = normalised(vectors)
    known = unit[references].T.tocsc()
    blocks = []
    for start in range(0, unit.shape[0], CHUNK):
        alike = (unit[start : start + CHUNK] @ known).toarray()
        rows = np.arange(start, start + len(alike))
        alike[rows[:, None] == references[None, :]] = 0.0
        count = min(k, alike.shape[1])
        best = np.argpartition(-alike, count - 1, axis=1)[:, :count] if count else np.zeros((len(alike), 0), dtype=int)
        weights = np.take_along_axis(alike, best, axis=1)
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
        ends = np.arange(len(alike) + 1) * count
        blocks.append(csr_matrix((weights.ravel(), references[best].ravel(), ends), shape=(len(alike), unit.shape[0])))
    return vstack(blocks).tocsr() if blocks else csr_matrix((0, 0), dtype=np.float32)
