"""Customers who buy alike: the k nearest by cosine, and what they buy."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import Scores

CHUNK = 512


@dataclass(frozen=True)
class Neighbourhood:
    """`weights` (customers, references) CSR, rows adding up to 1; `theirs` items × references."""

    weights: Any
    theirs: Any

    def of(self, customers: Ints) -> Scores:
        """(len(customers), items) the weighted mean of what the nearest buy."""
        return np.asarray((self.theirs @ self.weights[customers].toarray().T).T, dtype=np.float32)


def surround(vectors: Any, references: Ints, k: int) -> Neighbourhood:
    """Each customer's `k` nearest among `references`, themselves left out; `vectors` customers × items CSR."""
    from scipy.sparse import vstack

    unit = _unit(vectors)
    known = unit[references].T.tocsc()
    starts = range(0, max(1, unit.shape[0]), CHUNK)
    weights = vstack([_nearest(unit[start : start + CHUNK], start, known, references, k) for start in starts])
    return Neighbourhood(weights.tocsr(), vectors[references].T.tocsr())


def _unit(matrix: Any) -> Any:
    """Rows of length 1 (empty ones stay empty)."""
    from scipy.sparse import diags

    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(norms, 1e-12)) @ matrix).astype(np.float32).tocsr()


def _nearest(rows: Any, start: int, known: Any, references: Ints, k: int) -> Any:
    from scipy.sparse import csr_matrix

    alike = (rows @ known).toarray()
    alike[np.arange(start, start + len(alike))[:, None] == references[None, :]] = 0.0
    count = min(k, alike.shape[1])
    best = np.argpartition(-alike, max(0, count - 1), axis=1)[:, :count]
    weights = np.take_along_axis(alike, best, axis=1)
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    ends = np.arange(len(alike) + 1) * count
    return csr_matrix((weights.ravel(), best.ravel(), ends), shape=alike.shape)
