"""What every fitted model can do."""

from pathlib import Path
from typing import Protocol

import numpy as np

from knowledge.customers.transactions import Floats

LEAST_CHANCE = 1e-5
LEAST_AMOUNT = 1e-4
MOST_CERTAIN = 30.0
"""Nothing is impossible, and logs of 0 are of no use."""


class Scorer(Protocol):
    def scores(self, values: Floats) -> Floats:
        """(m, f) features → (m,) scores."""

    def contributions(self, values: Floats) -> Floats:
        """(m, f + 1): what each feature adds to the score, and last what everybody has; rows add up to `scores`."""

    def save(self, stem: Path) -> None:
        """Written as a file `stem` with an ending of the family's own."""


def log_odds(chances: Floats) -> Floats:
    kept = np.clip(chances, LEAST_CHANCE, 1 - LEAST_CHANCE)
    return np.asarray(np.log(kept / (1 - kept)))


def chances(scores: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -MOST_CERTAIN, MOST_CERTAIN))))


def logs(amounts: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(amounts, LEAST_AMOUNT)))
