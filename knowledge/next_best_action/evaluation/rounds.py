"""Logged choices as arrays, and what another policy would have done in the same places."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Floats
from knowledge.next_best_action.actions import Action
from knowledge.next_best_action.bandits import Policy
from knowledge.next_best_action.choosing import action_rows
from knowledge.next_best_action.context import vector
from knowledge.next_best_action.schema import DecisionRow

Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Rounds:
    """n choices among k actions. What the rules forbade has probability 0."""

    features: Floats
    """(n, p) of the context."""
    action: Places
    """(n,) what was done."""
    reward: Floats
    """(n,)"""
    logged: Floats
    """(n, k) how likely each action was when the choice was made."""

    def __len__(self) -> int:
        return len(self.action)

    @property
    def propensity(self) -> Floats:
        """(n,) of what was done."""
        chances: Floats = self.logged[np.arange(len(self)), self.action]
        return chances

    def weights(self, target: Floats) -> Floats:
        """(n,) how much likelier `target`, (n, k), makes what was done."""
        weights: Floats = target[np.arange(len(self)), self.action] / self.propensity
        return weights


def rounds_of(rows: Sequence[DecisionRow]) -> Rounds:
    """The log's rows, those with a reward only."""
    known = [row for row in rows if row.reward is not None]
    order = list(Action)
    logged = np.array([[row.propensities.get(action.value, 0.0) for action in order] for row in known])
    return Rounds(
        np.array([vector(row.features) for row in known]).reshape(len(known), -1),
        np.array([order.index(Action(row.action)) for row in known], dtype=np.intp),
        np.array([row.reward for row in known], dtype=np.float64),
        logged.reshape(len(known), len(order)),
    )


def would_do(policy: Policy, rows: Sequence[DecisionRow]) -> Floats:
    """(n, k) the probabilities `policy` gives to what the rules left, for the rows with a reward."""
    known = [row for row in rows if row.reward is not None]
    order = list(Action)
    chances = np.zeros((len(known), len(order)))
    for number, row in enumerate(known):
        allowed = tuple(action for action in order if action.value in row.propensities)
        places = [order.index(action) for action in allowed]
        chances[number, places] = policy.propensities(action_rows(row.features, allowed))
    return chances
