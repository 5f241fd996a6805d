"""Plans a campaign: a seed draws the audience into two arms, and everybody has a row before anything is sent."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from knowledge.campaigns.audience import Audience, Criteria, find_audience
from knowledge.campaigns.errors import CampaignError
from knowledge.campaigns.message import Message
from knowledge.campaigns.permission import Cap, Fingerprints, Permission
from knowledge.campaigns.power import detectable, usual_rate
from knowledge.campaigns.schema import CampaignRow, MemberRow

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
SMALLEST_AUDIENCE = 5
"""A smaller list would point at people, and its control group would say nothing."""
MAIL, CONTROL = "mail", "control"
WAITING, HELD_OUT, CANCELLED = "waiting", "held out", "cancelled"


@dataclass(frozen=True)
class Planned:
    """`detectable`: the smallest difference of rates that the report will probably show; None without a control arm."""

    campaign_id: str
    mailed: int
    control: int
    left_out: dict[str, int]
    detectable: float | None


@dataclass(frozen=True)
class Design:
    """How a campaign is run. `control_share` of the audience gets nothing, drawn by `seed`."""

    criteria: Criteria
    cap: Cap
    control_share: float
    seed: int


def plan(
    session: Session, campaign_id: str, message: Message, design: Design, fingerprints: Fingerprints, now: datetime
) -> Planned:
    """Stores the campaign; the caller commits. Raises CampaignError for a taken name, or an audience too small."""
    if not NAME.fullmatch(campaign_id):
        raise CampaignError(f"'{campaign_id}' is no name: small letters, digits, - and _, at most 63")
    if session.get(CampaignRow, campaign_id) is not None:
        raise CampaignError(f"there is a campaign '{campaign_id}' already; choose another name (`kefu campaign list`)")
    audience = find_audience(session, design.criteria, Permission.for_many(session, fingerprints, design.cap, now))
    _check_size(audience)
    arms = draw(len(audience.customers), design.control_share, design.seed)
    session.add(_campaign(campaign_id, message, design, audience, now))
    session.flush()
    _store_members(session, campaign_id, audience.customers, arms)
    mailed, control = arms.count(MAIL), arms.count(CONTROL)
    found = detectable(mailed, control, usual_rate(session, campaign_id, now))
    return Planned(campaign_id, mailed, control, dict(audience.left_out), found)


def draw(count: int, control_share: float, seed: int) -> list[str]:
    """An arm for each of `count` customers: exactly the share, to the nearest customer, is held out."""
    order = np.random.default_rng(seed).permutation(count)
    held_out = round(control_share * count)
    return [CONTROL if place < held_out else MAIL for place in np.argsort(order).tolist()]


def campaign_of(session: Session, campaign_id: str) -> CampaignRow:
    """Raises CampaignError naming those there are."""
    row = session.get(CampaignRow, campaign_id)
    if row is None:
        known = session.scalars(select(CampaignRow.campaign_id).order_by(CampaignRow.made_at)).all()
        raise CampaignError(f"there is no campaign '{campaign_id}'; there are: {', '.join(known) or 'none'}")
    return row


def cancel(session: Session, campaign_id: str) -> int:
    """Nobody who is waiting gets a mail; returns how many that are. Raises CampaignError for an unknown campaign."""
    campaign_of(session, campaign_id)
    waiting = select(MemberRow).where(MemberRow.campaign_id == campaign_id, MemberRow.state == WAITING)
    members = session.scalars(waiting.with_for_update()).all()
    for member in members:
        member.state = CANCELLED
    session.flush()
    return len(members)


def cap_of(campaign: CampaignRow) -> Cap:
    return Cap(**campaign.audience["cap"])


def _check_size(audience: Audience) -> None:
    if len(audience.customers) < SMALLEST_AUDIENCE:
        reasons = ", ".join(f"{count} {reason}" for reason, count in audience.left_out.items()) or "there is nobody"
        raise CampaignError(f"fewer than {SMALLEST_AUDIENCE} customers fit; left out: {reasons}")


def _campaign(campaign_id: str, message: Message, design: Design, audience: Audience, now: datetime) -> CampaignRow:
    asked = {"criteria": design.criteria.to_json(), "cap": asdict(design.cap), "left_out": dict(audience.left_out)}
    return CampaignRow(
        campaign_id=campaign_id,
        made_at=now,
        message=message.model_dump(mode="json"),
        audience=asked,
        seed=design.seed,
        control_share=design.control_share,
        sent_from=None,
    )


def _store_members(session: Session, campaign_id: str, customers: Sequence[str], arms: Sequence[str]) -> None:
    rows = [
        {
            "campaign_id": campaign_id,
            "customer_id": customer_id,
            "arm": arm,
            "state": WAITING if arm == MAIL else HELD_OUT,
            "tries": 0,
            "items": [],
        }
        for customer_id, arm in zip(customers, arms, strict=True)
    ]
    session.execute(insert(MemberRow), rows)
