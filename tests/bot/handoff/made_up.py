"""Agents and handoffs that are in no database."""

from dataclasses import replace
from typing import Any

from bot.handoff.agents import Agent
from bot.handoff.rows import Handoff

NOW = 1_800_000_000.0


def agent(name: str, **fields: Any) -> Agent:
    """There, with empty hands, good at nothing in particular."""
    given = Agent(name.casefold(), name, f"{name}@shop.example", "agent", ("en", "zh"), (), 4, True, "online", NOW, NOW)
    return replace(given, **fields)


def handoff(**fields: Any) -> Handoff:
    """Somebody calm asked for a person a moment ago."""
    empty = dict.fromkeys(Handoff.__dataclass_fields__)
    given = {
        "id": 1,
        "conversation_id": "rest:ann",
        "state": "requested",
        "reason": "asked",
        "because": (),
        "priority": "normal",
        "language": "en",
        "channel": "rest",
        "skills": (),
        "tried": (),
        "requested_at": NOW,
        "queued_at": NOW,
        "epoch": 1,
    }
    return Handoff(**{**empty, **given, **fields})
