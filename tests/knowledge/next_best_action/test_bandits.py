"""Policies: their probabilities are exact, have a floor, and they learn."""

from collections import Counter

import numpy as np
import pytest

from knowledge.customers.transactions import Floats
from knowledge.next_best_action.actions import Action
from knowledge.next_best_action.bandits import (
    EpsilonGreedy,
    LinUCB,
    Policy,
    Thompson,
    Uniform,
    fresh,
    from_json,
)
from knowledge.next_best_action.choosing import SIZE, Served, choose
from knowledge.next_best_action.context import Context
from knowledge.next_best_action.errors import PolicyError
from knowledge.next_best_action.learning import Linear

KINDS = ("uniform", "epsilon_greedy", "linucb", "thompson")
CONTEXT = Context(has_consent=True, voucher_share=0.1, has_recommendations=True, mood=0.3)


def taught(policy: Policy, seed: int = 3, size: int = 6) -> Policy:
    random = np.random.default_rng(seed)
    for _ in range(60):
        row = random.standard_normal(size)
        policy = policy.learned(row, float(row[0] > 0))
    return policy


def test_the_model_is_ridge_regression() -> None:
    random = np.random.default_rng(1)
    rows, rewards = random.standard_normal((40, 5)), random.random(40)
    model = Linear.fresh(5, ridge=2.0)
    for row, reward in zip(rows, rewards, strict=True):
        model = model.learned(row, float(reward))
    expected = np.linalg.solve(rows.T @ rows + 2.0 * np.eye(5), rows.T @ rewards)
    np.testing.assert_allclose(model.weights, expected, rtol=1e-9)
    np.testing.assert_allclose(
        model.width(rows[:1])[0] ** 2, rows[0] @ np.linalg.inv(rows.T @ rows + 2 * np.eye(5)) @ rows[0]
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("actions", [1, 2, 6])
def test_probabilities_sum_to_one_and_keep_the_floor(kind: str, actions: int) -> None:
    policy = taught(fresh(kind, 6))
    chances = policy.propensities(np.random.default_rng(5).standard_normal((actions, 6)))
    assert chances.sum() == pytest.approx(1)
    floor = getattr(policy, "explore", 1.0) / actions
    assert chances.min() >= floor - 1e-12 > 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_chosen_comes_as_often_as_its_propensity_says(kind: str) -> None:
    served = Served(taught(fresh(kind, SIZE), size=SIZE), "v1")
    random = np.random.default_rng(11)
    choices = [choose(CONTEXT, served, random) for _ in range(4000)]
    counted = Counter(choice.action for choice in choices)
    for action, chance in choices[0].propensities.items():
        assert counted[action] / 4000 == pytest.approx(chance, abs=4 * np.sqrt(0.25 / 4000))
    assert all(choice.propensity == choice.propensities[choice.action] for choice in choices)
    assert set(choices[0].propensities) == {Action.SOLVE_ONLY, Action.OFFER, Action.RECOMMEND}


@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_policy_chooses_the_same(kind: str) -> None:
    policy = taught(fresh(kind, 6))
    rows = np.random.default_rng(5).standard_normal((4, 6))
    again = from_json(policy.kind, policy.to_json())
    np.testing.assert_allclose(again.propensities(rows), policy.propensities(rows))


def test_damaged_and_unknown_policies_are_told_in_one_sentence() -> None:
    with pytest.raises(PolicyError, match="there is no policy 'ucb9'"):
        fresh("ucb9", 3)
    with pytest.raises(PolicyError, match="damaged"):
        from_json("linucb", {"explore": 0.1})


def earned(policy: Policy, rounds: int = 1500) -> float:
    """A problem with a known truth: which of three actions pays depends on the sign of a feature."""
    random, total = np.random.default_rng(2), 0.0
    for _ in range(rounds):
        x = np.array([1.0, random.standard_normal()])
        rows: Floats = np.kron(np.eye(3), x)
        pays = np.array([0.3, 0.8 if x[1] > 0 else 0.1, 0.1 if x[1] > 0 else 0.8])
        action = int(random.choice(3, p=policy.propensities(rows)))
        reward = float(random.random() < pays[action])
        policy, total = policy.learned(rows[action], reward), total + reward
    return total / rounds


@pytest.mark.parametrize("policy", [EpsilonGreedy(Linear.fresh(6)), LinUCB(Linear.fresh(6)), Thompson(Linear.fresh(6))])
def test_a_bandit_learns_what_chance_does_not(policy: Policy) -> None:
    assert earned(Uniform()) < 0.45
    assert earned(policy) > 0.68


def test_the_same_context_policy_and_chance_give_the_same_choice() -> None:
    served = Served(taught(fresh("thompson", SIZE), size=SIZE), "v1")
    first, second = (choose(CONTEXT, served, np.random.default_rng(9)) for _ in range(2))
    assert first == second and first.policy_version == "v1"
