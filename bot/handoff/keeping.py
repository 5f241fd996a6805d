"""Keeping the queue: again and again, what the clock has to do with open handoffs, until nothing is due.

Several processes may do this on one database: each step is one transaction that takes the epoch and state it saw, and
who comes second is told so and goes on.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from actions.service.opening import is_open
from bot.database import Database, UnitOfWork
from bot.handoff import agents, queue
from bot.handoff.agents import Agent
from bot.handoff.attending import last_agent_of, unanswered_since
from bot.handoff.changes import Changes
from bot.handoff.dispatch import Dispatch
from bot.handoff.hands import Hands
from bot.handoff.routing import Choice, can_take, choose
from bot.handoff.rows import Handoff
from bot.problem import Problem
from bot.settings import Settings
from knowledge.shop.policy import Contact

log = logging.getLogger("kefu.handoff")

Step = Callable[[UnitOfWork], Handoff]


@dataclass(frozen=True)
class Due:
    """A step that is due for a conversation."""

    conversation_id: str
    step: Step


class QueueKeeper:
    def __init__(
        self,
        database: Database,
        changes: Changes,
        dispatch: Dispatch,
        settings: Settings,
        contact: Callable[[], Contact],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._changes = changes
        self._dispatch = dispatch
        self._settings = settings
        self._contact = contact
        self._clock = clock

    async def round(self) -> int:
        """Do what is due; returns how many steps were taken."""
        taken = 0
        for due in await self._changes.run(self.due):
            taken += await self._take(self._changes.change(due.conversation_id, due.step))
        return taken

    async def _take(self, step: Awaitable[Handoff]) -> bool:
        try:
            await step
        except Problem as problem:
            log.debug("a step of the queue came too late: %s", problem.title)
            return False
        return True

    # ---- what is due ----

    def due(self) -> list[Due]:
        """Offers that lapsed come before new ones: who let one lapse is not asked again."""
        now = self._clock()
        with self._database.read() as connection:
            found = queue.queue(connection, limit=1000)
            if not found:
                return []
            people, hands = agents.everybody(connection), Hands.now(connection)
            steps: list[Due] = []
            for handoff in found:
                step = self._step(connection, handoff, people, hands, now)
                if step is not None:
                    steps.append(Due(handoff.conversation_id, step))
            return steps

    def _step(
        self, connection: Connection, handoff: Handoff, people: Sequence[Agent], hands: Hands, now: float
    ) -> Step | None:
        match handoff.state:
            case "requested" | "offered":
                return self._waiting(connection, handoff, people, hands, now)
            case "snoozed" if handoff.snoozed_until is not None and handoff.snoozed_until <= now:
                return self._with(handoff, self._dispatch.wake)
            case "wrapup" if handoff.wrapup_at is not None and self._is_late(handoff.wrapup_at, "wrapup", now):
                return self._with(handoff, self._dispatch.finish)
            case "agent" if self._is_deserted(connection, handoff, people, now):
                return self._with(handoff, self._dispatch.requeue)
        return None

    def _waiting(
        self, connection: Connection, handoff: Handoff, people: Sequence[Agent], hands: Hands, now: float
    ) -> Step | None:
        waits_since = self._waits_since(handoff.queued_at, now)
        if waits_since is not None and self._is_late(waits_since, "give_up", now):
            return self._with(handoff, self._dispatch.fail)
        if handoff.state == "offered":
            has_lapsed = handoff.offered_until is not None and handoff.offered_until <= now
            return self._with(handoff, self._dispatch.expire) if has_lapsed else None
        if waits_since is not None and not handoff.escalated_at and self._is_late(waits_since, "escalate", now):
            return self._with(handoff, self._dispatch.escalate)
        if not any(can_take(agent, handoff, hands, now) for agent in people):
            return None  # most of a long queue: no need to look up who knows the customer
        choice = choose(handoff, people, hands, last_agent_of(connection, handoff), now)
        if choice is None:
            return None
        hands.ask(choice.agent)
        return self._offering(handoff, choice)

    def _offering(self, handoff: Handoff, choice: Choice) -> Step:
        def offer(unit: UnitOfWork) -> Handoff:
            return self._dispatch.offer(
                unit, handoff.conversation_id, choice.agent.id, handoff.epoch, because=choice.because
            )

        return offer

    def _with(self, handoff: Handoff, operation: Callable[[UnitOfWork, str, int], Handoff]) -> Step:
        return lambda unit: operation(unit, handoff.conversation_id, handoff.epoch)

    def _is_late(self, since: float, what: str, now: float) -> bool:
        minutes: float = getattr(self._settings, f"handoff_{what}_minutes")
        return now - since >= minutes * 60

    def _waits_since(self, queued_at: float, now: float) -> float | None:
        """Since when somebody could have taken it: nobody is blamed for the night. None while the shop is closed."""
        contact, zone = self._contact(), ZoneInfo(self._contact().time_zone)
        moment = datetime.fromtimestamp(now, UTC)
        if not is_open(contact, moment):
            return None
        hour, minute = map(int, contact.opens.split(":"))
        opened = moment.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
        return max(queued_at, opened.timestamp())

    def _is_deserted(self, connection: Connection, handoff: Handoff, people: Sequence[Agent], now: float) -> bool:
        """Its agent has gone, and the customer has waited for them for longer than an escalation takes."""
        agent = next((each for each in people if each.id == handoff.agent_id), None)
        if agent is None or agent.is_there(now) or agent.capacity == 0:
            return False  # who has no capacity here works in an outside system
        since = unanswered_since(connection, handoff.conversation_id)
        waits_since = None if since is None else self._waits_since(max(since, handoff.taken_at or 0), now)
        return waits_since is not None and self._is_late(waits_since, "escalate", now)
