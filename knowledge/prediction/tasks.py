"""What is predicted of every customer: a chance (0-1) or an amount, over the days after the cut."""

from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np

from knowledge.customers.transactions import Floats, Ints
from knowledge.prediction.visits import Visits


@dataclass(frozen=True)
class Task:
    """`horizons`: the lengths in days of the windows that are learned from.

    A label of 28 days is known two months sooner than one of 91, so models of shorter windows have read more of the
    past and more recent days; their forecasts are read later by calibration.
    """

    name: str
    kind: Literal["chance", "amount"]
    days: int
    horizons: tuple[int, ...]

    def trial(self) -> Self:
        """The task that families are compared on: an amount's shortest window, else the task itself."""
        return replace(self, days=min(self.horizons), horizons=(min(self.horizons),)) if self.kind == "amount" else self

    def longest(self) -> Self:
        """The task learned from windows as long as its own alone."""
        return replace(self, horizons=(self.days,))

    def labels(self, visits: Visits, customers: Ints, age: int, days: int) -> Floats:
        """(m,) what these customers did in the `days` days that began `age` days before the cut."""
        within = (visits.age <= age) & (visits.age > age - days)
        weights = visits.spend[within] if self.name == "spend" else None
        sums = np.bincount(visits.customer[within], weights, int(customers.max(initial=0)) + 1)
        amount = np.asarray(sums[customers], dtype=np.float64)
        if self.kind == "amount":
            return amount
        return np.asarray((amount > 0) == (self.name == "active"), dtype=np.float64)


ACTIVE = Task("active", "chance", 28, (28,))
CHURN = Task("churn", "chance", 56, (56,))
PURCHASES = Task("purchases", "amount", 91, (28, 56, 91))
SPEND = Task("spend", "amount", 91, (28, 56, 91))
TASKS = (ACTIVE, CHURN, PURCHASES, SPEND)
"""active: buys within 28 days. churn: buys nothing within 56 days. purchases: days with a purchase within 13 weeks.
spend: what is paid within 13 weeks."""
