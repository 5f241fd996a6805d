"""The log of the next best action, kept up: rewards that are due are given, and what is too old is forgotten."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.settings import Settings
from knowledge.next_best_action.limits import load_limits
from knowledge.next_best_action.log import forget_before, reward_due
from knowledge.profiles.pseudonyms import Pseudonyms


def reward_choices(session: Session, settings: Settings, now: datetime) -> int:
    """How many choices have their reward now that had none. The caller commits."""
    return reward_due(session, Pseudonyms.of_shop(session).of, load_limits(settings.next_best_action_file), now)


def forget_choices(session: Session, settings: Settings, now: datetime) -> int:
    """How many choices were older than may be kept. The caller commits."""
    return forget_before(session, now - timedelta(days=settings.next_best_action_retention_days))
