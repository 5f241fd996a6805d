"""EASE: the linear model of items by items that reproduces what customers bought, solved exactly on the smaller side.

Steck: "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019. With X customers × items and
M = (XX' + λ)⁻¹ its scores are X - M X diag(1/d), d_j = (1 - x_j' M x_j) / λ · λ: a matrix of customers, never of items.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import History, Scores

DAYS = 60.0
PENALTY = 30.0
ONCE_PENALTY = 3.0
"""Times the different items that a customer has bought on average: so it fits shops of any size."""
MOST_CUSTOMERS = 5000
CHUNK = 512


@dataclass(frozen=True)
class Ease:
    """`x`: customers × items; `x` of the references R is what was learned from; `inverse` (R, R); `scale` (items,)."""

    x: Any
    known: Any
    inverse: Scores
    scale: Scores

    def of(self, customers: Ints) -> Scores:
        """x_u B with B = I - P diag(1/diag P): for any customer, also one that was not learned from."""
        rows = self.x[customers]
        through = np.asarray((rows @ self.known.T).toarray() @ self.inverse, dtype=np.float32)
        back = np.asarray((self.known.T @ through.T).T)
        own = rows.toarray()
        return np.asarray(own - (own - back) * self.scale, dtype=np.float32)


def fit(history: History, references: Ints) -> Ease:
    """By how often and how lately: what is bought again. `references`: the customers it learns from, a few thousand at
    most (their matrix is inverted)."""
    return solve(history.matrix(history.decayed(DAYS)), references, PENALTY)


def fit_once(history: History, references: Ints) -> Ease:
    """However often and whenever it was bought: what else such customers try."""
    x = history.matrix(np.ones(len(history.pairs.item)))
    return solve(x, references, ONCE_PENALTY * max(1.0, x[references].nnz / max(1, len(references))))


def solve(x: Any, references: Ints, penalty: float) -> Ease:
    """`x`: customers × items CSR."""
    known = x[references]
    gram = np.asarray((known @ known.T).toarray(), dtype=np.float64)
    gram[np.diag_indices_from(gram)] += penalty
    inverse = np.linalg.inv(gram).astype(np.float32)
    explained = np.zeros(x.shape[1], dtype=np.float32)
    for start in range(0, len(references), CHUNK):
        rows = known[start : start + CHUNK]
        spread = np.asarray((known.T @ inverse[start : start + CHUNK].T).T)
        explained += np.asarray(rows.multiply(spread).sum(axis=0)).ravel()
    return Ease(x, known, inverse, np.asarray(1 / np.maximum(1 - explained, 1e-6), dtype=np.float32))
