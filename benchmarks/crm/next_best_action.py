"""The next best action where the truth is known: learning online, judging policies by logs, a campaign's placebo."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.crm._campaign_placebo import placebo
from benchmarks.crm._category_proxy import FEATURES, Snapshot, snapshots
from knowledge.customers.transactions import Floats
from knowledge.next_best_action.bandits import EpsilonGreedy, LinUCB, Policy, Thompson, Uniform
from knowledge.next_best_action.evaluation.estimators import Estimate, doubly_robust, ips, snips
from knowledge.next_best_action.evaluation.overlap import overlap
from knowledge.next_best_action.evaluation.rewards import cross_fitted
from knowledge.next_best_action.evaluation.rounds import Rounds
from knowledge.next_best_action.learning import Linear

SEEDS = (1, 2, 3)
LOGS = 200
SIZE = len(FEATURES)


def main(data: Path) -> None:
    if not (data / "complete_journey" / "transactions.parquet").is_file():
        print(f"next best action: no Complete Journey in {data}")
        return
    *learning, test = list(snapshots(data))
    online(learning)
    estimators(learning, test)
    placebo(data)


def online(learning: list[Snapshot]) -> None:
    """Every household once a snapshot, in an order drawn anew for each seed; the reward is known at once."""
    rewards = np.concatenate([snapshot.reward for snapshot in learning])
    print(f"\nOnline, {len(rewards):,} rounds, 12 actions, mean of {len(SEEDS)} orders\n")
    print("| policy | reward a round | ms a round |\n|---|---|---|")
    print(f"| clairvoyant | {rewards.max(axis=1).mean():.3f} | |")
    print(f"| best fixed action, known beforehand | {rewards.mean(axis=0).max():.3f} | |")
    policies: dict[str, Policy] = {
        "uniform": Uniform(),
        "ε-greedy, ε .1": EpsilonGreedy(Linear.fresh(SIZE), 0.1),
        "LinUCB, deterministic (propensities 0 and 1)": LinUCB(Linear.fresh(SIZE), 0.0),
        "LinUCB, explore .03 (Kefu's default)": LinUCB(Linear.fresh(SIZE)),
        "Thompson, explore 0": Thompson(Linear.fresh(SIZE), 0.0),
        "Thompson, explore .03 (Kefu's default)": Thompson(Linear.fresh(SIZE)),
    }
    for name, policy in policies.items():
        runs = [_played(policy, learning, seed) for seed in SEEDS]
        means, speeds = zip(*runs, strict=True)
        spread = f" ({min(means):.3f}–{max(means):.3f})"
        print(f"| {name} | {np.mean(means):.3f}{spread} | {np.median(speeds):.2f} |", flush=True)


def _played(policy: Policy, learning: list[Snapshot], seed: int) -> tuple[float, float]:
    """Mean reward, milliseconds a round."""
    random = np.random.default_rng(seed)
    earned, rounds, started = 0.0, 0, time.perf_counter()
    for snapshot in learning:
        for number in random.permutation(len(snapshot.rows)).tolist():
            rows = snapshot.rows[number]
            action = int(random.choice(len(rows), p=policy.propensities(rows)))
            reward = float(snapshot.reward[number, action])
            policy = policy.learned(rows[action], reward)
            earned, rounds = earned + reward, rounds + 1
    return earned / rounds, (time.perf_counter() - started) * 1000 / rounds


def estimators(learning: list[Snapshot], test: Snapshot) -> None:
    """What a greedy policy is worth, from logs of other policies; its true worth is known."""
    target = greedy(learning, test)
    truth = float((target * test.reward).sum(axis=1).mean())
    print(f"\nEstimators, {len(test.rows):,} choices a log, {LOGS} logs; the policy's true worth is {truth:.3f}\n")
    print("| log | estimator | bias | rmse | 95 % interval covers | refused by the overlap check |")
    print("|---|---|---|---|---|---|")
    for name, logged in logging_policies(learning, test).items():
        _judged(name, logged, target, truth, test)


def greedy(learning: list[Snapshot], test: Snapshot) -> Floats:
    """(n, 12) the best of a ridge regression on the earlier snapshots, all actions' rewards seen."""
    rows = np.concatenate([snapshot.rows for snapshot in learning]).reshape(-1, SIZE)
    rewards = np.concatenate([snapshot.reward for snapshot in learning]).ravel()
    weights = np.linalg.solve(rows.T @ rows + np.eye(SIZE), rows.T @ rewards)
    chosen: Floats = np.eye(12)[(test.rows @ weights).argmax(axis=1)]
    return chosen


def logging_policies(learning: list[Snapshot], test: Snapshot) -> dict[str, Floats]:
    """(n, 12) each: uniform; leaning to what was bought last month; nearly always the best fixed action."""
    uniform = np.full(test.reward.shape, 1 / 12)
    hopes = np.exp(2 * test.rows[:, :, FEATURES.index("bought_last_28")])
    fixed = np.zeros_like(uniform)
    fixed[:, np.mean([snapshot.reward.mean(axis=0) for snapshot in learning], axis=0).argmax()] = 1
    return {
        "uniform": uniform,
        "skewed": hopes / hopes.sum(axis=1, keepdims=True),
        "near-deterministic (95 % one action)": 0.95 * fixed + 0.05 * uniform,
    }


def _judged(name: str, logged: Floats, target: Floats, truth: float, test: Snapshot) -> None:
    ways: dict[str, Callable[[Rounds, Floats], Estimate]] = {
        "IPS": lambda rounds, _: ips(rounds, target),
        "SNIPS": lambda rounds, _: snips(rounds, target),
        "doubly robust": lambda rounds, predicted: doubly_robust(rounds, target, predicted),
        "doubly robust, wrong reward model": lambda rounds, predicted: doubly_robust(rounds, target, 1 - predicted),
        "reward model alone, wrong": lambda _, predicted: _only((target * (1 - predicted)).sum(axis=1)),
        "replay of what agrees, unweighted": lambda rounds, _: _only(rounds.reward[rounds.weights(target) > 0]),
    }
    found: dict[str, list[Estimate]] = {way: [] for way in ways}
    refused = 0
    for seed in range(LOGS):
        rounds = _log(logged, test, seed)
        predicted = cross_fitted(rounds, seed)
        refused += bool(overlap(rounds, target).problems())
        for way, estimate in ways.items():
            found[way].append(estimate(rounds, predicted))
    for way, estimates in found.items():
        errors = np.array([estimate.value for estimate in estimates]) - truth
        covered = np.mean([estimate.low <= truth <= estimate.high for estimate in estimates])
        covers = f"{covered:.0%}" if estimates[0].low < estimates[0].high else "–"
        rmse = np.sqrt(np.mean(errors**2))
        print(f"| {name} | {way} | {errors.mean():+.3f} | {rmse:.3f} | {covers} | {refused / LOGS:.0%} |", flush=True)


def _log(logged: Floats, test: Snapshot, seed: int) -> Rounds:
    random = np.random.default_rng(seed)
    action = (random.random((len(logged), 1)) > logged.cumsum(axis=1)).sum(axis=1).clip(max=11)
    return Rounds(test.flat, action, test.reward[np.arange(len(action)), action], logged)


def _only(scores: Floats) -> Estimate:
    """A mean of which no interval is claimed."""
    value = float(scores.mean())
    return Estimate(value, value, value)
