"""What may be known at a cut: everybody's figures, and what followed on such figures at earlier cuts."""

from dataclasses import dataclass, replace

import numpy as np

from knowledge.customers.features import Features, customer_features
from knowledge.customers.transactions import Floats, Ints, Transactions
from knowledge.segmentation.axis import Lessons, logarithms, usual_order

HORIZONS = (28, 56, 91, 182)
BUSY_SHARE = 0.2
"""The horizon is the first in which so many of the customers buy."""
LESSONS = 3
FEWEST_TAUGHT = 50
MOST_CUSTOMERS = 50_000
"""Borders don't move any more with so many: a larger shop is learnt from a sample."""


@dataclass(frozen=True)
class Evidence:
    """`lessons`: None where the shop is too young or too small to have any."""

    features: Features
    unit: float
    lessons: Lessons | None


def gather(transactions: Transactions, cut: float, horizon: int) -> Evidence:
    """Reads what is before the cut and nothing else."""
    known = transactions.before(cut)
    features = customer_features(known, cut)
    unit = usual_order(features)
    found = []
    for number in range(1, LESSONS + 1):
        then = cut - number * horizon
        if len(known) and then - horizon >= known.day.min():
            earlier = customer_features(known, then)
            if len(earlier.customers) >= FEWEST_TAUGHT:
                followed = what_followed(known, earlier.customers, then, horizon)
                rows = np.searchsorted(features.customers, earlier.customers).astype(np.int32)
                found.append(Lessons(logarithms(earlier, unit), np.log1p(followed / unit), rows))
    return Evidence(features, unit, _joined(found) if found else None)


def what_followed(transactions: Transactions, customers: Ints, start: float, days: float) -> Floats:
    """(m,) what each of `customers` spent in the days from `start`; where nothing has a price, pieces bought."""
    window = transactions.between(start, start + days)
    paid = window.amount if transactions.amount.any() else window.quantity
    return np.bincount(window.customer, paid, len(transactions.customers))[customers].astype(np.float64)


def horizon_of(transactions: Transactions, cut: float) -> int:
    """The shop's rhythm in days: a supermarket's is 28, a furniture shop's 182."""
    known = transactions.before(cut)
    everybody = max(1, len(np.unique(known.customer)))
    for days in HORIZONS:
        if len(np.unique(known.customer[known.day >= cut - days])) >= BUSY_SHARE * everybody:
            return days
    return HORIZONS[-1]


def sampled(transactions: Transactions, seed: int) -> Transactions:
    """All rows of at most MOST_CUSTOMERS customers, drawn at random."""
    there = np.unique(transactions.customer)
    if len(there) <= MOST_CUSTOMERS:
        return transactions
    drawn = np.zeros(len(transactions.customers), dtype=bool)
    drawn[np.random.default_rng(seed).choice(there, MOST_CUSTOMERS, replace=False)] = True
    rows = drawn[transactions.customer]
    columns = ("customer", "item", "order", "day", "quantity", "amount")
    return replace(transactions, **{name: getattr(transactions, name)[rows] for name in columns})


def _joined(found: list[Lessons]) -> Lessons:
    return Lessons(
        np.vstack([each.figures for each in found]),
        np.concatenate([each.followed for each in found]),
        np.concatenate([each.customer for each in found]),
    )
