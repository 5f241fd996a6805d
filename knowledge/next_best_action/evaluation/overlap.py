"""Is there enough in a log to judge a policy by it? Better no figure than a wrong one.

A log whose policy did nearly always the same says almost nothing about doing something else: the few choices that did
carry huge weights, the estimate swings, and its interval covers the truth less often than it says.
"""

from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.next_best_action.errors import NoOverlap
from knowledge.next_best_action.evaluation.rounds import Rounds

LEAST_ROUNDS = 200
LEAST_EFFECTIVE = 100.0
"""Choices that the weighted log is worth. Under it the intervals no longer keep what they promise (docs)."""
MOST_UNSEEN = 0.01
"""Of what the policy would do, the share that the log never could have done."""
MOST_OF_ONE = 0.05
"""Share of one choice in the sum of all weights."""
MOST_DRIFT = 4.0
"""Standard errors by which the mean weight may miss 1; more, and the logged propensities are not the true ones."""


@dataclass(frozen=True)
class Overlap:
    """`effective`: Kish's effective sample size, (Σw)² / Σw²."""

    rounds: int
    effective: float
    largest_share: float
    unseen: float
    mean_weight: float
    mean_weight_error: float

    def problems(self) -> list[str]:
        """In words; empty when the log will do."""
        checks = (
            (self.rounds < LEAST_ROUNDS, f"only {self.rounds} choices with a known reward; {LEAST_ROUNDS} are needed"),
            (self.unseen > MOST_UNSEEN, f"{self.unseen:.0%} of what it would do was never possible in the log"),
            (
                self.effective < LEAST_EFFECTIVE,
                f"the log is worth {self.effective:.0f} choices of its kind; {LEAST_EFFECTIVE:.0f} are needed",
            ),
            (self.largest_share > MOST_OF_ONE, f"one choice alone carries {self.largest_share:.0%} of all weight"),
            (
                abs(self.mean_weight - 1) > MOST_DRIFT * self.mean_weight_error + 1e-9,
                f"the weights average {self.mean_weight:.2f} instead of 1: the logged propensities can't be right",
            ),
        )
        return [words for is_wrong, words in checks if is_wrong]


def overlap(rounds: Rounds, target: Floats) -> Overlap:
    """`target`: (n, k) what the policy to be judged would do."""
    if not len(rounds):
        return Overlap(0, 0.0, 1.0, 0.0, 1.0, 0.0)
    weights = rounds.weights(target)
    total, squares = float(weights.sum()), float((weights**2).sum())
    return Overlap(
        len(rounds),
        total**2 / squares if squares else 0.0,
        float(weights.max()) / total if total else 1.0,
        float(target[rounds.logged == 0].sum() / len(rounds)),
        total / len(rounds),
        float(weights.std() / np.sqrt(len(rounds))),
    )


def require_overlap(rounds: Rounds, target: Floats) -> Overlap:
    """Raises NoOverlap saying what is missing and what to do."""
    found = overlap(rounds, target)
    if problems := found.problems():
        raise NoOverlap(
            f"This log can't judge that policy: {'; '.join(problems)}. Let the present policy explore more, or wait."
        )
    return found
