"""One choice: the hard rules first, then the policy; with the probability that this action had."""

from dataclasses import dataclass, field

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.next_best_action.actions import Action
from knowledge.next_best_action.bandits import Policy, Uniform
from knowledge.next_best_action.context import FEATURES, Context, vector
from knowledge.next_best_action.limits import Limits, load_limits
from knowledge.next_best_action.rules import Because, allowed

SIZE = len(Action) * len(FEATURES)
"""Features of one action: the context's, at the action's own place, 0 elsewhere (a model of its own for each)."""


@dataclass(frozen=True)
class Served:
    """A policy and the version its choices are logged under."""

    policy: Policy = field(default_factory=Uniform)
    version: str = "uniform"


@dataclass(frozen=True)
class Choice:
    """`propensities`: every allowed action's probability, in the order of Action; they sum to 1."""

    action: Action
    propensity: float
    because: tuple[Because, ...]
    policy_version: str
    propensities: dict[Action, float]
    features: dict[str, float]


def choose(
    context: Context,
    served: Served,
    random: np.random.Generator,
    limits: Limits | None = None,
    possible: frozenset[Action] = frozenset(Action),
) -> Choice:
    """The same context, policy and state of `random` give the same choice. Nothing is stored: see log.py.

    `possible`: what the caller would do, SOLVE_ONLY among it; a choice that nobody acts on would spoil the log.
    """
    actions, because = allowed(context, limits or load_limits())
    actions = tuple(action for action in actions if action in possible)
    features = context.features()
    chances = served.policy.propensities(action_rows(features, actions))
    number = int(random.choice(len(actions), p=chances))
    propensities = {action: float(chance) for action, chance in zip(actions, chances, strict=True)}
    return Choice(actions[number], float(chances[number]), because, served.version, propensities, features)


def action_rows(features: dict[str, float], actions: tuple[Action, ...]) -> Floats:
    """(k, SIZE) what a policy reads for each of the k actions."""
    places = [list(Action).index(action) for action in actions]
    return np.kron(np.eye(len(Action))[places], vector(features)).astype(np.float64, copy=False)
