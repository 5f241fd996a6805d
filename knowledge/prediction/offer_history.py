"""Which offers went to whom and who redeemed them: what chances of redeeming are learned from.

A shop without campaigns has none, and no such task.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from knowledge.customers.transactions import Floats, Ints, Texts, Transactions
from knowledge.prediction.rhythm import Rhythm
from knowledge.prediction.visits import Visits

OF_THE_CUSTOMER = (
    "recency_days",
    "tenure_days",
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

    def sent_to(self, offer: int) -> Ints:
        """Customers who got the offer, ascending."""
        return np.unique(self.sent_customer[self.sent_offer == offer])

    def who_redeemed(self, offer: int, customers: Ints) -> Floats:
        """(m,) 1 for those of the customers who redeemed it."""
        return np.isin(customers, self.redeemed_customer[self.redeemed_offer == offer]).astype(np.float64)


@dataclass(frozen=True)
class Sendings:
    """(m, f) features of the customers of one offer on the day before it starts.

    A customer is compared with the others who got the same offer (the log's distance from their mean, in standard
    deviations): who gets an offer differs from one to the next, and so does how long everybody has been known.
    """

    customers: Ints
    names: tuple[str, ...]
    values: Floats

    @classmethod
    def of(cls, transactions: Transactions, history: OfferHistory, offer: int) -> Self:
        start, customers = float(history.start[offer]), history.sent_to(offer)
        rhythm = Rhythm.of(Visits.before(transactions, start).of(customers))
        columns = {name: _spread(rhythm.column(name), rhythm.customers, customers) for name in OF_THE_CUSTOMER}
        columns |= _habit(history, customers, start, len(transactions.customers))
        columns |= _fit(transactions.between(start - 2 * LATELY_DAYS, start), history.items[offer], customers)
        columns = {name: _compared(values) for name, values in columns.items()}
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
    last = np.full(count, start - 365.0)
    np.maximum.at(last, history.redeemed_customer[known], history.redeemed_day[known])
    return {
        "offers_sent": sent,
        "offers_redeemed": redeemed,
        "coupons_redeemed": coupons,
        "redeem_rate": (redeemed + RATE_DOUBT * usual) / (sent + RATE_DOUBT),
        "since_redeemed_days": start - last[customers],
    }


def _fit(lines: Transactions, items: Ints, customers: Ints) -> dict[str, Floats]:
    """How much of what the customer buys the offer makes cheaper."""
    count = len(lines.customers)
    wanted = np.isin(lines.item, items)
    spend = np.bincount(lines.customer, lines.amount, count)[customers]
    offered = np.bincount(lines.customer[wanted], lines.amount[wanted], count)[customers]
    pairs = np.unique(np.column_stack([lines.customer[wanted], lines.item[wanted]]), axis=0)
    return {
        "offered_spend": offered,
        "offered_share": offered / np.maximum(spend, 1.0),
        "offered_items": np.bincount(pairs[:, 0], minlength=count)[customers].astype(np.float64),
        "offered_lines": np.bincount(lines.customer[wanted], minlength=count)[customers].astype(np.float64),
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
