"""Columns in figures: how many, how many missing, where the middle is and how far they spread."""

from dataclasses import dataclass

import numpy as np

from knowledge.customers.features import Features
from knowledge.customers.transactions import Floats, Transactions

SHARES = (0.05, 0.25, 0.75, 0.95)
OF_CUSTOMERS = ("orders", "spend", "mean_order_spend", "recency_days", "tenure_days", "mean_gap_days", "distinct_items")


@dataclass(frozen=True)
class Described:
    """`missing`: NaN, or not a number. All figures are None where nothing is there."""

    column: str
    count: int
    missing: int
    mean: float | None = None
    median: float | None = None
    deviation: float | None = None
    quantiles: tuple[float, ...] = ()
    """At SHARES."""


def describe(column: str, values: Floats) -> Described:
    there = values[np.isfinite(values)]
    if not len(there):
        return Described(column, 0, len(values))
    deviation = float(there.std(ddof=1)) if len(there) > 1 else None
    quantiles = tuple(float(each) for each in np.quantile(there, SHARES))
    missing = len(values) - len(there)
    return Described(column, len(there), missing, float(there.mean()), float(np.median(there)), deviation, quantiles)


def describe_shop(transactions: Transactions, features: Features) -> list[Described]:
    """Customers' figures, then orders'. Who bought on one day only has no gap."""
    columns = {name: features.column(name) for name in OF_CUSTOMERS}
    columns["mean_gap_days"] = np.where(features.column("active_days") > 1, columns["mean_gap_days"], np.nan)
    found = [describe(name, values) for name, values in columns.items()]
    return [
        *found,
        describe("order_spend", order_spends(transactions)),
        describe("order_items", order_sizes(transactions)),
    ]


def order_spends(transactions: Transactions) -> Floats:
    """(o,) what each order cost."""
    _, order = np.unique(transactions.order, return_inverse=True)
    return np.bincount(order, transactions.amount).astype(np.float64)


def order_sizes(transactions: Transactions) -> Floats:
    """(o,) lines of each order."""
    return np.unique(transactions.order, return_counts=True)[1].astype(np.float64)
