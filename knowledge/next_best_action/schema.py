"""The tables of the next best action: every choice with its probability, and the policies that made them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.shop.schema import Base, JsonObject


class DecisionRow(Base):
    """One choice, under a pseudonym: what was known, what could have been done, what was done, and what came of it."""

    __tablename__ = "nba_decisions"
    __table_args__ = (Index(None, "reward", "at"),)

    decision_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """What was being answered (log.py): a message that is handled twice makes one choice. None: it was made before
    there were keys."""
    at: Mapped[datetime] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    """Keyed hash of the customer id (log.py); the id itself stands in no training table."""
    policy: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(32))
    propensity: Mapped[float]
    """How likely the policy was to choose this action, given `features` and what the rules left."""
    propensities: Mapped[dict[str, Any]]
    """{action: probability} of all that the rules left; they sum to 1."""
    features: Mapped[dict[str, Any]]
    """{name: value}, what the policy read; no age, gender, address or anything else that is sensitive."""
    because: Mapped[list[JsonObject]]
    """[{"rule", "action"}]: what each hard rule forbade."""
    reward: Mapped[float | None]
    """1 for an order in time, less the action's cost (limits.yml); None until that time is over."""
    rewarded_at: Mapped[datetime | None]


class PolicyRow(Base):
    """A policy, never changed once it has chosen: what it learns next is a new row."""

    __tablename__ = "nba_policies"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), index=True)
    """candidate, current or retired; one is current at most."""
    made_at: Mapped[datetime]
    promoted_at: Mapped[datetime | None]
    parameters: Mapped[dict[str, Any]]
    evaluation: Mapped[dict[str, Any]]
    """What the gate found when this policy was promoted or refused."""
