"""What a customer's visits say about when the next one is due: the features that all tasks start from.

how long ago      recency, tenure; against the customer's own gaps
how often         visits in windows, in each of the last periods, with forgetting
how regularly     gaps: mean, spread, longest, latest; how often a pause as long as this one was over soon
how much          spend, items and new items: all, lately, a visit
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Floats, Ints
from knowledge.prediction.visits import Visits

WINDOWS = (7, 14, 28, 56, 91, 182)
PERIOD_DAYS = 28
PERIODS = 6
HALF_LIVES = (10, 30, 90)
GAP_HALF_LIFE = 60
DOUBT = 2.0
"""Gaps of the average customer that are added to a customer's own: two visits say little about a rhythm."""
LEAST_DEVIATION = 0.3
LITTLE_DOUBT = 0.3
"""The same for the mean of recent gaps, in weights that fade."""


@dataclass(frozen=True)
class Rhythm:
    """One row a customer with at least one visit."""

    customers: Ints
    """(m,) numbers, ascending."""
    names: tuple[str, ...]
    values: Floats
    """(m, len(names)), never NaN."""

    @classmethod
    def of(cls, visits: Visits, usual: "UsualGap | None" = None) -> Self:
        """`usual`: of the whole shop, where these are not all its visits."""
        by = _ByCustomer.of(visits)
        columns = _sizes(by) | _counts(by) | _gaps(by, usual or UsualGap.of(visits)) | _regularity(by) | _amounts(by)
        columns |= _trends(columns)
        return cls(by.visits.customer[by.first], tuple(columns), np.column_stack(list(columns.values())))

    def column(self, name: str) -> Floats:
        return np.asarray(self.values[:, self.names.index(name)])


@dataclass(frozen=True)
class UsualGap:
    """Days between one visit and the next in a shop: the mean; mean and standard deviation of the logs."""

    mean: float
    mean_log: float
    deviation_log: float

    @classmethod
    def of(cls, visits: Visits) -> Self:
        """Where nobody came back yet: the time they have been known."""
        by = _ByCustomer.of(visits)
        gaps = -np.diff(by.age)[np.diff(by.at) == 0]
        known = gaps if len(gaps) else np.append(by.tenure, 1.0)
        logs = np.log(known)
        return cls(float(known.mean()), float(logs.mean()), max(LEAST_DEVIATION, float(logs.std())))


@dataclass(frozen=True)
class _ByCustomer:
    """The visits, and where each customer's begin and end."""

    visits: Visits
    age: Floats
    first: npt.NDArray[np.intp]
    """(m,) each customer's oldest visit; `last`: the latest."""
    last: npt.NDArray[np.intp]
    at: npt.NDArray[np.intp]
    """(n,) each visit's row in the result."""

    @classmethod
    def of(cls, visits: Visits) -> Self:
        begins = np.diff(visits.customer, prepend=-1) != 0
        first = np.flatnonzero(begins)
        last = np.append(first, len(visits))[1:] - 1
        return cls(visits, visits.age.astype(np.float64), first, last, np.cumsum(begins) - 1)

    def sum(self, weights: npt.NDArray[np.generic], at: npt.NDArray[np.intp] | None = None) -> Floats:
        """(m,) weights of visits, or of what belongs to the rows `at`, by customer."""
        sums = np.bincount(self.at if at is None else at, weights.astype(np.float64), len(self.first))
        return np.asarray(sums, dtype=np.float64)

    @property
    def recency(self) -> Floats:
        return np.asarray(self.age[self.last])

    @property
    def tenure(self) -> Floats:
        return np.asarray(self.age[self.first])


def _sizes(by: _ByCustomer) -> dict[str, Floats]:
    visits = by.sum(np.ones(len(by.age)))
    a_week = 7 * visits / np.maximum(by.tenure, PERIOD_DAYS)
    return {"recency_days": by.recency, "tenure_days": by.tenure, "visits": visits, "visits_a_week": a_week}


def _counts(by: _ByCustomer) -> dict[str, Floats]:
    found = {f"visits_{days}": by.sum(by.age <= days) for days in WINDOWS}
    period = (by.age - 1) // PERIOD_DAYS
    found |= {f"visits_period_{number + 1}": by.sum(period == number) for number in range(1, PERIODS)}
    for half_life in HALF_LIVES:
        weights = np.exp2(-by.age / half_life)
        found[f"visits_fading_{half_life}"] = by.sum(weights)
        found[f"spend_fading_{half_life}"] = by.sum(weights * by.visits.spend)
    return found


