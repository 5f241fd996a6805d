"""Which offers went to whom and who redeemed them: what chances of redeeming are learned from.

A shop without campaigns has none, and no such task.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Floats, Ints, Texts, Transactions
from knowledge.prediction.rhythm import Rhythm, UsualGap
from knowledge.prediction.visits import Visits

OF_THE_CUSTOMER = (
    "recency_days",
    "visits_28",
    "visits_91",
    "visits_fading_30",
    "recency_surprise",
    "spend_28",
    "spend_91",
    "spend_a_visit",
    "items_a_visit",
    "items_91",
    "new_share",
    "visits_trend",
)
RATE_DOUBT = 5.0
"""Offers with the average rate that are added to a customer's or a kind's own."""
LATELY_DAYS = 91


@dataclass(frozen=True)
class OfferHistory:
    """o offers, s sendings, r redemptions; customers and items by the numbers of the transactions."""

    start: Floats
    """(o,) first and, in `end`, last day it could be redeemed."""
    end: Floats
    kind: Texts
    items: tuple[Ints, ...]
    """Of each offer, the items it makes cheaper."""
    sent_customer: Ints
    """(s,) who got which offer, in `sent_offer`."""
    sent_offer: Ints
    redeemed_customer: Ints
    """(r,) who redeemed which offer (`redeemed_offer`) on which day (`redeemed_day`)."""
    redeemed_offer: Ints
    redeemed_day: Floats
    coupon_customer: Ints
    """(c,) who paid less by a coupon of whatever kind, and when (`coupon_day`). Empty where a shop doesn't keep it, but
    it says more about redeeming than all that was bought."""
    coupon_day: Floats

    def sent_to(self, offer: int) -> Ints:
        """Customers who got the offer, ascending."""
        return np.unique(self.sent_customer[self.sent_offer == offer])

    def who_redeemed(self, offer: int, customers: Ints) -> Floats:
        """(m,) 1 for those of the customers who redeemed it after its start."""
        rows = (self.redeemed_offer == offer) & (self.redeemed_day >= self.start[offer])
        return np.isin(customers, self.redeemed_customer[rows]).astype(np.float64)

    def begun(self, offer: int, days: int) -> Self:
        """As if the offer started so many days later: what is left of it, with a longer history behind it."""
        start = self.start.copy()
        start[offer] += days
        return replace(self, start=start)


@dataclass(frozen=True)
class Sendings:
    """(m, f) features of the customers of one offer on the day before it starts.

    What a customer buys enters as it is and compared with the others who got the same offer (the log's distance from
    their mean, in standard deviations): who gets an offer differs from one to the next.
    """

    customers: Ints
    names: tuple[str, ...]
    values: Floats

    @classmethod
    def of(cls, transactions: Transactions, history: OfferHistory, offer: int) -> Self:
        start, customers = float(history.start[offer]), history.sent_to(offer)
        visits = Visits.before(transactions, start)
        rhythm = Rhythm.of(visits.of(customers), UsualGap.of(visits))
        columns = {name: _spread(rhythm.column(name), rhythm.customers, customers) for name in OF_THE_CUSTOMER}
        columns |= _fit(transactions.between(start - 2 * LATELY_DAYS, start), history.items[offer], customers)
        columns |= _coupons(history, customers, start, len(transactions.customers))
        columns |= {f"{name}_among_them": _compared(values) for name, values in columns.items()}
        columns |= _habit(history, customers, start, len(transactions.customers))
        columns |= {name: np.full(len(customers), value) for name, value in _kind(history, offer, start).items()}
        return cls(customers, tuple(columns), np.column_stack(list(columns.values())))


def _compared(values: Floats) -> Floats:
    eased = np.sign(values) * np.log1p(np.abs(values))
    return np.asarray((eased - eased.mean()) / max(float(eased.std()), 1e-9))


def _spread(values: Floats, known: Ints, customers: Ints) -> Floats:
    """Values of the known ones among the customers; 0 for whoever has bought nothing yet."""
    found = np.zeros(len(customers))
    found[np.searchsorted(customers, known)] = values
    return found


def _habit(history: OfferHistory, customers: Ints, start: float, count: int) -> dict[str, Floats]:
    """What the customer did with offers before."""
    known, before = history.redeemed_day < start, history.start[history.sent_offer] < start
    coupons = np.bincount(history.redeemed_customer[known], minlength=count)[customers].astype(np.float64)
    pairs = np.unique(np.column_stack([history.redeemed_customer[known], history.redeemed_offer[known]]), axis=0)
    redeemed = np.bincount(pairs[:, 0].astype(np.int64), minlength=count)[customers].astype(np.float64)
    sent = np.bincount(history.sent_customer[before], minlength=count)[customers].astype(np.float64)
    usual = redeemed.sum() / max(1.0, sent.sum())
    return {
        "offers_redeemed": redeemed,
        "coupons_redeemed": coupons,
        "redeem_rate": (redeemed + RATE_DOUBT * usual) / (sent + RATE_DOUBT),
    }


def _coupons(history: OfferHistory, customers: Ints, start: float, count: int) -> dict[str, Floats]:
    """Coupons of any kind used before: all, lately, with forgetting, and on how many days."""
    known = history.coupon_day < start
    who, age = history.coupon_customer[known], start - history.coupon_day[known]

    def sums(weights: npt.NDArray[np.generic]) -> Floats:
        return np.asarray(np.bincount(who, weights.astype(np.float64), count)[customers], dtype=np.float64)

    days = np.unique(np.column_stack([who, np.floor(age)]), axis=0)[:, 0].astype(np.int64)
    return {
        "coupons": sums(np.ones(len(age))),
        "coupons_91": sums(age <= LATELY_DAYS),
        "coupons_fading_60": sums(np.exp2(-age / 60)),
        "coupon_days": np.asarray(np.bincount(days, minlength=count)[customers], dtype=np.float64),
    }


def _fit(lines: Transactions, items: Ints, customers: Ints) -> dict[str, Floats]:
    """How much of what the customer buys the offer makes cheaper."""
    count = len(lines.customers)
    wanted = np.isin(lines.item, items)
    spend = np.bincount(lines.customer, lines.amount, count)[customers]
    offered = np.bincount(lines.customer[wanted], lines.amount[wanted], count)[customers]
    pairs = np.unique(np.column_stack([lines.customer[wanted], lines.item[wanted]]), axis=0)
    return {
        "offered_spend": np.asarray(offered, dtype=np.float64),
        "offered_share": offered / np.maximum(spend, 1.0),
        "offered_items": np.asarray(np.bincount(pairs[:, 0], minlength=count)[customers], dtype=np.float64),
        "offered_lines": np.asarray(np.bincount(lines.customer[wanted], minlength=count)[customers], dtype=np.float64),
    }


def _kind(history: OfferHistory, offer: int, start: float) -> dict[str, float]:
    """What is known of the offer itself, and of those of its kind that have ended."""
    ended = np.flatnonzero(history.end < start)
    sent = np.bincount(history.sent_offer, minlength=len(history.start)).astype(np.float64)
    pairs = np.unique(np.column_stack([history.redeemed_customer, history.redeemed_offer]), axis=0)
    redeemed = np.bincount(pairs[:, 1].astype(np.int64), minlength=len(history.start)).astype(np.float64)
    alike = ended[history.kind[ended] == history.kind[offer]]
    usual = redeemed[ended].sum() / max(1.0, sent[ended].sum())
    rate = (redeemed[alike].sum() + RATE_DOUBT * usual) / (sent[alike].sum() + RATE_DOUBT)
    length = float(history.end[offer] - start)
    return {
        "kind_rate": rate,
        "length_days": length,
        "items_offered": float(len(history.items[offer])),
        "reach": sent[offer],
    }
