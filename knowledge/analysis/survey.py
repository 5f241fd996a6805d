"""All that a report says, in figures: one survey of a shop at a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from knowledge.analysis.cohorts import Cohorts, cohorts
from knowledge.analysis.comparison import Compared, Together, compare, go_together, looks
from knowledge.analysis.concentration import Concentration, concentration
from knowledge.analysis.correlation import Correlations, correlations
from knowledge.analysis.description import Described, describe_shop
from knowledge.analysis.errors import NothingToReport
from knowledge.analysis.groups import SMALLEST_GROUP, Groups, favourite_category
from knowledge.analysis.standing import Standing, segments_before, standing
from knowledge.analysis.trends import Trend, trend
from knowledge.customers.features import customer_features
from knowledge.customers.transactions import Items, Transactions

FEWEST_TO_CORRELATE = 20

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Survey:
    """What is None, or empty, could not be said: too few customers, too short a time, no prices."""

    cut: float
    first_day: float
    customers: int
    orders: int
    items: int
    revenue: float
    without_category: float
    """Share of lines whose item has no category."""
    left_out: Mapping[str, int]
    description: tuple[Described, ...] = ()
    standing: Standing | None = None
    horizon_days: int = 28
    comparisons: tuple[Compared, ...] = ()
    together: tuple[Together, ...] = ()
    correlations: Correlations | None = None
    cohorts: Cohorts | None = None
    concentration: Concentration | None = None
    trend: Trend | None = None


def survey(
    transactions: Transactions,
    items: Items,
    groups: Groups,
    cut: float,
    left_out: Mapping[str, int],
    progress: Progress = lambda _what, _share: None,
) -> Survey:
    """Reads nothing from the day `cut` on. Raises NothingToReport for a shop without a purchase before it."""
    known = transactions.before(cut)
    if not len(known):
        raise NothingToReport
    progress("describing", 0.0)
    features = customer_features(known, cut)
    counted = _counted(known, items, cut, left_out)
    if len(features.customers) < SMALLEST_GROUP:
        return counted
    found = standing(known, features, cut, lambda _, share: progress("segments", 0.05 + 0.3 * share))
    horizon = found.model.horizon_days if found.model else counted.horizon_days
    progress("comparing groups", 0.4)
    by_name = dict(groups) | {"category": favourite_category(known, items)}
    before = segments_before(known, cut, horizon)
    comparisons = tuple(compare(looks(by_name, features) + ([before] if before else [])))
    progress("cohorts and trends", 0.9)
    enough = len(features.customers) >= FEWEST_TO_CORRELATE
    return replace(
        counted,
        description=tuple(describe_shop(known, features)),
        standing=found,
        horizon_days=horizon,
        comparisons=comparisons,
        together=tuple(go_together(by_name, features.customers)),
        correlations=correlations(features) if enough else None,
        cohorts=cohorts(known, cut),
        concentration=concentration(features.column("spend")),
        trend=trend(known, cut),
    )


def _counted(known: Transactions, items: Items, cut: float, left_out: Mapping[str, int]) -> Survey:
    has_category = items.categories[known.item] != "" if len(items.categories) else np.zeros(len(known), dtype=bool)
    customers, orders, bought = (len(np.unique(each)) for each in (known.customer, known.order, known.item))
    return Survey(
        cut,
        float(known.day.min()),
        customers,
        orders,
        bought,
        float(known.amount.sum()),
        float(1 - has_category.mean()),
        left_out,
    )
