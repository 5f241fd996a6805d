"""Whether the shop's people are there at a moment. Pure."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from actions.base import Tracker
from knowledge.shop.policy import Contact


def is_open(contact: Contact, moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo(contact.time_zone))
    return local.isoweekday() in contact.days and contact.opens <= f"{local:%H:%M}" < contact.closes


def moment_of(tracker: Tracker) -> datetime:
    """When the customer wrote, so that a turn done again says the same."""
    times = [event["timestamp"] for event in tracker.events if event.get("event") == "user" and event.get("timestamp")]
    return datetime.fromtimestamp(times[-1], UTC) if times else datetime.now(UTC)
