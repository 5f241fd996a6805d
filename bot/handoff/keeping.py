"""Keeping the queue: again and again, what the clock has to do with open handoffs, until nothing is due.

Several processes may do this on one database: each step is one transaction that takes the epoch and state it saw, and
who comes second is told so and goes on.

After a start, or when the clock has jumped (a machine that slept), everybody's console was out of reach: nobody counts
as gone, and nobody is given up, before the people who are there had the time to say so.
"""

import asyncio
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
from bot.handoff.states import WAITING
from bot.problem import Problem
from bot.settings import Settings
from knowledge.shop.policy import Contact

log = logging.getLogger("kefu.handoff")

JUMP_SECONDS = 30.0
"""By so much more than a steady clock's the time of day moves on when it jumps."""

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
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._changes = changes
        self._dispatch = dispatch
        self._settings = settings
        self._contact = contact
        self._clock = clock
        self._steady = steady
        self._ahead = clock() - steady()
        self._awake_since = clock()

    async def round(self) -> int:
        """Do what is due; returns how many steps were taken. One that fails keeps no other from being taken: the first
        failure is raised when all have been tried."""
        taken, failures = 0, list[BaseException]()
        for due in await self._changes.run(self.due):
            step = self._changes.change(due.conversation_id, due.step)
            [done] = await asyncio.gather(self._take(step), return_exceptions=True)
            if isinstance(done, BaseException):
                failures.append(done)
            else:
                taken += done
        if failures:
            raise failures[0]
        return taken

    async def _take(self, step: Awaitable[Handoff]) -> bool:
        try:
            await step
        except Problem as problem:
            log.debug("a step of the queue came too late: %s", problem.title)
            return False
        return True

    def _is_just_awake(self, now: float) -> bool:
        """Whether people had no time yet to show that they are there."""
        ahead, before = now - self._steady(), self._ahead
        self._ahead = ahead
        if ahead - before > JUMP_SECONDS:
            self._awake_since = now
        return now - self._awake_since < agents.PRESENT_SECONDS

    # ---- what is due ----

    def due(self) -> list[Due]:
        """Offers that lapsed come before new ones: who let one lapse is not asked again."""
        now = self._clock()
        is_just_awake = self._is_just_awake(now)
        with self._database.read() as connection:
            people, hands = agents.everybody(connection), Hands.now(connection)
            absent = [] if is_just_awake else [each.id for each in people if _has_left(each, now)]
            wrapped_up_before = now - self._settings.handoff_wrapup_minutes * 60
            held = queue.held_and_due(connection, now, wrapped_up_before, absent)
            due = [(handoff, self._held(connection, handoff, now)) for handoff in held]
            for handoff in queue.queue(connection, WAITING, limit=1000):
                may_fail = not is_just_awake
                due.append((handoff, self._waiting(connection, handoff, people, hands, now, may_fail)))
        return [Due(handoff.conversation_id, step) for handoff, step in due if step is not None]

    def _held(self, connection: Connection, handoff: Handoff, now: float) -> Step | None:
        match handoff.state:
            case "snoozed":
                return self._with(handoff, self._dispatch.wake)
            case "wrapup":
                return self._with(handoff, self._dispatch.finish)
        return self._with(handoff, self._dispatch.requeue) if self._is_deserted(connection, handoff, now) else None

    def _waiting(
        self,
        connection: Connection,
        handoff: Handoff,
        people: Sequence[Agent],
        hands: Hands,
        now: float,
        may_fail: bool,
    ) -> Step | None:
        if handoff.state == "offered" and (handoff.offered_until is None or handoff.offered_until > now):
            return None  # somebody may say yes at this moment, however long it has waited
        waits_since = self._waits_since(handoff.queued_at, now)
        if waits_since is not None and may_fail and self._is_late(waits_since, "give_up", now):
            return self._with(handoff, self._dispatch.fail)
        if handoff.state == "offered":
            return self._with(handoff, self._dispatch.expire)
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

    def _is_deserted(self, connection: Connection, handoff: Handoff, now: float) -> bool:
        """The customer has waited for an agent who has gone for longer than an escalation takes."""
        since = unanswered_since(connection, handoff.conversation_id)
        waits_since = None if since is None else self._waits_since(max(since, handoff.taken_at or 0), now)
        return waits_since is not None and self._is_late(waits_since, "escalate", now)


def _has_left(agent: Agent, now: float) -> bool:
    """Who has no capacity here works in an outside system."""
    return not agent.is_there(now) and agent.capacity > 0
