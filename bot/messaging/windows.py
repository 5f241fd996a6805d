"""Until when a platform takes what is said to a customer, where it only does so for a time after their last message."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection

from bot.conversation.sql import Statement
from bot.messaging.channel import Channel

_LATEST = Statement(
    "SELECT received_at, metadata FROM inbox WHERE conversation_id = :conversation_id ORDER BY seq DESC LIMIT 1"
)


def closes_at(heard_at: float | None, window_hours: float | None) -> float | None:
    """In seconds since 1970; None where there is no such window. It was never open for whom nobody has heard."""
    return None if window_hours is None else (heard_at or 0.0) + window_hours * 3600


def window_closes_at(
    connection: Connection, conversation_id: str, channels: Mapping[str, Channel[Any]]
) -> float | None:
    """Until when the customer can be answered; None: at any time."""
    channel = channels.get(conversation_id.partition(":")[0])
    if channel is None:
        return None
    heard_at, latest = _LATEST.first(connection, {"conversation_id": conversation_id}) or (None, "{}")
    return closes_at(heard_at, channel.shows(orjson.loads(latest)).window_hours)
