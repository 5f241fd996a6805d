"""Who will buy in which category within 28 days: one model for all pairs of a customer and a category.

Learned and chosen as the other tasks are: on earlier snapshots, judged on later ones.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from knowledge.customers.transactions import Floats, Ints, Items, Transactions
from knowledge.prediction.calibration import Calibration, calibrated
from knowledge.prediction.category_visits import CategoryVisits, Pairs
from knowledge.prediction.errors import PredictionError
from knowledge.prediction.families.blend import Blend
from knowledge.prediction.families.boosting import larger_boosting
from knowledge.prediction.families.linear import regression
from knowledge.prediction.families.scorer import Scorer
from knowledge.prediction.keeping import keep, kept
from knowledge.prediction.rhythm import Rhythm
from knowledge.prediction.snapshots import Examples, training_ages
from knowledge.prediction.visits import Visits

DAYS = 28
MOST_CATEGORIES = 20
MOST_CUSTOMERS = 10_000
"""That are learned from, as in fitting.py: each of them is a row for every category and snapshot."""
LEAST_SHARE = 0.02
"""Of the customers who bought in a category lately: below that, hardly anybody will."""


@dataclass(frozen=True)
class Chances:
    customers: Ints
    """(m,) numbers."""
    categories: tuple[str, ...]
    values: Floats
    """(m, k) that the customer buys in the category within DAYS."""


@dataclass(frozen=True)
class CategoryModel:
    categories: tuple[str, ...]
    scorer: Scorer
    calibration: Calibration

    def predict(self, transactions: Transactions, items: Items, cut: float) -> Chances:
        """From the lines before the day `cut` only."""
        customers, pairs = self.pairs(transactions, items, cut)
        return Chances(customers, self.categories, self.chances(pairs).reshape(len(customers), -1))

    def pairs(self, transactions: Transactions, items: Items, cut: float) -> tuple[Ints, Pairs]:
        """(m,) customers with a purchase before the day `cut`, and their (m · k, f) features."""
        past = _Past.of(transactions, items, self.categories, cut)
        return past.rhythm(0).customers, past.pairs(0)

    def chances(self, pairs: Pairs) -> Floats:
        return self.calibration(self.scorer.scores(pairs.values))

    def save(self, folder: Path) -> None:
        keep(folder, self.scorer, self.calibration, {"categories": self.categories})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises DamagedModel where a file is missing."""
        scorer, calibration, more = kept(folder)
        return cls(tuple(more["categories"]), scorer, calibration)


def fit(
    transactions: Transactions,
    items: Items,
    cut: float,
    progress: Callable[[str, float], None],
    categories: Sequence[str] | None = None,
) -> CategoryModel:
    """`categories`: those asked about; without, the ones that most customers buy in. Raises PredictionError where there
    are none, or too short a history."""
    wanted = tuple(categories or usual_categories(transactions, items, cut))
    if not wanted:
        raise PredictionError("No item has a category: chances by category need them. Name them with --items")
    past = _Past.of(_few(transactions), items, wanted, cut)
    progress("learning: categories", 0.0)
    if not training_ages(past.days, 2 * DAYS):
        raise PredictionError(f"Chances by category need at least {3 * DAYS} days of purchases; there are {past.days}")
    tried, labels = _learned(past, DAYS).scores(past.pairs(DAYS).values), past.labels(DAYS)
    progress("learning: categories", 0.5)
    return CategoryModel(wanted, _learned(past, 0), calibrated("platt", tried, labels))


def _few(transactions: Transactions) -> Transactions:
    customers = np.unique(transactions.customer)
    step = -(-len(customers) // MOST_CUSTOMERS)
    return transactions.where(np.isin(transactions.customer, customers[::step])) if step > 1 else transactions


def usual_categories(transactions: Transactions, items: Items, cut: float) -> list[str]:
    """Those with the most customers in the DAYS before the cut."""
    lines = transactions.between(cut - DAYS, cut)
    pairs = np.unique(
        np.column_stack([lines.customer, np.unique(items.categories, return_inverse=True)[1][lines.item]]), axis=0
    )
    names = np.unique(items.categories)
    share = np.bincount(pairs[:, 1], minlength=len(names)) / max(1, len(np.unique(transactions.before(cut).customer)))
    order = np.argsort(-share, kind="stable")
    return [str(names[one]) for one in order if names[one] and share[one] >= LEAST_SHARE][:MOST_CATEGORIES]


@dataclass(frozen=True)
class _Past:
    visits: Visits
    by_category: CategoryVisits
    wanted: Ints
    count: int
    """Of all categories."""

    @classmethod
    def of(cls, transactions: Transactions, items: Items, categories: Sequence[str], cut: float) -> Self:
        names, number = np.unique(items.categories, return_inverse=True)
        of_item = np.where(names[number] == "", -1, number).astype(np.int32)
        wanted = np.searchsorted(names, np.array(categories, dtype=names.dtype)).astype(np.int32)
        by_category = CategoryVisits.before(transactions, of_item, cut)
        return cls(Visits.before(transactions, cut), by_category, wanted, len(names))

    @property
    def days(self) -> int:
        return int(self.visits.age.max(initial=0))

    def rhythm(self, age: int) -> Rhythm:
        return Rhythm.of(self.visits.earlier(age))

    def pairs(self, age: int) -> Pairs:
        return Pairs.of(self.by_category.earlier(age), self.rhythm(age), self.wanted, self.count)

    def labels(self, age: int) -> Floats:
        """(m · k,) whether the customer bought in the category in the DAYS that began `age` days before the cut."""
        customers = np.unique(self.visits.earlier(age).customer)
        ahead = self.by_category.where((self.by_category.age <= age) & (self.by_category.age > age - DAYS))
        bought = np.zeros((int(self.visits.customer.max()) + 1, self.count), dtype=bool)
        bought[ahead.customer, ahead.category] = True
        return bought[np.ix_(customers, self.wanted)].ravel().astype(np.float64)


def _learned(past: _Past, known_at: int) -> Scorer:
    ages = training_ages(past.days, known_at + DAYS)
    examples = Examples.together([Examples(past.pairs(age).values, past.labels(age)) for age in ages])
    parts = [fit(examples.values, examples.labels, "chance") for fit in (regression, larger_boosting)]
    return Blend(tuple(parts))
