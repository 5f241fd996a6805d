"""BG/NBD: how often somebody buys, and whether they have left, from three figures of each customer.

Fader, Hardie & Lee, "Counting your customers the easy way: an alternative to the Pareto/NBD model", Marketing Science
24 (2005). Purchases come at a customer's own rate (rates: gamma r, alpha); after each of them the customer leaves for
good with a probability of their own (beta a, b).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from knowledge.customers.transactions import Floats

MOST_CUSTOMERS = 5_000
"""That many tell four parameters well enough."""
CERTAIN = 200
"""Below so many customers a weak belief about the parameters is added: a handful can't tell four of them."""
USUAL = np.log([0.5, 4.0, 1.0, 2.5])
"""What is believed of r, alpha (in average gaps), a and b."""
STARTS = ((0.0, 0.0, 0.0, 0.0), (-1.0, 1.5, 0.0, 1.0))


@dataclass(frozen=True)
class BgNbd:
    """Times are in weeks. Counts: x repeat purchases, the last one at t_x, first seen T ago."""

    r: float
    alpha: float
    a: float
    b: float

    @classmethod
    def fitted(cls, x: Floats, t_x: Floats, T: Floats) -> Self:
        """By maximum likelihood, or what is believed where there are too few customers."""
        from scipy.optimize import minimize

        if len(x) > MOST_CUSTOMERS:
            some = np.random.default_rng(0).choice(len(x), MOST_CUSTOMERS, replace=False)
            x, t_x, T = x[some], t_x[some], T[some]
        usual = USUAL + np.array([0.0, np.log(_usual_gap(x, t_x, T)), 0.0, 0.0])
        belief = max(0.0, 1 - len(x) / CERTAIN)

        def loss(logs: Floats) -> float:
            return float(-_log_likelihood(logs, x, t_x, T).mean() + belief * ((logs - usual) ** 2).sum() / len(x))

        starts = [usual] if belief else [np.array(start) for start in STARTS]
        found = [minimize(loss, start, method="L-BFGS-B", bounds=[(-8.0, 8.0)] * 4) for start in starts]
        return cls(*np.exp(min(found, key=lambda one: float(one.fun)).x).tolist())

    def alive(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """(m,) the probability that the customer hasn't left."""
        gone = self.a / (self.b + np.maximum(x, 1) - 1)
        growth = (self.r + x) * (np.log(self.alpha + T) - np.log(self.alpha + t_x))
        return np.asarray(1 / (1 + np.where(x > 0, gone * np.exp(np.minimum(growth, 700.0)), 0.0)))

    def silent(self, x: Floats, t_x: Floats, T: Floats, weeks: float) -> Floats:
        """(m,) the probability of no purchase in the next `weeks`."""
        waiting = ((self.alpha + T) / (self.alpha + T + weeks)) ** (self.r + x)
        return np.asarray(1 - self.alive(x, t_x, T) * (1 - waiting))

    def expected(self, x: Floats, t_x: Floats, T: Floats, weeks: float) -> Floats:
        """(m,) purchases to expect in the next `weeks` (equation 10 of the paper)."""
        from scipy.special import hyp2f1

        a = self.a if abs(self.a - 1) > 1e-4 else 1.0001  # the formula has a removable hole at 1
        left = hyp2f1(self.r + x, self.b + x, a + self.b + x - 1, weeks / (self.alpha + T + weeks))
        decay = ((self.alpha + T) / (self.alpha + T + weeks)) ** (self.r + x)
        grown = (a + self.b + x - 1) / (a - 1) * (1 - decay * left)
        return np.asarray(np.maximum(grown, 0.0) * self.alive(x, t_x, T))


def _usual_gap(x: Floats, t_x: Floats, T: Floats) -> float:
    """Weeks between two purchases, on the whole; the time seen so far where nobody came back."""
    repeats = float(x.sum())
    return max(0.1, float(t_x.sum()) / repeats if repeats else float(T.mean()))


def _log_likelihood(logs: Floats, x: Floats, t_x: Floats, T: Floats) -> Floats:
    """(m,) equation 6 of the paper."""
    from scipy.special import gammaln

    r, alpha, a, b = np.exp(logs)
    rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    leaving = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    stayed = -(r + x) * np.log(alpha + T)
    left = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x)
    return np.asarray(rate + leaving + np.logaddexp(stayed, np.where(x > 0, left, -np.inf)))
