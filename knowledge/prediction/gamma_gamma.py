"""Gamma-Gamma: what a purchase of a customer is worth, between their own average and everybody's.

Fader & Hardie, "The Gamma-Gamma model of monetary value" (2013). Amounts of one customer scatter around their own mean
(gamma p), and the means around the shop's (gamma q, v).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from knowledge.customers.transactions import Floats

FEWEST = 30
"""Customers with something paid, below which everybody gets the shop's average."""


@dataclass(frozen=True)
class GammaGamma:
    """`average`: what all customers pay for a purchase on average, for whom nothing better is known."""

    p: float
    q: float
    v: float
    average: float

    @classmethod
    def fitted(cls, purchases: Floats, mean: Floats) -> Self:
        """From how many purchases of each customer are known, and what was paid for one of them on average."""
        from scipy.optimize import minimize

        known = (mean > 0) & (purchases > 0)
        n, z = purchases[known], mean[known]
        average = float((n * z).sum() / n.sum()) if len(n) else 0.0
        if len(n) < FEWEST:
            return cls(1.0, 2.0, average, average)
        unit = z / average  # the amounts' currency must not matter
        found = minimize(_loss, np.log([2.0, 3.0, 2.0]), (n, unit), method="L-BFGS-B", bounds=[(-6.0, 6.0)] * 3)
        p, q, v = np.exp(found.x).tolist()
        return cls(p, q, v * average, average)

    def expected(self, purchases: Floats, mean: Floats) -> Floats:
        """(m,) what the next purchase will be worth."""
        if self.q <= 1.05:  # the shop's average isn't finite under such a model: each customer's own stands
            return np.where(purchases > 0, mean, self.average)
        weight = self.p * purchases / (self.p * purchases + self.q - 1)
        return np.asarray((1 - weight) * self.p * self.v / (self.q - 1) + weight * mean)


def _loss(logs: Floats, n: Floats, z: Floats) -> float:
    """Minus the log-likelihood of equation 1a, a customer."""
    from scipy.special import gammaln

    p, q, v = np.exp(logs)
    level = gammaln(p * n + q) - gammaln(p * n) - gammaln(q) + q * np.log(v)
    return float(-(level + (p * n - 1) * np.log(z) + p * n * np.log(n) - (p * n + q) * np.log(n * z + v)).mean())
