"""Lines bought → visits to a category, and what they say about the next one: features of a customer and a category."""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Floats, Ints, Transactions
from knowledge.prediction.rhythm import Rhythm

WINDOWS = (14, 28, 56, 91, 182)
HALF_LIVES = (15, 40, 120)
TASTES = {"taste": (90, 60), "taste_lately": (30, 16)}
"""Half-life in days of the purchases, and in how many directions tastes differ."""
TASTE_CUSTOMERS = 25_000
OF_THE_CUSTOMER = (
    "recency_days",
    "tenure_days",
    "visits_14",
    "visits_28",
    "visits_91",
    "visits_fading_30",
    "recency_surprise",
    "share_pauses_ended",
    "spend_28",
    "items_a_visit",
    "new_share",
    "visits_trend",
)
"""Features of the customer alone that are added to those of the pair."""


@dataclass(frozen=True)
class CategoryVisits:
    """n rows, one a customer, category and day; ages as in Visits."""

    customer: Ints
    category: Ints
    """(n,) numbers of `names` of the items' categories."""
    age: Ints
    spend: Floats

    @classmethod
    def before(cls, transactions: Transactions, category_of_item: Ints, cut: float) -> Self:
        """`category_of_item`: (items,) number of each item's category, below 0 where it is unknown."""
        lines = transactions.before(cut)
        category, age = category_of_item[lines.item], -np.floor(lines.day - cut).astype(np.int32)
        known = category >= 0
        by = np.lexsort((-age[known], category[known], lines.customer[known]))
        who, what, when = (values[known][by].astype(np.int32) for values in (lines.customer, category, age))
        begins = np.any([np.diff(values, prepend=-1) != 0 for values in (who, what, when)], axis=0)
        spend = np.bincount(np.cumsum(begins) - 1, lines.amount[known][by], int(begins.sum()))
        return cls(who[begins], what[begins], when[begins], spend.astype(np.float64))

    def where(self, rows: npt.NDArray[np.bool_]) -> Self:
        """Some of the rows."""
        return type(self)(*(getattr(self, one.name)[rows] for one in fields(self)))

    def earlier(self, days: int) -> Self:
        """As they stood `days` days before the cut, counted back from there."""
        known = self.where(self.age > days)
        return replace(known, age=known.age - np.int32(days))


@dataclass(frozen=True)
class Pairs:
    """(m · k, f) features: each customer of a rhythm with each of k categories, the customer's rows together."""

    names: tuple[str, ...]
    values: Floats

    @classmethod
    def of(cls, visits: CategoryVisits, rhythm: Rhythm, wanted: Ints, count: int) -> Self:
        """`wanted`: (k,) numbers of the categories asked about, of `count` there are."""
        position = np.full(count, -1)
        position[wanted] = np.arange(len(wanted))
        asked = visits.where(position[visits.category] >= 0)
        row = np.searchsorted(rhythm.customers, asked.customer)
        at = row * len(wanted) + position[asked.category]
        columns = _own(asked, at, len(rhythm.customers) * len(wanted))
        columns |= {name: _taste(visits, rhythm, wanted, count, *TASTES[name]).ravel() for name in TASTES}
        each = {name: np.repeat(rhythm.column(name), len(wanted)) for name in OF_THE_CUSTOMER}
        columns |= _shares(columns, np.repeat(rhythm.column("visits"), len(wanted)), each)
        columns |= _popularity(columns, (len(rhythm.customers), len(wanted)))
        columns |= {
            f"is_{one}": np.tile(np.arange(len(wanted)) == one, len(rhythm.customers)) * 1.0
            for one in range(len(wanted))
        }
        return cls((*columns, *each), np.column_stack([*columns.values(), *each.values()]))


def _own(visits: CategoryVisits, at: npt.NDArray[np.intp], size: int) -> dict[str, Floats]:
    """What the customer bought in the category, and how long ago; never: longer ago than anything."""
    age = visits.age.astype(np.float64)

    def sums(weights: npt.NDArray[np.generic]) -> Floats:
        return np.asarray(np.bincount(at, weights.astype(np.float64), size), dtype=np.float64)

    count = sums(np.ones(len(age)))
    never = 2 * float(age.max(initial=1.0))
    recency, tenure = np.full(size, never), np.zeros(size)
    np.minimum.at(recency, at, age)
    np.maximum.at(tenure, at, age)
    gap = np.where(count > 1, (tenure - recency) / np.maximum(count - 1, 1), never / 2)
    found = {
        "count": count,
        "since_days": recency,
        "first_days": tenure,
        "gap_days": gap,
        "since_over_gap": recency / gap,
    }
    found |= {f"count_{days}": sums(age <= days) for days in WINDOWS}
    found |= {f"fading_{half_life}": sums(np.exp2(-age / half_life)) for half_life in HALF_LIVES}
    return found | {"spend": sums(visits.spend)}


def _shares(own: dict[str, Floats], visits: Floats, each: dict[str, Floats]) -> dict[str, Floats]:
    """Of the customer's visits those that took something from the category along."""
    share = (own["count"] + 0.5) / (visits + 3)
    lately = (own["count_91"] + 0.3) / (each["visits_91"] + 2)
    return {"share": share, "share_91": lately, "expected": lately * each["visits_fading_30"]}


def _popularity(own: dict[str, Floats], shape: tuple[int, ...]) -> dict[str, Floats]:
    """How many customers buy in the category: ever, these weeks, and whether that is more than usual."""
    share = {days: (own[name].reshape(shape) > 0).mean(axis=0) for days, name in ((0, "count"), (28, "count_28"))}
    trend = np.log(
        (own["count_28"].reshape(shape).sum(axis=0) + 5) / (own["count_91"].reshape(shape).sum(axis=0) / 3 + 5)
    )
    columns = {"popularity": share[0], "popularity_28": share[28], "popularity_trend": trend}
    return {name: np.tile(values, shape[0]) for name, values in columns.items()}


def _taste(visits: CategoryVisits, rhythm: Rhythm, wanted: Ints, count: int, half_life: int, directions: int) -> Floats:
    """(m, k) how much of a category people buy whose other purchases are alike: counts seen through few directions."""
    rows = len(rhythm.customers)
    at = np.searchsorted(rhythm.customers, visits.customer) * count + visits.category
    amount = np.bincount(at, np.exp2(-visits.age / half_life), rows * count).reshape(rows, count)
    amount = np.log1p(amount)
    some = amount[:: max(1, rows // TASTE_CUSTOMERS)]
    main = np.linalg.eigh(some.T @ some)[1][:, -directions:]
    return np.asarray(amount @ main @ main[wanted].T)
