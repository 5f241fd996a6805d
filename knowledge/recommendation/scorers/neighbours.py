"""Customers who buy alike: the k nearest by cosine, and what they buy. Looked for only when asked about."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import Scores


@dataclass(frozen=True)
class Neighbourhood:
    """`unit` customers × items CSR, rows of length 1; `known` items × references CSC, the same of who may be somebody's
    neighbour; `theirs` items × references CSR, what these buy."""

    unit: Any
    known: Any
    theirs: Any
    references: Ints
    k: int

    def of(self, customers: Ints) -> Scores:
        """(len(customers), items) the weighted mean of what the nearest buy; nobody is their own neighbour."""
        alike = (self.unit[customers] @ self.known).toarray()
        alike[customers[:, None] == self.references[None, :]] = 0.0
        if self.k < alike.shape[1]:
            least = np.partition(alike, -self.k, axis=1)[:, -self.k]
            alike[alike < least[:, None]] = 0.0
        alike /= np.maximum(alike.sum(axis=1, keepdims=True), 1e-12)
        return np.asarray((self.theirs @ alike.T).T, dtype=np.float32)


def surround(vectors: Any, references: Ints, k: int) -> Neighbourhood:
    """Each customer's `k` nearest among `references`; `vectors` customers × items CSR."""
    unit = _unit(vectors)
    return Neighbourhood(unit, unit[references].T.tocsc(), vectors[references].T.tocsr(), references, k)


def _unit(matrix: Any) -> Any:
    """Rows of length 1 (empty ones stay empty)."""
    from scipy.sparse import diags

    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(norms, 1e-12)) @ matrix).astype(np.float32).tocsr()
