"""The policies. Each gives every allowed action a probability that is known exactly and never below a floor.

    Uniform          every action alike: how a shop begins
    EpsilonGreedy    the best so far, but for a share ε
    LinUCB           the highest hope: estimate + α · uncertainty (Li et al. 2010)
    Thompson         as often as an action is the best under what is still possible (Thompson 1933; Agrawal, Goyal 2013)

The textbook's LinUCB is deterministic, and what a deterministic policy logs can never judge another one. So each policy
is mixed with the uniform one: with probability `explore` any allowed action. Thompson's probabilities are counted from
draws, and the action is then drawn from these counts, so that what is logged is exact and no estimate.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol, Self

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.next_best_action.errors import PolicyError
from knowledge.next_best_action.learning import Linear

DRAWS = 256
"""Of Thompson's posterior for each choice: a probability is known to about 3 points, the one that is used exactly."""


class Policy(Protocol):
    """Immutable; what it learns is another policy."""

    @property
    def kind(self) -> str: ...

    def propensities(self, rows: Floats) -> Floats:
        """(k,) summing to 1, for the k allowed actions whose features are `rows`, (k, d)."""

    def learned(self, row: Floats, reward: float) -> Self: ...

    def to_json(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Uniform:
    kind: str = "uniform"

    def propensities(self, rows: Floats) -> Floats:
        return np.full(len(rows), 1 / len(rows))

    def learned(self, row: Floats, reward: float) -> Self:  # noqa: ARG002
        return self

    def to_json(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class EpsilonGreedy:
    model: Linear
    explore: float = 0.1
    kind: str = "epsilon_greedy"

    def propensities(self, rows: Floats) -> Floats:
        return mixed(_best(self.model.mean(rows)), self.explore)

    def learned(self, row: Floats, reward: float) -> Self:
        return replace(self, model=self.model.learned(row, reward))

    def to_json(self) -> dict[str, Any]:
        return {"model": self.model.to_json(), "explore": self.explore}


@dataclass(frozen=True)
class LinUCB:
    """`hope`: the α of the paper."""

    model: Linear
    explore: float = 0.03
    hope: float = 0.3
    kind: str = "linucb"

    def propensities(self, rows: Floats) -> Floats:
        return mixed(_best(self.model.mean(rows) + self.hope * self.model.width(rows)), self.explore)

    def learned(self, row: Floats, reward: float) -> Self:
        return replace(self, model=self.model.learned(row, reward))

    def to_json(self) -> dict[str, Any]:
        return {"model": self.model.to_json(), "explore": self.explore, "hope": self.hope}


@dataclass(frozen=True)
class Thompson:
    """`noise`: standard deviation of the reward that the posterior assumes."""

    model: Linear
    explore: float = 0.03
    noise: float = 0.3
    kind: str = "thompson"

    def propensities(self, rows: Floats) -> Floats:
        spread = self.noise * _root(rows @ self.model.inverse @ rows.T)
        drawn = self.model.mean(rows) + _standard_draws(len(rows)) @ spread.T
        counts = np.bincount(drawn.argmax(axis=1), minlength=len(rows))
        return mixed(counts / DRAWS, self.explore)

    def learned(self, row: Floats, reward: float) -> Self:
        return replace(self, model=self.model.learned(row, reward))

    def to_json(self) -> dict[str, Any]:
        return {"model": self.model.to_json(), "explore": self.explore, "noise": self.noise}


KINDS: dict[str, type[EpsilonGreedy] | type[LinUCB] | type[Thompson]] = {
    "epsilon_greedy": EpsilonGreedy,
    "linucb": LinUCB,
    "thompson": Thompson,
}


def fresh(kind: str, size: int) -> Policy:
    """A policy that has learned nothing yet, of `size` features. Raises PolicyError for a kind that there is not."""
    if kind == "uniform":
        return Uniform()
    if kind not in KINDS:
        raise PolicyError(f"there is no policy '{kind}'; there are: uniform, {', '.join(KINDS)}")
    return KINDS[kind](Linear.fresh(size))


def from_json(kind: str, stored: dict[str, Any]) -> Policy:
    """What `to_json` gave. Raises PolicyError where it isn't that."""
    policy = fresh(kind, 1)
    if isinstance(policy, Uniform):
        return policy
    try:
        return replace(policy, **{**stored, "model": Linear.from_json(stored["model"])})  # type: ignore[type-var]
    except (KeyError, TypeError, ValueError) as error:
        raise PolicyError(f"the parameters of this {kind} policy are damaged ({error}); promote another") from error


def mixed(chosen: Floats, explore: float) -> Floats:
    """(k,) `chosen`, but for a share `explore` that is spread evenly: no probability is below explore / k."""
    return (1 - explore) * chosen + explore / len(chosen)


def _best(scores: Floats) -> Floats:
    """(k,) 1 for the highest score; equals share it."""
    best = scores >= scores.max() - 1e-12
    shared: Floats = best / best.sum()
    return shared


def _root(covariance: Floats) -> Floats:
    """(k, k) with root @ rootᵀ = covariance, also where that is singular."""
    values, vectors = np.linalg.eigh(covariance)
    root: Floats = vectors * np.sqrt(np.maximum(values, 0))
    return root


@cache
def _standard_draws(size: int) -> Floats:
    """(DRAWS, size) the same for every choice: a policy's probabilities are a function of what it knows."""
    return np.random.default_rng(20261120 + size).standard_normal((DRAWS, size))