def _gaps(by: _ByCustomer, usual: UsualGap) -> dict[str, Floats]:
    """Of the days between one visit and the next; the pause that is running is held against them."""
    inside = np.diff(by.at) == 0
    gaps, at, fading = -np.diff(by.age)[inside], by.at[1:][inside], np.exp2(-by.age[1:][inside] / GAP_HALF_LIFE)
    mean, deviation, mean_log = _spread(by, gaps, at, usual)
    recent = (by.sum(fading * gaps, at) + LITTLE_DOUBT * mean) / (by.sum(fading, at) + LITTLE_DOUBT)
    longest, latest = np.zeros(len(mean)), np.zeros(len(mean))
    np.maximum.at(longest, at, gaps)
    latest[at] = gaps
    return {
        "mean_gap_days": mean,
        "gap_deviation": deviation,
        "recent_gap_days": recent,
        "longest_gap_days": longest,
        "latest_gap_days": latest,
        "recency_over_gap": by.recency / mean,
        "recency_over_recent_gap": by.recency / recent,
        "recency_surprise": (np.log(by.recency) - mean_log) / deviation,
        "recency_over_longest": by.recency / (longest + 1),
    } | _pauses(by, gaps, at)


def _spread(by: _ByCustomer, gaps: Floats, at: npt.NDArray[np.intp], usual: UsualGap) -> tuple[Floats, Floats, Floats]:
    """(m,) mean gap; standard deviation and mean of the logs of gaps. Who has few gaps is drawn to the usual."""
    logs, count = np.log(gaps), by.sum(np.ones(len(gaps)), at) + DOUBT
    mean = (by.sum(gaps, at) + DOUBT * usual.mean) / count
    mean_log = (by.sum(logs, at) + DOUBT * usual.mean_log) / count
    squares = by.sum((logs - mean_log[at]) ** 2, at)
    return mean, np.sqrt((squares + DOUBT * usual.deviation_log**2) / count), mean_log


def _pauses(by: _ByCustomer, gaps: Floats, at: npt.NDArray[np.intp]) -> dict[str, Floats]:
    """How many of the gaps were longer than the pause now, and how many of those were over within a period."""
    longer = gaps > by.recency[at]
    soon_over = longer & (gaps <= by.recency[at] + PERIOD_DAYS)
    count = by.sum(longer, at)
    return {
        "share_longer_gaps": (count + 0.5) / (by.sum(np.ones(len(gaps)), at) + 1),
        "share_pauses_ended": (by.sum(soon_over, at) + 0.5) / (count + 1),
    }


def _regularity(by: _ByCustomer) -> dict[str, Floats]:
    """In how many periods there was a visit."""
    period = (by.age - 1) // PERIOD_DAYS
    begins = (np.diff(by.at, prepend=-1) != 0) | (np.diff(period, prepend=-1) != 0)
    active = by.sum(begins)
    return {"periods_active": active, "periods_active_share": active / np.ceil(by.tenure / PERIOD_DAYS)}


def _amounts(by: _ByCustomer) -> dict[str, Floats]:
    found = {}
    for name, values in (("spend", by.visits.spend), ("items", by.visits.items), ("orders", by.visits.orders)):
        found[name] = by.sum(values)
        found |= {f"{name}_{days}": by.sum((by.age <= days) * values) for days in (PERIOD_DAYS, 91)}
    visits = by.sum(np.ones(len(by.age)))
    return found | {
        "spend_84": by.sum((by.age <= 3 * PERIOD_DAYS) * by.visits.spend),
        "spend_a_visit": found["spend"] / visits,
        "items_a_visit": found["items"] / visits,
        "new_share": by.sum(by.visits.new_items) / found["items"],
        "new_items_28": by.sum((by.age <= PERIOD_DAYS) * by.visits.new_items),
        "last_spend": by.visits.spend[by.last],
    }


def _trends(columns: dict[str, Floats]) -> dict[str, Floats]:
    """The last period against the mean of the last three, as a log."""
    usual = (columns["visits_28"] + columns["visits_period_2"] + columns["visits_period_3"]) / 3
    return {
        "visits_trend": np.log((columns["visits_28"] + 0.5) / (usual + 0.5)),
        "spend_trend": np.log((columns["spend_28"] + 1) / (columns["spend_84"] / 3 + 1)),
    }
