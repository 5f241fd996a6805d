"""Why Complete Journey's campaigns prove nothing: the "effect" is there 28 days before a campaign begins, too.

Households were chosen for a campaign by what they buy, and nobody wrote down with which probability. The same
comparison is made twice: over the 28 days from the campaign's start, and, as a placebo, over the 28 days before it.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Floats
from knowledge.next_best_action.evaluation.estimators import Estimate, of_mean
from knowledge.next_best_action.evaluation.rewards import FOLDS

CAMPAIGNS = (8, 13, 18)
"""The three of type A, which go to those who buy most."""
WINDOW = 28
BACK = (7, 28, 56, 91)
CLIP = 0.02
DAYS = """
    SELECT t.household_id::INT AS household, sum(t.sales_value) AS spend,
           date_diff('day', DATE '2017-01-01', t.transaction_timestamp::DATE)::INT AS day
    FROM '{data}/complete_journey/transactions.parquet' t
    JOIN '{data}/complete_journey/products.parquet' p USING (product_id)
    WHERE t.quantity > 0 AND t.sales_value > 0 AND coalesce(p.department, '') NOT LIKE '%FUEL%'
      AND coalesce(p.product_category, '') NOT LIKE '%COUPON%'
    GROUP BY ALL
"""


@dataclass(frozen=True)
class Spending:
    """One row a household and day."""

    household: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    spend: Floats
    size: int

    def total(self, start: int, end: int) -> Floats:
        """(size,) spent from `start` to before `end`."""
        kept = (self.day >= start) & (self.day < end)
        return np.bincount(self.household[kept], self.spend[kept], self.size).astype(np.float64)

    def visits(self, start: int, end: int) -> Floats:
        kept = (self.day >= start) & (self.day < end)
        return np.bincount(self.household[kept], minlength=self.size).astype(np.float64)

    def features(self, cut: int) -> Floats:
        columns = [np.log1p(of(cut - back, cut)) for back in BACK for of in (self.total, self.visits)]
        return np.column_stack([*columns, np.log1p(self.total(0, cut)), np.log1p(self.visits(0, cut))])


def placebo(data: Path) -> None:
    print("\nCampaigns of Complete Journey: spend in 28 days, reached less not reached\n")
    print("| campaign | naive, after the start | naive, 28 days before (placebo) | doubly robust | its placebo |")
    print("|---|---|---|---|---|")
    spending = _read(data)
    starts = _starts(data)
    for campaign in CAMPAIGNS:
        reached, start = _reached(data, campaign, spending.size), starts[campaign]
        seen = spending.visits(0, start - WINDOW) > 0
        after, before = (_compared(spending, reached, seen, cut) for cut in (start, start - WINDOW))
        cells = (f"{after[0]:+.0f} $", f"{before[0]:+.0f} $", _shown(after[1]), _shown(before[1]))
        print(f"| {campaign} | {' | '.join(cells)} |", flush=True)
    print("\nThe placebo shows the same difference: these logs can't say what a campaign changes.")


def _compared(
    spending: Spending, reached: npt.NDArray[np.bool_], seen: npt.NDArray[np.bool_], cut: int
) -> tuple[float, Estimate]:
    """Naive difference, and the doubly robust one given what was known before `cut`."""
    outcome = spending.total(cut, cut + WINDOW)[seen]
    treated, features = reached[seen], spending.features(cut)[seen]
    naive = float(outcome[treated].mean() - outcome[~treated].mean())
    return naive, of_mean(_scores(features, treated, outcome))


def _scores(features: Floats, treated: npt.NDArray[np.bool_], outcome: Floats) -> Floats:
    """(n,) augmented inverse propensity scores, cross-fitted."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    fold = np.random.default_rng(0).permutation(len(outcome)) % FOLDS
    chance, with_it, without = (np.empty(len(outcome)) for _ in range(3))
    for number in range(FOLDS):
        here, there = fold == number, fold != number
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        chance[here] = model.fit(features[there], treated[there]).predict_proba(features[here])[:, 1]
        for arm, predicted in ((treated, with_it), (~treated, without)):
            regression = HistGradientBoostingRegressor(max_iter=80, learning_rate=0.05, max_leaf_nodes=8)
            predicted[here] = regression.fit(features[there & arm], outcome[there & arm]).predict(features[here])
    chance = chance.clip(CLIP, 1 - CLIP)
    scores: Floats = (
        with_it - without + treated * (outcome - with_it) / chance - ~treated * (outcome - without) / (1 - chance)
    )
    return scores


def _read(data: Path) -> Spending:
    found = duckdb.connect().execute(DAYS.format(data=data)).fetchnumpy()
    household = found["household"].astype(np.int64)
    return Spending(
        household, found["day"].astype(np.int64), found["spend"].astype(np.float64), int(household.max()) + 1
    )


def _starts(data: Path) -> dict[int, int]:
    rows = (
        duckdb.connect()
        .execute(
            "SELECT campaign_id, date_diff('day', DATE '2017-01-01', start_date::DATE) "
            f"FROM '{data}/complete_journey/campaign_descriptions.parquet'"
        )
        .fetchall()
    )
    return {int(campaign): int(day) for campaign, day in rows}


def _reached(data: Path, campaign: int, size: int) -> npt.NDArray[np.bool_]:
    found = (
        duckdb.connect()
        .execute(f"SELECT household_id FROM '{data}/complete_journey/campaigns.parquet' WHERE campaign_id = {campaign}")
        .fetchnumpy()["household_id"]
    )
    reached = np.zeros(size, dtype=bool)
    reached[found[found < size]] = True
    return reached


def _shown(estimate: Estimate) -> str:
    return f"{estimate.value:+.0f} $ [{estimate.low:+.0f}, {estimate.high:+.0f}]"
