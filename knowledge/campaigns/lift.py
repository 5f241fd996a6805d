"""What a campaign changed: orders and spend of the mailed arm beyond the control group, with 95 % intervals.

Everybody counts in the arm they were drawn into, also who was refused or could not be reached: only so do both arms
hold the same kind of people. Sources: R. Newcombe, "Interval estimation for the difference between independent
proportions" (1998), method 10; D. Katz et al. (1978) for the ratio; the spend's interval is a percentile bootstrap.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import Session

from knowledge.campaigns.errors import CampaignError
from knowledge.campaigns.planning import CONTROL, MAIL, campaign_of
from knowledge.campaigns.schema import MemberRow
from knowledge.customers.shop_lines import SENT_BACK
from knowledge.customers.transactions import Floats
from knowledge.shop.schema import LineRow, OrderRow
from knowledge.shop.types import OrderStatus

Z = 1.959964
RESAMPLES = 2000
SMALLEST_ARM = 5
"""A smaller one would point at people."""
UNDONE = (OrderStatus.CANCELLED, *SENT_BACK)


@dataclass(frozen=True)
class Interval:
    value: float
    low: float
    high: float

    def includes(self, nothing: float) -> bool:
        return self.low <= nothing <= self.high


@dataclass(frozen=True)
class Arm:
    """`buyers` placed an order in the window that still stands."""

    people: int
    buyers: int
    spend: Floats
    """(people,) in the shop's currency."""

    @property
    def rate(self) -> float:
        return self.buyers / self.people


@dataclass(frozen=True)
class Lift:
    """`ratio` is None where an arm has no buyer. `days_left` of the window: above 0 the figures are not final."""

    mail: Arm
    control: Arm
    difference: Interval
    ratio: Interval | None
    spend: Interval
    days: int
    days_left: float


def lift(session: Session, campaign_id: str, days: int, now: datetime) -> Lift:
    """Raises CampaignError before the first mail, and where an arm is too small to be shown."""
    campaign = campaign_of(session, campaign_id)
    if campaign.sent_from is None:
        raise CampaignError(f"'{campaign_id}' has not been sent, so there is nothing to compare yet")
    end = campaign.sent_from + timedelta(days=days)
    mail, control = (_arm(session, campaign_id, arm, campaign.sent_from, min(end, now)) for arm in (MAIL, CONTROL))
    if min(mail.people, control.people) < SMALLEST_ARM:
        raise CampaignError(
            f"'{campaign_id}' has fewer than {SMALLEST_ARM} people in an arm: what they did is not shown. "
            "Plan the next one with a larger control share."
        )
    return Lift(
        mail,
        control,
        difference_of_rates(mail, control),
        ratio_of_rates(mail, control),
        difference_of_means(mail.spend, control.spend),
        days,
        max(0.0, (end - now).total_seconds() / 86_400),
    )


def states(session: Session, campaign_id: str) -> dict[str, int]:
    """How many members are in which state. Raises CampaignError when there is no such campaign."""
    campaign_of(session, campaign_id)
    query = select(MemberRow.state, func.count()).where(MemberRow.campaign_id == campaign_id).group_by(MemberRow.state)
    return {row[0]: row[1] for row in session.execute(query)}


def responses(session: Session, campaign_id: str) -> dict[str, int]:
    """How many replied, and how many unsubscribed."""
    query = select(func.count(MemberRow.replied_at), func.count(MemberRow.unsubscribed_at)).where(
        MemberRow.campaign_id == campaign_id
    )
    replied, unsubscribed = session.execute(query).one()
    return {"replied": replied, "unsubscribed": unsubscribed}


def difference_of_rates(mail: Arm, control: Arm) -> Interval:
    """Newcombe's interval from the two Wilson intervals: good also for small arms and rates near 0."""
    value = mail.rate - control.rate
    (low_m, high_m), (low_c, high_c) = _wilson(mail), _wilson(control)
    low = value - math.hypot(mail.rate - low_m, high_c - control.rate)
    high = value + math.hypot(high_m - mail.rate, control.rate - low_c)
    return Interval(value, max(low, -1.0), min(high, 1.0))


def ratio_of_rates(mail: Arm, control: Arm) -> Interval | None:
    """Katz's interval of the log; None where an arm has no buyer."""
    if not (mail.buyers and control.buyers):
        return None
    value = mail.rate / control.rate
    spread = Z * math.sqrt(1 / mail.buyers - 1 / mail.people + 1 / control.buyers - 1 / control.people)
    return Interval(value, value * math.exp(-spread), value * math.exp(spread))


def difference_of_means(mail: Floats, control: Floats, seed: int = 0) -> Interval:
    """Spend is skewed, so its interval is resampled rather than assumed."""
    random = np.random.default_rng(seed)
    differences = [
        mail[random.integers(len(mail), size=len(mail))].mean()
        - control[random.integers(len(control), size=len(control))].mean()
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(differences, [0.025, 0.975])
    return Interval(float(mail.mean() - control.mean()), float(low), float(high))


def _wilson(arm: Arm) -> tuple[float, float]:
    n, p = arm.people, arm.rate
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return centre - half, centre + half


def _arm(session: Session, campaign_id: str, arm: str, start: datetime, end: datetime) -> Arm:
    cents = type_coerce(LineRow.unit_price, BigInteger)
    spent = (
        select(OrderRow.customer_id, func.sum(cents * LineRow.quantity).label("cents"))
        .join(LineRow, LineRow.order_id == OrderRow.order_id)
        .where(OrderRow.placed_at >= start, OrderRow.placed_at < end, OrderRow.status.not_in(UNDONE))
        .group_by(OrderRow.customer_id)
        .subquery()
    )
    query = (
        select(spent.c.cents)
        .select_from(MemberRow)
        .outerjoin(spent, spent.c.customer_id == MemberRow.customer_id)
        .where(MemberRow.campaign_id == campaign_id, MemberRow.arm == arm)
    )
    spends = [None if found is None else float(found) / 100 for found in session.scalars(query)]
    buyers = sum(spend is not None for spend in spends)
    return Arm(len(spends), buyers, np.array([spend or 0.0 for spend in spends]))
