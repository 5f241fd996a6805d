"""ALS: customers and items as points of one space, fitted in turns to what was bought and what was not.

Hu, Koren, Volinsky: "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008; each turn solved by a few
steps of conjugate gradients for all rows at once (Takács, Pilászy, Tikk, RecSys 2011).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.customers.transactions import Ints
from knowledge.recommendation.history import History, Scores

DAYS = 180.0
FACTORS, ROUNDS, STEPS = 64, 8, 3
TRUST, PENALTY = 4.0, 5.0
"""How much a purchase weighs beside none, and what keeps the points small."""


@dataclass(frozen=True)
class Als:
    people: Scores
    things: Scores

    def of(self, customers: Ints) -> Scores:
        return np.asarray(self.people[customers] @ self.things.T, dtype=np.float32)


def fit(history: History, days: float = DAYS, seed: int = 0) -> Als:
    rng = np.random.default_rng(seed)
    trust = history.matrix(TRUST * history.decayed(days))
    people = rng.normal(0, 0.01, (history.customers, FACTORS)).astype(np.float32)
    things = rng.normal(0, 0.01, (history.items, FACTORS)).astype(np.float32)
    turned = trust.T.tocsr()
    for _ in range(ROUNDS):
        people = _solved(trust, people, things)
        things = _solved(turned, things, people)
    return Als(people, things)


def _solved(trust: Any, points: Scores, fixed: Scores) -> Scores:
    """Points nearer to the least squares solution with the other side fixed."""
    rows = np.repeat(np.arange(trust.shape[0]), np.diff(trust.indptr))
    square = fixed.T @ fixed + PENALTY * np.eye(FACTORS, dtype=np.float32)

    def applied(given: Scores) -> Scores:
        inner = np.einsum("ij,ij->i", given[rows], fixed[trust.indices])
        return np.asarray(given @ square + _like(trust, trust.data * inner) @ fixed)

    left = _like(trust, trust.data + 1) @ fixed - applied(points)
    step, size = left.copy(), (left * left).sum(axis=1, keepdims=True)
    for _ in range(STEPS):
        through = applied(step)
        far = size / np.maximum((step * through).sum(axis=1, keepdims=True), 1e-12)
        points, left = points + far * step, left - far * through
        smaller = (left * left).sum(axis=1, keepdims=True)
        step, size = left + smaller / np.maximum(size, 1e-12) * step, smaller
    return points


def _like(trust: Any, values: Scores) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix((values, trust.indices, trust.indptr), shape=trust.shape)
