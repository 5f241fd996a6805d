"""Who came in the same month, and how many of them came back in each month after."""

from dataclasses import dataclass

import numpy as np

from knowledge.analysis.groups import SMALLEST_GROUP
from knowledge.customers.transactions import Floats, Ints, Transactions

PERIODS = (30.0, 91.0)
MOST_COHORTS = 18


@dataclass(frozen=True)
class Cohorts:
    """(k,) cohorts and (p,) periods after the first. A cohort of fewer than five customers is NaN throughout."""

    period_days: float
    starts: Floats
    """(k,) the day on which each cohort's period begins."""
    sizes: Ints
    retained: Floats
    """(k, p) share with a purchase in that period; NaN where it isn't over yet."""
    average: Floats
    """(p,) of all cohorts that are old enough, by size; without the first, who may be old customers."""
    low: Floats
    high: Floats


def cohorts(transactions: Transactions, cut: float) -> Cohorts | None:
    """Periods of 30 days counted back from the cut, or of 91 where there would be too many; None for fewer than 3.

    Days that are left over at the beginning belong to the first.
    """
    if not len(transactions):
        return None
    span = cut - float(np.floor(transactions.day.min()))
    days = next((each for each in PERIODS if span / each <= MOST_COHORTS), PERIODS[-1])
    count = int(span // days)
    if count < 3:
        return None
    begin = cut - count * days
    period = np.maximum(0, np.floor((transactions.day - begin) / days)).astype(np.int64)
    first = np.full(len(transactions.customers), count, dtype=np.int64)
    np.minimum.at(first, transactions.customer, period)
    back = np.unique(np.stack([transactions.customer.astype(np.int64), period]), axis=1)
    table = np.zeros((count, count))
    np.add.at(table, (first[back[0]], back[1] - first[back[0]]), 1)
    sizes = np.bincount(first[first < count], minlength=count).astype(np.int32)
    return _shared(days, np.asarray(begin + days * np.arange(count), dtype=np.float64), sizes, table)


def _shared(days: float, starts: Floats, sizes: Ints, came: Floats) -> Cohorts:
    count = len(sizes)
    is_over = np.add.outer(np.arange(count), np.arange(count)) < count
    retained = np.where(is_over & (sizes >= SMALLEST_GROUP)[:, None], came / np.maximum(sizes, 1)[:, None], np.nan)
    later = is_over & (np.arange(count) > 0)[:, None]
    known = (later * sizes[:, None]).sum(axis=0)
    share = np.where(known >= SMALLEST_GROUP, (later * came).sum(axis=0) / np.maximum(known, 1), np.nan)
    return Cohorts(days, starts, sizes, retained, share, *_interval(share, known))


def _interval(share: Floats, count: Floats) -> tuple[Floats, Floats]:
    """95 % of a share. Wilson 1927."""
    z, n = 1.96, np.maximum(count, 1)
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return middle - half, middle + half
