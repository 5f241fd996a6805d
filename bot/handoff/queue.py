"""What waits, what is with people, and how long it will take. Reading only.

Who has waited longest comes first within a priority, so that nobody is ever overtaken for good: a normal one that has
waited `PATIENCE_SECONDS` longer than an urgent one is before it.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import Connection, case, func, or_, select
from sqlalchemy.orm import Session

from actions.base import Standing
from bot.handoff import agents
from bot.handoff.rows import Handoff, find, handoff_of, of_conversation
from bot.handoff.schema import handoffs
from bot.handoff.states import OPEN, WAITING

PATIENCE_SECONDS = {"urgent": 600.0, "high": 240.0, "normal": 0.0}
"""How much longer each priority counts as having waited."""
RECENT = 40
RECENT_SECONDS = 14 * 86400.0
ENOUGH = 5
"""Fewer recent handoffs than this say nothing about how long it takes."""
LEAST_SECONDS = 60.0

_COUNTS_AS = case(PATIENCE_SECONDS, value=handoffs.c.priority, else_=0.0)
ORDER = (handoffs.c.queued_at - _COUNTS_AS, handoffs.c.id)


@dataclass(frozen=True)
class SeenQueue:
    """What an action sees of the queue, within its turn's transaction."""

    session: Session

    def standing(self, conversation_id: str) -> Standing:
        return standing(self.session.connection(), conversation_id, time.time())


def queue(
    connection: Connection,
    states: Collection[str] = OPEN,
    agent_id: str | None = None,
    channel: str | None = None,
    language: str | None = None,
    limit: int = 200,
) -> list[Handoff]:
    """Open handoffs, the next one first."""
    query = select(handoffs).where(handoffs.c.ended_at.is_(None), handoffs.c.state.in_(list(states)))
    wanted = {"agent_id": agent_id, "channel": channel, "language": language}
    for name, value in wanted.items():
        if value is not None:
            query = query.where(handoffs.c[name] == value)
    return [handoff_of(row) for row in connection.execute(query.order_by(*ORDER).limit(limit))]


def held_and_due(
    connection: Connection, now: float, wrapped_up_before: float, absent: Collection[str], limit: int = 1000
) -> list[Handoff]:
    """What people have and the clock may have to do with: snoozed or wrapped up long enough, or with somebody absent.

    Nothing else: what is set aside for months must not stand before those who wait."""
    is_due = or_(
        (handoffs.c.state == "snoozed") & (handoffs.c.snoozed_until <= now),
        (handoffs.c.state == "wrapup") & (handoffs.c.wrapup_at <= wrapped_up_before),
        (handoffs.c.state == "agent") & handoffs.c.agent_id.in_(absent),
    )
    query = select(handoffs).where(handoffs.c.ended_at.is_(None), is_due).order_by(handoffs.c.id).limit(limit)
    return [handoff_of(row) for row in connection.execute(query)]


def one(connection: Connection, conversation_id: str) -> Handoff | None:
    """The conversation's open handoff."""
    return of_conversation(connection, conversation_id)


def by_id(connection: Connection, handoff_id: int) -> Handoff | None:
    return find(connection, handoff_id)


def waiting(connection: Connection) -> int:
    query = select(func.count()).where(handoffs.c.ended_at.is_(None), handoffs.c.state.in_(WAITING))
    return int(connection.execute(query).scalar_one())


def position(connection: Connection, conversation_id: str) -> int | None:
    """Its place in the queue from 1; None when it does not wait."""
    line = [handoff.conversation_id for handoff in queue(connection, WAITING, limit=10_000)]
    return line.index(conversation_id) + 1 if conversation_id in line else None


def standing(connection: Connection, conversation_id: str, now: float) -> Standing:
    """How it stands with a conversation that waits, or would be the last if it asked now."""
    place = position(connection, conversation_id) or waiting(connection) + 1
    people = agents.present(connection, now)
    return Standing(place, expected_wait(connection, place, people, now), len(people))


def expected_wait(connection: Connection, place: int, people: Sequence[agents.Agent], now: float) -> float | None:
    """Seconds until somebody takes the one at `place`; None when nobody is there or too little is known.

    With a free hand for it: the median of the recent waits. Else as many conversations must end before as there are too
    few hands, and of `n` hands one gets free every `handling time / n`.
    """
    hands = sum(agent.capacity for agent in people)
    recent = _recent(connection, now)
    if not hands or len(recent) < ENOUGH:
        return None
    load = agents.loads(connection)
    free = sum(max(agent.capacity - load.get(agent.id, 0), 0) for agent in people)
    to_take = median(taken - queued for queued, taken, _ended in recent)
    handling = [ended - taken for _queued, taken, ended in recent if ended is not None]
    missing = max(place - free, 0)
    if missing and len(handling) < ENOUGH:
        return None
    return max(to_take + (missing * median(handling) / hands if missing else 0.0), LEAST_SECONDS)


def _recent(connection: Connection, now: float) -> list[tuple[float, float, float | None]]:
    """Of those taken lately: since when they waited, when they were taken, when they ended."""
    ended = func.coalesce(handoffs.c.wrapup_at, handoffs.c.ended_at)
    query = (
        select(handoffs.c.queued_at, handoffs.c.taken_at, ended)
        .where(handoffs.c.taken_at >= now - RECENT_SECONDS, handoffs.c.reason != "agent")
        .order_by(handoffs.c.taken_at.desc())
        .limit(RECENT)
    )
    return [(queued, taken, over) for queued, taken, over in connection.execute(query)]
