"""A bandit problem with a known truth, from Complete Journey's purchases.

Round: a household on one of six days, 28 days apart. Actions: twelve categories. Reward: the household buys the
category within the next 28 days. What every action would have earned is known, so policies and estimators can be judged
exactly. It says who buys what, not what a recommendation would change: association, no uplift.

Days are counted from 2017-01-01 as day 0; fuel, coupons and rows without quantity or amount are left out. The
categories are those at places 22 to 33 by households that bought them before the first round: as likely as a good
offer, and none is everybody's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from knowledge.customers.transactions import Floats, Ints

CUTS = (196, 224, 252, 280, 308, 336)
"""The last one is the test."""
WINDOW = 28
CATEGORIES = slice(21, 33)
FEATURES = ("one", "rate_60", "rate_150", "days_28", "days_91", "days_ever", "bought_last_28", "active")
"""Of a household and a category, in the order of the last axis."""
PURCHASES = """
    SELECT DISTINCT t.household_id::INT AS household, p.product_category AS category,
           date_diff('day', DATE '2017-01-01', t.transaction_timestamp::DATE)::INT AS day
    FROM '{data}/complete_journey/transactions.parquet' t
    JOIN '{data}/complete_journey/products.parquet' p USING (product_id)
    WHERE t.quantity > 0 AND t.sales_value > 0 AND coalesce(p.department, '') NOT LIKE '%FUEL%'
      AND coalesce(p.product_category, '') NOT LIKE '%FUEL%' AND coalesce(p.product_category, '') NOT LIKE '%COUPON%'
"""


@dataclass(frozen=True)
class Snapshot:
    """n households on one day."""

    rows: Floats
    """(n, 12, d) features of household and category."""
    reward: Floats
    """(n, 12) what each action would have earned."""

    @property
    def flat(self) -> Floats:
        """(n, 13) of the household alone: its rate in each category, and how active it is."""
        rates = self.rows[:, :, FEATURES.index("rate_150")]
        return np.column_stack([rates, self.rows[:, 0, FEATURES.index("active")]])


@dataclass(frozen=True)
class _Days:
    """Distinct (household, category, day), category −1 for a visit whatever was bought."""

    household: Ints
    category: Ints
    day: Ints
    households: int

    def of(self, is_visit: bool, start: int, end: int) -> "_Days":
        kept = ((self.category == -1) == is_visit) & (self.day >= start) & (self.day < end)
        return _Days(self.household[kept], self.category[kept], self.day[kept], self.households)

    def sums(self, weights: Floats | None = None) -> Floats:
        """(households, 12) how many days, or what they weigh; of visits only the first column counts."""
        size = self.households * 12
        found = np.bincount(self.household * 12 + np.maximum(self.category, 0), weights, size)
        return found.reshape(self.households, 12).astype(np.float64)


def snapshots(data: Path) -> Iterator[Snapshot]:
    """One a day of CUTS, households that bought anything before it."""
    days = _read(data)
    for cut in CUTS:
        seen = np.unique(days.of(True, 0, cut).household)
        reward = days.of(False, cut, cut + WINDOW).sums() > 0
        yield Snapshot(_features(days, cut)[seen], reward[seen].astype(np.float64))


def _read(data: Path) -> _Days:
    found = duckdb.connect().execute(PURCHASES.format(data=data)).fetchnumpy()
    household, day = found["household"], found["day"]
    category = np.asarray(np.ma.filled(found["category"], ""), dtype=str)
    early = day < CUTS[0]
    pairs = np.unique(np.stack([category[early], household[early].astype(str)]), axis=1)
    names, counts = np.unique(pairs[0][pairs[0] != ""], return_counts=True)
    chosen = names[np.argsort(-counts, kind="stable")][CATEGORIES]
    number = {name: place for place, name in enumerate(chosen.tolist())}
    place = np.array([number.get(name, -2) for name in category.tolist()], dtype=np.int32)
    visits = np.unique(np.stack([household, np.full_like(household, -1), day]), axis=1)
    bought = np.stack([household, place, day])[:, place >= 0]
    together = np.concatenate([visits, bought], axis=1).astype(np.int32)
    return _Days(together[0], together[1], together[2], int(household.max()) + 1)


def _features(days: _Days, cut: int) -> Floats:
    """(households, 12, d) from the days before `cut` only."""
    visits, bought = days.of(True, 0, cut), days.of(False, 0, cut)
    first = np.full(days.households, cut)
    np.minimum.at(first, visits.household, visits.day)
    tenure = np.maximum(cut - first, WINDOW)[:, None]
    lately = bought.of(False, cut - WINDOW, cut).sums()
    columns = (
        np.ones_like(lately),
        _chance(bought.sums(np.exp(-(cut - bought.day) / 60)), tenure, 60),
        _chance(bought.sums(np.exp(-(cut - bought.day) / 150)), tenure, 150),
        np.log1p(lately),
        np.log1p(bought.of(False, cut - 91, cut).sums()),
        np.log1p(bought.sums()),
        (lately > 0).astype(np.float64),
        np.repeat(_chance(visits.sums(np.exp(-(cut - visits.day) / 30)), tenure, 30)[:, :1], 12, axis=1),
    )
    return np.stack(columns, axis=2)


def _chance(weighed: Floats, tenure: Floats, memory: float) -> Floats:
    """Of at least one purchase in the window, were they to come at random at the remembered rate."""
    rate = weighed / (memory * (1 - np.exp(-tenure / memory)))
    return -np.expm1(-WINDOW * rate)
