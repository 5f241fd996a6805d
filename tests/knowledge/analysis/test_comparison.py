"""Groups that differ are found, groups that don't are left alone, small ones are not shown."""

import numpy as np
import pytest

from knowledge.analysis import effects
from knowledge.analysis.comparison import Look, compare, go_together
from knowledge.analysis.groups import favourite_category, shown
from knowledge.customers.transactions import Items
from tests.knowledge.segmentation.shops import table

CHANCE = np.random.default_rng(2)


def test_a_real_difference_is_found_among_many_looks_at_nothing() -> None:
    groups = np.array(["a", "b"])[CHANCE.integers(0, 2, 400)]
    nothing = [Look("tier", CHANCE.permutation(groups), "spend_182", CHANCE.exponential(size=400)) for _ in range(12)]
    real = Look("language", groups, "spend_182", CHANCE.exponential(size=400) + (groups == "a"))
    found = compare([*nothing, real])
    loud = [row for row in found if row.p_holm < 0.05]
    assert {row.grouping for row in loud} == {"language"}
    (only,) = loud
    sign = 1 if only.group == "a" else -1
    assert abs(only.delta.value) > 0.3
    assert min(sign * only.delta.low, sign * only.delta.high) > 0.2
    assert sign * only.g.value > 0
    assert sign * (only.median - only.others_median) > 0
    assert all(row.p <= row.p_bh + 1e-12 and row.p_bh <= row.p_holm + 1e-12 for row in found)


def test_by_chance_hardly_any_page_finds_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "RESAMPLES", 2)
    pages = 0
    for seed in range(40):
        chance = np.random.default_rng(seed)
        group = np.array(["a", "b", "c"])[chance.integers(0, 3, 150)]
        looks = [Look("tier", group, f"o{n}", chance.exponential(size=150)) for n in range(4)]
        pages += any(row.p_holm < 0.05 for row in compare(looks))
    assert pages <= 7


def test_groups_of_fewer_than_five_are_left_out() -> None:
    group = np.array(["a"] * 20 + ["b"] * 20 + ["few"] * 4 + [""] * 10)
    assert shown(group) == ["a", "b"]
    rows = compare([Look("tier", group, "spend_182", np.arange(54.0))])
    assert [(row.group, row.count, row.others_median) for row in rows] == [("a", 20, 29.5)]
    assert compare([Look("tier", np.array(["a"] * 20 + ["few"] * 4), "spend_182", np.arange(24.0))]) == []


def test_where_all_are_equal_nothing_is_found() -> None:
    group = np.array(["a", "b"] * 20)
    assert all(row.p == 1.0 for row in compare([Look("tier", group, "spend_182", np.ones(40))]))
    assert compare([]) == []


def test_groupings_that_go_together() -> None:
    tier = np.array(["gold", "basic"])[CHANCE.integers(0, 2, 300)]
    language = CHANCE.permutation(tier)
    same = np.where(tier == "gold", "yes", "no")
    found = go_together({"tier": tier, "newsletter": same, "language": language}, np.arange(300, dtype=np.int32))
    v = {(each.first, each.second): each for each in found}
    assert v["tier", "newsletter"].v > 0.98
    assert v["tier", "newsletter"].p_holm < 0.001
    assert v["tier", "language"].v < 0.2


def test_the_favourite_is_what_was_bought_most_often() -> None:
    transactions = table(["ann"] * 7 + ["bob"] * 7, np.arange(14.0) + 20_000)
    categories = np.array(["tea", "tea", "", "tea", "cups", "cups", ""])
    items = Items(np.array([f"item {n}" for n in range(7)]), categories)
    assert favourite_category(transactions, items).tolist() == ["tea", "tea"]
    assert favourite_category(transactions, Items(items.names, np.full(7, ""))).tolist() == ["", ""]
