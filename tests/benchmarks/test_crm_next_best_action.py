"""The figures of docs/next-best-action.md, on the shared data; and that the problem they come from leaks nothing."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.crm._category_proxy import CUTS, FEATURES, Snapshot, snapshots
from benchmarks.crm._category_proxy import _Days as Days
from benchmarks.crm._category_proxy import _features as features
from benchmarks.crm.next_best_action import _log, greedy, logging_policies, main
from benchmarks.crm.next_best_action import _played as played
from knowledge.next_best_action.bandits import LinUCB, Thompson, Uniform
from knowledge.next_best_action.evaluation.overlap import overlap
from knowledge.next_best_action.learning import Linear


@pytest.fixture(scope="module")
def rounds(shared_data: Path) -> list[Snapshot]:
    return list(snapshots(shared_data))


def test_the_problem_is_the_one_of_the_baselines(rounds: list[Snapshot]) -> None:
    *learning, test = rounds
    rewards = np.concatenate([snapshot.reward for snapshot in learning])
    assert len(rewards) == 12_152 and len(test.reward) == 2_461
    assert rewards.mean() == pytest.approx(0.20, abs=0.002)
    best = rewards.mean(axis=0).argmax()
    assert test.reward[:, best].mean() == pytest.approx(0.241, abs=0.001)


def test_the_bandits_reach_the_aim_with_propensities_that_have_a_floor(rounds: list[Snapshot]) -> None:
    learning = rounds[:-1]
    assert played(Uniform(), learning, 1)[0] < 0.21
    for policy in (LinUCB(Linear.fresh(len(FEATURES))), Thompson(Linear.fresh(len(FEATURES)))):
        assert played(policy, learning, 2)[0] >= 0.388
    assert played(LinUCB(Linear.fresh(len(FEATURES)), explore=0.0), learning, 2)[0] >= 0.394


def test_only_the_near_deterministic_log_is_refused(rounds: list[Snapshot]) -> None:
    *learning, test = rounds
    target = greedy(learning, test)
    refused = {
        name: bool(overlap(_log(logged, test, 1), target).problems())
        for name, logged in logging_policies(learning, test).items()
    }
    assert list(refused.values()) == [False, False, True]


def test_what_comes_at_or_after_the_cut_changes_no_feature() -> None:
    random, count = np.random.default_rng(1), 4000
    household, category = random.integers(0, 50, count, np.int32), random.integers(-1, 12, count, np.int32)
    days = Days(household, category, random.integers(0, 366, count, np.int32), 50)
    for cut in CUTS:
        known = days.day < cut
        before = Days(days.household[known], days.category[known], days.day[known], 50)
        np.testing.assert_array_equal(features(days, cut), features(before, cut))


def test_without_the_data_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(tmp_path)
    assert "no Complete Journey" in capsys.readouterr().out
