"""The tables of the campaigns.

    campaigns ──< campaign_members        unsubscribes

A member is one customer in one campaign, in one of two arms: `mail`, or `control` (held out, gets nothing). An
unsubscribe outlives campaign, import and erasure: it holds a keyed fingerprint of the address, not the address.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.shop.schema import Base, Id, JsonObject


class CampaignRow(Base):
    __tablename__ = "campaigns"

    campaign_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    made_at: Mapped[datetime]
    message: Mapped[dict[str, Any]]
    """The texts, as read from the message's file (message.py)."""
    audience: Mapped[dict[str, Any]]
    """Who was asked for, and how many were left out for which reason (audience.py)."""
    seed: Mapped[int]
    """With it and the same customers the draw of the control group comes out the same."""
    control_share: Mapped[float]
    sent_from: Mapped[datetime | None]
    """When the first mail went out; from here on both arms' orders count."""


class MemberRow(Base):
    """`state` of the arm `mail`: waiting → sending → sent, failed, refused, unsure or cancelled; else held out."""

    __tablename__ = "campaign_members"
    __table_args__ = (
        UniqueConstraint("campaign_id", "customer_id"),
        {"sqlite_autoincrement": True},  # the link in a mail holds the number: an erased customer's is not given again
    )

    member_id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaigns.campaign_id"))
    customer_id: Mapped[str] = mapped_column(Id, index=True)
    arm: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), index=True)
    why: Mapped[str | None] = mapped_column(String(64))
    """Why it was refused or failed; a code, never an address."""
    tries: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str | None] = mapped_column(String(200), index=True)
    items: Mapped[list[JsonObject]] = mapped_column(default=list)
    """[{"product_id", "reason"}] that the mail showed."""
    sent_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    unsubscribed_at: Mapped[datetime | None]


class UnsubscribeRow(Base):
    __tablename__ = "unsubscribes"

    unsubscribe_id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(64), index=True)
    """Keyed fingerprint of the folded e-mail address (unsubscribing.py)."""
    at: Mapped[datetime]
    campaign_id: Mapped[str | None] = mapped_column(String(64))
    way: Mapped[str] = mapped_column(String(16))
    """one click, page or reply; or bounce, where the address took no mail."""
