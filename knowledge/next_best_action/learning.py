"""What the bandits learn: a Bayesian linear regression of the reward on an action's features.

Source: L. Li, W. Chu, J. Langford, R. Schapire, "A Contextual-Bandit Approach to Personalized News Article
Recommendation" (2010); updates by the Sherman–Morrison formula, so that a round costs d² and no matrix is inverted.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from knowledge.customers.transactions import Floats


@dataclass(frozen=True)
class Linear:
    """With d features: `inverse` is (λI + Σ x xᵀ)⁻¹, (d, d); `moment` is Σ reward · x, (d,)."""

    inverse: Floats
    moment: Floats

    @classmethod
    def fresh(cls, size: int, ridge: float = 1.0) -> Self:
        return cls(np.eye(size) / ridge, np.zeros(size))

    @property
    def weights(self) -> Floats:
        """(d,)"""
        weights: Floats = self.inverse @ self.moment
        return weights

    def mean(self, rows: Floats) -> Floats:
        """(k,) the reward expected of each of `rows`, (k, d)."""
        mean: Floats = rows @ self.weights
        return mean

    def width(self, rows: Floats) -> Floats:
        """(k,) how unsure that is, as a standard deviation in units of the reward's noise."""
        width: Floats = np.sqrt(np.einsum("kd,kd->k", rows @ self.inverse, rows))
        return width

    def learned(self, row: Floats, reward: float) -> Self:
        """One more observation: `row` is (d,)."""
        moved = self.inverse @ row
        inverse = self.inverse - np.outer(moved, moved) / (1 + row @ moved)
        return type(self)(inverse, self.moment + reward * row)

    def to_json(self) -> dict[str, Any]:
        return {"inverse": self.inverse.tolist(), "moment": self.moment.tolist()}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(np.array(stored["inverse"], float), np.array(stored["moment"], float))
