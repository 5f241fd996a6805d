"""The customer and the group an item belongs to (its category, its kind), as pairs.py describes the item itself."""

from dataclasses import dataclass, replace

import numpy as np

from knowledge.customers.transactions import Ints
from knowledge.recommendation.features import pairs
from knowledge.recommendation.history import History, Scores, pairs_of

KEPT = ("times", "days_since", "orders_since", "gap_mean", "due", "decayed_21", "decayed_60", "decayed_180")
NAMES = (*(f"g_{name}" for name in KEPT), "g_items", "g_now", "g_share_of_buyers")


@dataclass(frozen=True)
class Grouping:
    """`number` (items,) the group of each item."""

    number: Ints
    history: History
    described: Scores
    columns: Scores
    """(groups, 1) buyers in the last 28 days."""


def group(history: History, number: Ints) -> Grouping:
    wide = widened(history, number)
    kept = [pairs.NAMES.index(name) for name in KEPT]
    items = np.bincount(wide.lookup(history.pairs.customer, number[history.pairs.item]), minlength=len(wide.pairs.item))
    described = np.column_stack([pairs.describe(wide)[:, kept], items]).astype(np.float32)
    recent = wide.purchases.day >= history.cut - 28
    now = np.bincount(wide.purchases.item[recent], minlength=wide.items)
    return Grouping(number, wide, described, now.astype(np.float32))


def look_up(grouping: Grouping, customer: Ints, item: Ints, item_now: Scores) -> Scores:
    """(n, len(NAMES)); `item_now`: buyers of the item in the last 28 days."""
    number = grouping.number[item]
    own = pairs.look_up(grouping.history, grouping.described, customer, number)
    now = grouping.columns[number]
    return np.column_stack([own, now, item_now / (now + 1.0)])


def widened(history: History, number: Ints) -> History:
    """The same history with groups in the place of items."""
    bought, groups = history.purchases, int(number.max(initial=-1)) + 1
    baskets = int(bought.basket.max(initial=0)) + 1
    key = (bought.customer.astype(np.int64) * groups + number[bought.item]) * baskets + bought.basket
    by = np.argsort(key, kind="stable")
    key = key[by]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]][: len(key)])
    rows = by[first]
    summed = [np.add.reduceat(column[by], first) if len(by) else column for column in (bought.quantity, bought.amount)]
    merged = replace(
        bought,
        customer=bought.customer[rows],
        item=number[bought.item[rows]],
        day=bought.day[rows],
        basket=bought.basket[rows],
        quantity=summed[0],
        amount=summed[1],
    )
    return replace(history, items=groups, purchases=merged, pairs=pairs_of(merged, history.customers))
