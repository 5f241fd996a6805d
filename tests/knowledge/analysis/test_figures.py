"""Description, cohorts, concentration, trends and correlations of data whose truth is known."""

import numpy as np
import pytest

from knowledge.analysis.cohorts import cohorts
from knowledge.analysis.concentration import concentration, gini
from knowledge.analysis.correlation import COLUMNS, correlations
from knowledge.analysis.description import describe
from knowledge.analysis.trends import trend
from knowledge.customers.features import customer_features
from tests.knowledge.segmentation.shops import CUT, shop, table

CHANCE = np.random.default_rng(11)
MONDAY = 20_003.0
"""2024-10-07 is day 20,003 since 1970."""


def test_description_passes_over_what_is_missing() -> None:
    found = describe("spend", np.array([1.0, 2.0, np.nan, 6.0]))
    assert (found.count, found.missing, found.mean, found.median) == (3, 1, 3.0, 2.0)
    nothing = describe("spend", np.array([np.nan]))
    assert (nothing.count, nothing.missing, nothing.mean) == (0, 1, None)
    assert describe("spend", np.array([4.0])).deviation is None


def test_a_cohort_is_whoever_came_in_the_same_month() -> None:
    """Ten customers come in the second month, and five of them again in the third."""
    ids = [f"old{n}" for n in range(6)] + [f"new{n}" for n in range(10)] + [f"new{n}" for n in range(5)]
    days = np.concatenate([np.full(6, CUT - 89.0), np.full(10, CUT - 45.0), np.full(5, CUT - 5.0)])
    found = cohorts(table(ids, days, np.ones(len(ids))), CUT - 0.0)
    assert found is None  # 89 days are less than three months
    found = cohorts(table(ids, np.concatenate([days[:6] - 2, days[6:]]), np.ones(len(ids))), CUT)
    assert found is not None
    assert found.sizes.tolist() == [6, 10, 0]
    assert found.retained[1, :2].tolist() == [1.0, 0.5]
    assert np.isnan(found.retained[1, 2]) and np.isnan(found.retained[2]).all()
    assert found.average[1] == 0.5
    assert found.low[1] < 0.5 < found.high[1]


def test_small_cohorts_are_not_shown() -> None:
    ids = [f"old{n}" for n in range(6)] + [f"new{n}" for n in range(4)] * 2
    days = np.concatenate([np.full(6, CUT - 91.0), np.full(4, CUT - 45.0), np.full(4, CUT - 5.0)])
    found = cohorts(table(ids, days, np.ones(len(ids))), CUT)
    assert found is not None
    assert np.isnan(found.retained[1]).all()
    assert np.isnan(found.average[1:]).all()


def test_gini_of_equals_and_of_one_who_has_it_all() -> None:
    assert gini(np.full(50, 3.0)) == pytest.approx(0.0)
    assert gini(np.append(np.zeros(99), 5.0)) == pytest.approx(0.99)
    assert gini(CHANCE.exponential(size=20_000)) == pytest.approx(0.5, abs=0.01)


def test_concentration_of_equals_is_a_straight_line() -> None:
    found = concentration(np.full(100, 2.0))
    assert found is not None
    assert found.curve == pytest.approx(np.linspace(0, 1, 101))
    assert found.top_fifth is not None and found.top_fifth.value == pytest.approx(0.2)
    assert found.half_of_revenue == pytest.approx(0.5)
    assert concentration(np.zeros(10)) is None


@pytest.mark.parametrize(("customers", "tenth", "fifth"), [(5, 0, 0), (22, 0, 0), (25, 0, 1), (44, 0, 1), (50, 1, 1)])
def test_a_top_of_fewer_than_five_is_not_told(customers: int, tenth: int, fifth: int) -> None:
    found = concentration(CHANCE.exponential(size=customers))
    assert found is not None
    assert (found.top_tenth is not None, found.top_fifth is not None) == (bool(tenth), bool(fifth))


@pytest.mark.parametrize("customers", [5, 7, 12, 30])
def test_the_curve_tells_of_five_at_a_time(customers: int) -> None:
    """Money moved among the five who spend most changes nothing that is drawn."""
    spend = np.arange(1.0, customers + 1)
    alike = spend.copy()
    alike[-5:] = spend[-5:].mean()
    before, after = concentration(spend), concentration(alike)
    assert before is not None and after is not None
    assert before.curve == pytest.approx(after.curve)
    assert before.half_of_revenue == pytest.approx(after.half_of_revenue)


def daily(weeks: int, revenue: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[list[str], object, object]:
    return [f"c{n % 20}" for n in range(7 * weeks)], MONDAY + np.arange(7.0 * weeks) + 0.5, revenue


def test_weekdays_and_growth_are_found_again() -> None:
    """Saturdays sell twice the usual day; the last quarter a fifth more than the one before."""
    usual = np.array([0.9, 0.8, 0.9, 0.8, 0.8, 2.0, 0.8])
    level = np.repeat([100.0, 120.0], 13)
    revenue = (level[:, None] * usual[None]).ravel() * CHANCE.normal(1, 0.02, 26 * 7)
    ids, days, paid = daily(26, revenue)
    found = trend(table(ids, np.asarray(days), paid), MONDAY + 26 * 7)
    assert found is not None
    assert [each.value for each in found.weekday] == pytest.approx(usual.tolist(), abs=0.08)
    assert all(each.low <= each.value <= each.high for each in found.weekday)
    assert found.change is not None
    assert found.change.value == pytest.approx(0.2, abs=0.02)
    assert found.change.low > 0.1
    assert found.season == ()


def test_no_growth_is_not_reported_as_growth() -> None:
    ids, days, paid = daily(26, CHANCE.normal(100, 20, 26 * 7))
    found = trend(table(ids, np.asarray(days), paid), MONDAY + 26 * 7)
    assert found is not None and found.change is not None
    assert found.change.low < 0 < found.change.high


def test_months_are_compared_from_two_years_on() -> None:
    days = np.arange(7 * 120)
    month = (np.datetime64("2024-10-07") + days).astype("datetime64[M]").astype(int) % 12
    ids, when, paid = daily(120, np.where(month == 11, 300.0, 100.0))
    found = trend(table(ids, np.asarray(when), paid), MONDAY + 7 * 120)
    assert found is not None
    assert found.season[11] == pytest.approx(2.5, abs=0.3)
    assert max(found.season[:11]) < 1.1


def test_too_short_a_time_has_no_trend() -> None:
    ids, days, paid = daily(7, np.full(49, 5.0))
    assert trend(table(ids, np.asarray(days), paid), MONDAY + 49) is None
    ids, days, _ = daily(20, np.zeros(140))
    assert trend(table(ids, np.asarray(days)), MONDAY + 140) is None


def test_correlations_are_numpys_and_scipys() -> None:
    from scipy.stats import spearmanr

    features = customer_features(shop(), CUT)
    found = correlations(features)
    spend, orders = COLUMNS.index("spend"), COLUMNS.index("orders")
    columns = features.column("spend"), features.column("orders")
    assert found.pearson[spend, orders] == pytest.approx(np.corrcoef(*columns)[0, 1])
    assert found.spearman[orders, spend] == pytest.approx(spearmanr(*columns).statistic)
