"""How many buy an item these days, for the first time, again, and at what price."""

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.recommendation.features.ratio import ratio
from knowledge.recommendation.history import History, Scores

WITHIN = (3.0, 7.0, 14.0, 28.0, 56.0)
NAMES = (
    *(f"i_buyers_{days:.0f}" for days in WITHIN),
    *(f"i_first_buyers_{days:.0f}" for days in WITHIN[1:]),
    *("i_buyers", "i_trend_7", "i_trend_28", "i_first_share", "i_days_since", "i_age", "i_repeaters", "i_gap"),
    *("i_again_28", "i_price", "i_price_now"),
)


def describe(history: History) -> Scores:
    """(items, len(NAMES))."""
    bought, starts = history.purchases, history.pairs.starts
    is_first = np.zeros(len(bought.day))
    is_first[starts[:-1]] = 1.0
    within = {days: _counted(history, bought.day >= history.cut - days) for days in WITHIN}
    first = {days: _counted(history, (bought.day >= history.cut - days) & (is_first > 0)) for days in WITHIN[1:]}
    last, earliest = np.full(history.items, -np.inf), np.full(history.items, np.inf)
    np.maximum.at(last, bought.item, bought.day)
    np.minimum.at(earliest, bought.item, bought.day)
    times = np.diff(starts)
    buyers = history.buyers.astype(np.float64)
    repeaters = np.bincount(history.pairs.item[times > 1], minlength=history.items)
    price = _price(history, np.ones(len(bought.day), dtype=bool))
    columns = [
        *within.values(), *first.values(), buyers,
        4 * (within[7.0] + 0.5) / (within[28.0] + 2.0), 2 * (within[28.0] + 0.5) / (within[56.0] + 1.0),
        ratio(first[28.0], within[28.0]), history.cut - last, history.cut - earliest,
        repeaters / (buyers + 2.0), _gap(history), _again(history),
        price, ratio(_price(history, bought.day >= history.cut - 7), price),
    ]  # fmt: skip
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)


def _counted(history: History, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    """(items,) different customers among those purchases."""
    bought = history.purchases
    pairs = np.unique(bought.customer[rows].astype(np.int64) * history.items + bought.item[rows])
    return np.bincount(pairs % max(1, history.items), minlength=history.items).astype(np.float64)


def _gap(history: History) -> Floats:
    """(items,) mean days between one customer's purchases of it."""
    bought, starts = history.purchases, history.pairs.starts
    span = bought.day[starts[1:] - 1] - bought.day[starts[:-1]]
    days = np.bincount(history.pairs.item, weights=span, minlength=history.items)
    return ratio(days, np.bincount(history.pairs.item, weights=np.diff(starts) - 1.0, minlength=history.items))


def _again(history: History) -> Floats:
    """(items,) of those who bought it 28 to 56 days ago, the share that bought it in the 28 days since."""
    bought = history.purchases
    key = bought.customer.astype(np.int64) * history.items + bought.item
    now = np.unique(key[bought.day >= history.cut - 28])
    before = np.unique(key[(bought.day >= history.cut - 56) & (bought.day < history.cut - 28)])
    came = np.bincount(before[np.isin(before, now)] % max(1, history.items), minlength=history.items)
    return came / (np.bincount(before % max(1, history.items), minlength=history.items) + 2.0)


def _price(history: History, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    bought = history.purchases
    spent = np.bincount(bought.item[rows], weights=bought.amount[rows], minlength=history.items)
    return ratio(spent, np.bincount(bought.item[rows], weights=bought.quantity[rows], minlength=history.items))
