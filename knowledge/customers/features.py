"""What a customer's purchases before a day say, in figures: the columns that segments and predictions start from.

One definition for every size: the same numpy code reads one customer in a conversation, a million of them in one
process, and one part of them on each machine of a cluster (spark.py). Sums are made in the order of the rows, so that
a customer's figures are the same to the last bit whoever else is counted with them.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Floats, Ints, Transactions

WINDOWS = (7, 14, 28, 56, 91, 182)
"""Days back from the cut that are counted on their own."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Features:
    """One row a customer with at least one line before the cut, in the order of their numbers."""

    customers: Ints
    """(m,) numbers: `transactions.customers[features.customers]` are the ids."""
    names: tuple[str, ...]
    values: Floats
    """(m, len(names)), never NaN."""

    def column(self, name: str) -> Floats:
        """(m,) one column by its name."""
        return self.values[:, self.names.index(name)]


def customer_features(transactions: Transactions, cut: float) -> Features:
    """The figures of all customers, from the lines strictly before the day `cut`.

    Times are in days, money in the shop's currency. An active day is a calendar day (UTC) with a purchase; items are
    lines.

    recency_days, tenure_days        since the last and since the first purchase
    orders, active_days, items, quantity, spend        each also as `…_7` to `…_182`: within that many days
    distinct_items, top_item_share   different items; what share of spend went into the dearest of them, 0 without spend
    mean_order_spend
    mean_gap_days, gap_deviation_days, recency_over_gap   between active days; of a single one, the gap is the tenure
    trend                            active days in the last 28 days over those in the 28 before, each plus 1
    """
    rows = _Rows.of(transactions.before(cut))
    columns = _rhythm(rows, cut) | _sizes(rows, cut) | _basket(rows)
    columns["mean_order_spend"] = columns["spend"] / columns["orders"]
    columns["trend"] = (columns["active_days_28"] + 1) / (columns["active_days_56"] - columns["active_days_28"] + 1)
    return Features(rows.customers, tuple(columns), np.column_stack(list(columns.values())))


@dataclass(frozen=True)
class _Rows:
    """The lines, and which of them begin something. `at` is the customer's row in the result."""

    lines: Transactions
    customers: Ints
    at: Ints
    starts: Ints
    """(m,) each customer's first line."""
    is_new_day: Flags
    is_new_order: Flags

    @classmethod
    def of(cls, lines: Transactions) -> Self:
        is_new_customer = _differs(lines.customer)
        starts = np.flatnonzero(is_new_customer).astype(np.int32)
        at = np.cumsum(is_new_customer, dtype=np.int32) - 1
        is_new_day = is_new_customer | _differs(np.floor(lines.day))
        return cls(lines, lines.customer[starts], at, starts, is_new_day, _first_lines(lines.order))

    def sum(self, rows: Flags, weights: Floats | None = None) -> Floats:
        """(m,) how many of `rows` each customer has, or what they weigh."""
        chosen = weights[rows] if weights is not None else None
        return np.bincount(self.at[rows], chosen, len(self.customers)).astype(np.float64)


def _differs(values: npt.NDArray[np.generic]) -> Flags:
    """(n,) where a value is not the one before it."""
    differs = np.ones(len(values), dtype=bool)
    differs[1:] = values[1:] != values[:-1]
    return differs


def _first_lines(order: Ints) -> Flags:
    """(n,) the first line of each order; the lines of one order need not stand together."""
    first = np.zeros(int(order.max(initial=-1)) + 1, dtype=np.int64)
    first[order[::-1]] = np.arange(len(order))[::-1]
    is_first: Flags = first[order] == np.arange(len(order))
    return is_first


def _rhythm(rows: _Rows, cut: float) -> dict[str, Floats]:
    day, starts = rows.lines.day, rows.starts
    last = day[np.append(starts[1:], len(day)) - 1] if len(day) else day
    recency, tenure = cut - last, cut - day[starts]
    gap, deviation = _gaps(rows, tenure)
    return {
        "recency_days": recency,
        "tenure_days": tenure,
        "mean_gap_days": gap,
        "gap_deviation_days": deviation,
        "recency_over_gap": recency / gap,
    }


def _gaps(rows: _Rows, tenure: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the days between one active day and the next."""
    at, day = rows.at[rows.is_new_day], np.floor(rows.lines.day[rows.is_new_day])
    is_gap = at[1:] == at[:-1]
    at, gaps = at[1:][is_gap], np.diff(day)[is_gap]
    count = np.bincount(at, minlength=len(tenure))
    mean = np.where(count > 0, np.bincount(at, gaps, len(tenure)) / np.maximum(count, 1), tenure)
    squares = np.bincount(at, (gaps - mean[at]) ** 2, len(tenure))
    return mean, np.sqrt(squares / np.maximum(count, 1))


def _sizes(rows: _Rows, cut: float) -> dict[str, Floats]:
    columns = _counts(rows, np.ones(len(rows.at), bool), "")
    for days in WINDOWS:
        columns |= _counts(rows, rows.lines.day >= cut - days, f"_{days}")
    return columns


def _counts(rows: _Rows, within: Flags, suffix: str) -> dict[str, Floats]:
    return {
        f"orders{suffix}": rows.sum(within & rows.is_new_order),
        f"active_days{suffix}": rows.sum(within & rows.is_new_day),
        f"items{suffix}": rows.sum(within),
        f"quantity{suffix}": rows.sum(within, rows.lines.quantity),
        f"spend{suffix}": rows.sum(within, rows.lines.amount),
    }


def _basket(rows: _Rows) -> dict[str, Floats]:
    """What each customer bought of each item, added up in the order of the rows."""
    pair = rows.at * np.int64(len(rows.lines.items)) + rows.lines.item
    order = np.argsort(pair, kind="stable")
    is_new = _differs(pair[order])
    at = rows.at[order][is_new]
    spend = np.bincount(np.cumsum(is_new) - 1, rows.lines.amount[order], len(at))
    top = np.maximum.reduceat(spend, np.flatnonzero(_differs(at))) if len(at) else spend
    total = rows.sum(np.ones(len(pair), bool), rows.lines.amount)
    share = np.divide(top, total, out=np.zeros_like(total), where=total > 0)
    return {"distinct_items": np.bincount(at, minlength=len(total)).astype(np.float64), "top_item_share": share}
