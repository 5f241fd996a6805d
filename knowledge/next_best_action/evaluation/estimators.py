"""What a policy would have earned a round: IPS, SNIPS and the doubly robust estimate, each with a 95 % interval.

Sources: D. Horvitz, D. Thompson (1952) for IPS; A. Swaminathan, T. Joachims, "The Self-Normalized Estimator for
Counterfactual Learning" (2015); M. Dudík, J. Langford, L. Li, "Doubly Robust Policy Evaluation and Learning" (2011).
"""

import math
from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.next_best_action.evaluation.rounds import Rounds

Z = 1.959964
"""Standard errors to either side of a 95 % interval."""
RESAMPLES = 1000


@dataclass(frozen=True)
class Estimate:
    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def ips(rounds: Rounds, target: Floats) -> Estimate:
    """Unbiased where the log could have done all that `target`, (n, k), would; swings with the weights."""
    return of_mean(rounds.weights(target) * rounds.reward)


def snips(rounds: Rounds, target: Floats) -> Estimate:
    """Weights that sum to 1: a little bias, less swing. The interval is that of the linearised ratio."""
    weights = rounds.weights(target)
    mean = float(weights.mean())
    value = float((weights * rounds.reward).mean() / mean) if mean else 0.0
    spread = of_mean(weights * (rounds.reward - value) / mean if mean else weights)
    return Estimate(value, value + spread.low - spread.value, value + spread.high - spread.value)


def doubly_robust(rounds: Rounds, target: Floats, predicted: Floats) -> Estimate:
    """Right when either the propensities or the model's `predicted` rewards, (n, k), are; propensities always are."""
    return of_mean(doubly_robust_scores(rounds, target, predicted))


def doubly_robust_scores(rounds: Rounds, target: Floats, predicted: Floats) -> Floats:
    """(n,) what each round adds: the model's value, put right by what really came."""
    expected = (target * predicted).sum(axis=1)
    missed = rounds.reward - predicted[np.arange(len(rounds)), rounds.action]
    scores: Floats = expected + rounds.weights(target) * missed
    return scores


def of_mean(scores: Floats) -> Estimate:
    """The mean with its normal interval."""
    value = float(scores.mean())
    half = Z * float(scores.std(ddof=1)) / math.sqrt(len(scores)) if len(scores) > 1 else math.inf
    return Estimate(value, value - half, value + half)


def bootstrap(scores: Floats, seed: int = 0) -> Estimate:
    """The mean with a percentile interval of RESAMPLES resamples: the check on the normal one where n is small."""
    random = np.random.default_rng(seed)
    means = [scores[random.integers(len(scores), size=len(scores))].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(float(scores.mean()), float(low), float(high))
