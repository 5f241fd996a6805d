"""The tables of the profiles: what the models say about each customer, and how that changed.

    customer_profiles ──< profile_changes

Both hold what can be computed again; none of it is proof of anything. A profile is keyed by the shop's own customer id,
with no foreign key: profiles may also be computed from a file of transactions, before the shop's tables are imported.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.shop.schema import Base, Id, JsonObject


class ProfileRow(Base):
    """One customer as the models saw them at `computed_at`."""

    __tablename__ = "customer_profiles"

    customer_id: Mapped[str] = mapped_column(Id, primary_key=True)
    computed_at: Mapped[datetime]
    version: Mapped[str] = mapped_column(String(64), index=True)
    """The customer model that said it (artefacts.py)."""
    segment: Mapped[str | None] = mapped_column(String(40), index=True)
    segment_since: Mapped[datetime | None]
    features: Mapped[dict[str, Any]]
    """What people and other parts may want of what the models read: {name: number} (computing.py)."""
    predictions: Mapped[list[JsonObject]]
    """[{"task", "value", "reasons": [{"code", "facts", "contribution"}]}]; of a category also "about", its name."""


class ProfileChangeRow(Base):
    """A customer moved from one segment to another (None: had none)."""

    __tablename__ = "profile_changes"
    __table_args__ = (Index(None, "customer_id", "at"),)

    change_id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime]
    before: Mapped[str | None] = mapped_column(String(40))
    after: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(64))
