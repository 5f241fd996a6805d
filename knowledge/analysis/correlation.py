"""Which figures of customers go together: along a line (Pearson) and in rank (Spearman)."""

from dataclasses import dataclass

import numpy as np

from knowledge.customers.features import Features
from knowledge.customers.transactions import Floats

COLUMNS = (
    "orders",
    "spend",
    "mean_order_spend",
    "distinct_items",
    "recency_days",
    "tenure_days",
    "mean_gap_days",
    "top_item_share",
)


@dataclass(frozen=True)
class Correlations:
    """(c, c) each; 0 where a column is the same for everybody. `count`: customers."""

    columns: tuple[str, ...]
    pearson: Floats
    spearman: Floats
    count: int


def correlations(features: Features) -> Correlations:
    from scipy.stats import rankdata

    table = np.column_stack([features.column(name) for name in COLUMNS])
    ranks = np.column_stack([rankdata(column) for column in table.T])
    return Correlations(COLUMNS, _correlated(table), _correlated(ranks), len(table))


def _correlated(table: Floats) -> Floats:
    centred = table - table.mean(axis=0)
    lengths = np.sqrt((centred**2).sum(axis=0))
    scaled = centred / np.where(lengths > 0, lengths, 1.0)
    return np.asarray(scaled.T @ scaled, dtype=np.float64)
