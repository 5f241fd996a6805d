"""The parts that segments are made of, held against other people's code and plain sums."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from knowledge.segmentation.archetypes import ARCHETYPES, named
from knowledge.segmentation.choosing import Candidate, choose
from knowledge.segmentation.line import k_means, spread_within
from knowledge.segmentation.stability import adjusted_rand, eta_squared


def candidate(k: int, ari: float, eta: float | None, smallest: int = 100) -> Candidate:
    return Candidate(k, 0.5, 0.1, ari, ari - 0.1, smallest, eta)


def test_k_says_as_much_as_any_that_keeps() -> None:
    found = [candidate(3, 0.97, 0.40), candidate(4, 0.95, 0.444), candidate(5, 0.92, 0.445), candidate(6, 0.95, 0.60)]
    assert choose(found).k == 4


def test_without_a_stable_k_the_most_stable_is_taken() -> None:
    assert choose([candidate(2, 0.8, 0.3), candidate(3, 0.84, 0.3), candidate(4, 0.5, 0.9)]).k == 3


def test_a_young_shop_takes_the_finest_stable_one() -> None:
    assert choose([candidate(2, 0.99, None), candidate(3, 0.95, None), candidate(4, 0.7, None)]).k == 3


def test_rungs_of_fewer_than_five_are_not_chosen() -> None:
    assert choose([candidate(2, 0.95, 0.1), candidate(3, 0.99, 0.9, smallest=4)]).k == 2


@pytest.mark.parametrize("k", [2, 4, 6])
def test_k_means_on_a_line_is_k_means(k: int) -> None:
    chance = np.random.default_rng(k)
    positions = np.concatenate([chance.normal(centre, 0.5, 300) for centre in (-3, 0, 4)])
    theirs = KMeans(k, n_init=20, random_state=0).fit(positions[:, None])
    ours = spread_within(positions, k_means(positions, k))
    assert ours <= 1.15 * theirs.inertia_ / len(positions)


def test_counting_a_customer_twice_is_having_two() -> None:
    chance = np.random.default_rng(0)
    positions = chance.normal(size=200)
    counts = chance.integers(0, 4, 200).astype(float)
    twice = np.repeat(positions, counts.astype(int))
    assert k_means(positions, 4, counts) == pytest.approx(k_means(twice, 4), abs=0.05)


def test_where_all_stand_on_one_spot_there_is_one_rung() -> None:
    assert k_means(np.zeros(50), 4).tolist() == [0.0]


def test_agreement_is_the_adjusted_rand_index() -> None:
    chance = np.random.default_rng(1)
    first, second = chance.integers(0, 5, 500), chance.integers(0, 3, 500)
    second[:300] = first[:300]
    assert adjusted_rand(first, second) == pytest.approx(adjusted_rand_score(first, second))
    assert adjusted_rand(first, first) == 1.0


def test_eta_squared_is_one_where_the_group_says_it_all_and_nothing_by_chance() -> None:
    groups = np.repeat(["a", "b", "c"], 100)
    assert eta_squared(groups, np.repeat([1.0, 5.0, 9.0], 100)) == pytest.approx(1.0)
    assert eta_squared(groups, np.random.default_rng(2).normal(size=300)) < 0.03
    assert eta_squared(groups, np.ones(300)) == 0.0


def test_the_present_k_stays_while_it_is_nearly_as_good() -> None:
    found = [candidate(3, 0.95, 0.300), candidate(4, 0.83, 0.304), candidate(5, 0.95, 0.308)]
    assert [choose(found).k, choose(found, 3).k, choose(found, 4).k, choose(found, 5).k] == [5, 3, 4, 5]
    worse = [candidate(3, 0.95, 0.29), candidate(4, 0.75, 0.308), candidate(5, 0.95, 0.308, smallest=4)]
    assert [choose(worse, before).k for before in (4, 5, 7)] == [3, 3, 3]
    better = [candidate(3, 0.95, 0.29), candidate(5, 0.95, 0.308)]
    assert choose(better, 3).k == 5


def test_a_name_stays_while_it_fits_nearly_as_well() -> None:
    """Two rungs of which the upper stands between two archetypes, and moves a little from one night to the next."""
    lower, upper = np.array([-1.8, -1.6, -1.7]), np.array([0.4, 0.4, 0.4])
    tonight, tomorrow = np.array([lower, upper - 0.06]), np.array([lower, upper + 0.06])
    names = named(tonight)
    assert names != named(tomorrow)
    assert named(tomorrow, before=names) == names
    assert named(np.array([lower, [0.7, 1.4, 1.2]]), before=names)[1] == "champions"
    assert named(tonight, is_last_gone=False, before=names)[0] != "lost"
    assert named(tonight, before=("lost", "loyal", "champions")) == names


def test_names_climb_with_the_profiles_and_nobody_is_lost_too_early() -> None:
    profiles = np.array([[-1.8, -1.6, -1.7], [0.0, -0.3, -0.3], [0.7, 1.4, 1.2]])
    assert named(profiles) == ("lost", "need_attention", "champions")
    assert named(profiles, is_last_gone=False)[0] == "hibernating"
    assert named(np.vstack([profiles, [[1.0, 0.8, 0.8], [0.3, 0, 0], [0, 0, 0]]]), is_last_gone=True)[0] == "lost"


def test_every_segment_speaks_both_languages() -> None:
    for each in ARCHETYPES.values():
        assert each.name("zh") != each.name("en")
        assert len(each.about("zh")) > 15
        assert len(each.about("en")) > 40
