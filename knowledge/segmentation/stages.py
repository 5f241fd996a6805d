"""Who stands on no rung yet, and who is just falling off one: what a customer's standing alone can't tell.

A newcomer has bought as little as somebody who has given up; somebody who used to buy a lot still stands high for weeks
after the last visit. Rules tell them apart, by the rhythm of the shop and of the customer.
"""

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from knowledge.customers.features import Features
from knowledge.customers.transactions import Floats

WORTH_SHARE = 0.6
"""At risk is only who bought more than this share of customers."""
SILENT_DEVIATIONS = 3.0
SILENT_GAPS = 2.0
GONE_SILENCES = 3.0
"""Silent for so many times as long as makes one at risk, one is gone: in four shops tried, from here on a quarter or
fewer of such customers came back, and before more."""
FEWEST_DAYS_AT_RISK = 3.0
"""A rhythm is known from so many active days."""
FEWEST_DAYS_SETTLED = 3.0

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Stages:
    """`new_days`: for so long after the first purchase one is new, unless one came often. `worth`: spend, or orders."""

    new_days: float
    worth_column: str
    worth: float

    @classmethod
    def learn(cls, features: Features, horizon: float) -> Self:
        column = "spend" if features.column("spend").any() else "orders"
        return cls(horizon, column, float(np.quantile(features.column(column), WORTH_SHARE)))

    def new(self, features: Features) -> Flags:
        """(m,) bought for the first time within `new_days`, and on two days at most."""
        is_recent = features.column("tenure_days") <= self.new_days
        return np.asarray(is_recent & (features.column("active_days") < FEWEST_DAYS_SETTLED))

    def silences(self, features: Features) -> Floats:
        """(m,) how long those who were worth much have been silent, in multiples of what is unusual for them: above 1
        they are at risk, above GONE_SILENCES gone. 0 for everybody else."""
        has_rhythm = features.column("active_days") >= FEWEST_DAYS_AT_RISK
        is_worth = features.column(self.worth_column) >= self.worth
        return np.where(has_rhythm & is_worth, features.column("recency_days") / _unusual(features), 0.0)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def _unusual(features: Features) -> Floats:
    """(m,) days: three deviations beyond the usual gap, and at least twice as long as it."""
    gap = features.column("mean_gap_days")
    return np.maximum(gap + SILENT_DEVIATIONS * features.column("gap_deviation_days"), SILENT_GAPS * gap)
