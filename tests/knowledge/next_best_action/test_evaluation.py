"""Off-policy evaluation against a truth that is known, and the logs it must refuse."""

from dataclasses import replace

import numpy as np
import pytest

from knowledge.customers.transactions import Floats
from knowledge.next_best_action.errors import NoOverlap
from knowledge.next_best_action.evaluation.estimators import (
    bootstrap,
    doubly_robust,
    doubly_robust_scores,
    ips,
    of_mean,
    snips,
)
from knowledge.next_best_action.evaluation.overlap import overlap, require_overlap
from knowledge.next_best_action.evaluation.rewards import cross_fitted
from knowledge.next_best_action.evaluation.rounds import Rounds

N, K = 1500, 4


def pays(features: Floats) -> Floats:
    """(n, k) chance of a reward: action 1 for those with a high second feature, action 2 for the others."""
    high = features[:, 1] > 0
    return np.stack(
        [np.full(len(high), 0.2), np.where(high, 0.7, 0.1), np.where(high, 0.1, 0.6), np.full(len(high), 0.3)], 1
    )


def wanted(features: Floats) -> Floats:
    """(n, k) the policy to judge: action 1 or 2, as the feature says."""
    return np.eye(K)[np.where(features[:, 1] > 0, 1, 2)]


def logged_by(chances: Floats, seed: int) -> Rounds:
    random = np.random.default_rng(seed)
    features = np.column_stack([np.ones(len(chances)), random.standard_normal(len(chances))])
    action = (random.random((len(chances), 1)) > chances.cumsum(axis=1)).sum(axis=1).clip(max=K - 1)
    reward = (random.random(len(chances)) < pays(features)[np.arange(len(action)), action]).astype(float)
    return Rounds(features, action, reward, chances)


UNIFORM = np.full((N, K), 1 / K)
SKEWED = np.tile([0.55, 0.2, 0.15, 0.1], (N, 1))
NEARLY_ALWAYS_ONE = np.tile([0.97, 0.01, 0.01, 0.01], (N, 1))
TRUTH = 0.65


@pytest.mark.parametrize("chances", [UNIFORM, SKEWED], ids=["uniform", "skewed"])
def test_every_estimator_finds_the_truth_and_its_interval_covers_it(chances: Floats) -> None:
    found: dict[str, list[tuple[float, bool]]] = {"ips": [], "snips": [], "dr": []}
    for seed in range(60):
        rounds = logged_by(chances, seed)
        target = wanted(rounds.features)
        estimates = (ips(rounds, target), snips(rounds, target), doubly_robust(rounds, target, cross_fitted(rounds)))
        for name, estimate in zip(found, estimates, strict=True):
            found[name].append((estimate.value, estimate.low <= TRUTH <= estimate.high))
    errors = {name: np.std([value for value, _ in runs]) for name, runs in found.items()}
    for name, runs in found.items():
        assert np.mean([value for value, _ in runs]) == pytest.approx(TRUTH, abs=0.02), name
        assert np.mean([covers for _, covers in runs]) >= 0.85, name
    assert max(errors["dr"], errors["snips"]) < errors["ips"]


def test_a_wrong_reward_model_does_not_mislead_the_doubly_robust_estimate() -> None:
    values = []
    for seed in range(30):
        rounds = logged_by(UNIFORM, seed)
        values.append(doubly_robust(rounds, wanted(rounds.features), np.full((N, K), 0.95)).value)
    assert np.mean(values) == pytest.approx(TRUTH, abs=0.02)


def test_the_bootstrap_agrees_with_the_normal_interval() -> None:
    rounds = logged_by(SKEWED, 1)
    scores = doubly_robust_scores(rounds, wanted(rounds.features), cross_fitted(rounds))
    normal, resampled = of_mean(scores), bootstrap(scores)
    assert resampled.low == pytest.approx(normal.low, abs=0.02)
    assert resampled.high == pytest.approx(normal.high, abs=0.02)


def test_a_near_deterministic_log_is_refused() -> None:
    rounds = logged_by(NEARLY_ALWAYS_ONE, 1)
    with pytest.raises(NoOverlap, match=r"worth \d+ choices"):
        require_overlap(rounds, wanted(rounds.features))


def test_a_log_that_could_not_have_done_it_is_refused() -> None:
    rounds = logged_by(np.tile([0.5, 0.5, 0.0, 0.0], (N, 1)), 1)
    with pytest.raises(NoOverlap, match="never possible"):
        require_overlap(rounds, wanted(rounds.features))


def test_a_log_with_wrong_propensities_is_refused() -> None:
    rounds = logged_by(SKEWED, 1)
    with pytest.raises(NoOverlap, match="can't be right"):
        require_overlap(replace(rounds, logged=SKEWED[:, ::-1].copy()), np.tile(np.eye(K)[0], (N, 1)))


def test_a_short_and_an_empty_log_are_refused() -> None:
    for size in (0, 50):
        rounds = logged_by(UNIFORM[:size], 1)
        with pytest.raises(NoOverlap, match=f"only {size} choices"):
            require_overlap(rounds, wanted(rounds.features))


def test_the_log_of_a_policy_itself_is_worth_all_its_rounds() -> None:
    rounds = logged_by(SKEWED, 1)
    found = overlap(rounds, SKEWED)
    assert found.effective == pytest.approx(N) and not found.problems()
    assert ips(rounds, SKEWED).value == pytest.approx(rounds.reward.mean())


def test_a_prediction_never_saw_its_own_round() -> None:
    rounds = logged_by(UNIFORM, 1)
    before = cross_fitted(rounds)
    changed = rounds.reward.copy()
    changed[7] += 100
    after = cross_fitted(replace(rounds, reward=changed))
    np.testing.assert_array_equal(before[7], after[7])
    assert not np.allclose(before, after)
