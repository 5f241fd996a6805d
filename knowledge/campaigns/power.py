"""What a campaign of this size can show: the smallest effect that its report would probably tell from chance.

Source: the usual sample size for two proportions (J. Fleiss, "Statistical Methods for Rates and Proportions").
"""

import math
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.campaigns.schema import MemberRow
from knowledge.shop.schema import OrderRow

WINDOW_DAYS = 28
Z_SURE, Z_POWER = 1.959964, 0.841621
"""Of a two-sided test at 5 %, and of finding what is there 80 times in 100."""


def detectable(mailed: int, control: int, rate: float) -> float | None:
    """The difference of rates that would be found with 80 % probability; None without a control group."""
    if not (mailed and control):
        return None
    spread = max(rate * (1 - rate), 0.01)  # nobody is sure of a rate of 0
    return (Z_SURE + Z_POWER) * math.sqrt(spread * (1 / mailed + 1 / control))


def usual_rate(session: Session, campaign_id: str, now: datetime) -> float:
    """The share of a campaign's members who ordered in the 28 days before `now`."""
    since = now - timedelta(days=WINDOW_DAYS)
    members = select(func.count()).where(MemberRow.campaign_id == campaign_id)
    buyers = (
        select(func.count(OrderRow.customer_id.distinct()))
        .join(MemberRow, MemberRow.customer_id == OrderRow.customer_id)
        .where(MemberRow.campaign_id == campaign_id, OrderRow.placed_at >= since, OrderRow.placed_at < now)
    )
    return (session.scalar(buyers) or 0) / max(session.scalar(members) or 0, 1)
