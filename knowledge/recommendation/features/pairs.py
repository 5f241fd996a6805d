"""How often a customer bought an item, when last, in what rhythm, and whether it is due again."""

import numpy as np

from knowledge.customers.transactions import Floats, Ints
from knowledge.recommendation.features.ratio import ratio
from knowledge.recommendation.history import History, Scores

DECAYS = (7.0, 21.0, 60.0, 180.0)
LATELY = (3, 8, 20)
"""Baskets looked back on."""
NAMES = (
    *("times", "days_since", "days_since_first", "orders_since", "rate", "gap_mean", "gap_spread", "gap_last"),
    *("due", "due_by_orders", "quantity", *(f"decayed_{days:.0f}" for days in DECAYS)),
    *(f"in_last_{count}_orders" for count in LATELY),
)


def describe(history: History) -> Scores:
    """(p, len(NAMES)) of every pair of the history; what can't be known (a gap of one purchase) is NaN."""
    bought, starts = history.purchases, history.pairs.starts
    first, last = starts[:-1], starts[1:] - 1
    times = np.diff(starts).astype(np.float64)
    since, since_first = history.cut - bought.day[last], history.cut - bought.day[first]
    orders = np.diff(history.orders.of_customer)[history.pairs.customer]
    orders_since = orders - 1 - bought.basket[last]
    orders_from_first = orders - bought.basket[first]
    gap = ratio(since_first - since, times - 1)
    order_gap = ratio(bought.basket[last] - bought.basket[first], times - 1)
    columns = [
        *(times, since, since_first, orders_since, times / orders_from_first, gap, _spread(history, gap)),
        *(_last_gap(history), since / np.maximum(gap, 0.5), orders_since / np.maximum(order_gap, 0.5)),
        history.summed(bought.quantity) / times,
        *(history.decayed(days) for days in DECAYS),
        *(history.summed(_within(history, count)) for count in LATELY),
    ]
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)


def look_up(history: History, described: Scores, customer: Ints, item: Ints) -> Scores:
    """(n, f) rows of `described` for the pairs asked about; NaN where the item was never bought."""
    rows = history.lookup(customer, item)
    known = np.full((len(rows), described.shape[1]), np.nan, dtype=np.float32)
    known[rows >= 0] = described[rows[rows >= 0]]
    return known


def _gaps(history: History) -> Floats:
    """(n,) days since the same pair's purchase before, NaN for its first."""
    gaps = np.diff(history.purchases.day, prepend=np.nan)
    gaps[history.pairs.starts[:-1]] = np.nan
    return gaps


def _last_gap(history: History) -> Floats:
    return _gaps(history)[history.pairs.starts[1:] - 1]


def _spread(history: History, mean: Floats) -> Floats:
    counts = np.diff(history.pairs.starts)
    deviation = (_gaps(history) - np.repeat(mean, counts)) ** 2
    return np.sqrt(ratio(history.summed(np.nan_to_num(deviation)), counts - 1.0))


def _within(history: History, count: int) -> Floats:
    """(n,) 1 for purchases in the customer's last `count` orders."""
    orders = np.diff(history.orders.of_customer)[history.purchases.customer]
    return (history.purchases.basket >= orders - count).astype(np.float64)
