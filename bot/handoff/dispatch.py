"""What the clock does with handoffs: offers them, lets offers lapse, escalates, gives up, wakes what is snoozed.

Each is one transaction between two turns, as the operations of the desk are, and takes the epoch that was seen.
"""

import time
from collections.abc import Callable, Mapping, Sequence

from bot.conversation.events import paused, slot_set
from bot.conversation.tracker import Tracker
from bot.conversation.tracker_store import TrackerStore
from bot.database import UnitOfWork
from bot.handoff import agents
from bot.handoff.deeds import NO_OFFER, NOT_HELD, ended, resolved, unoffered, why_here, woken
from bot.handoff.hands import Hands
from bot.handoff.lines import Lines
from bot.handoff.rows import Handoff
from bot.handoff.situation import Deed, Situation
from bot.handoff.stretch import OFFERED, stretch_ended
from bot.problem import Problem
from bot.settings import Settings

OVERTAKEN = "Another process has seen to that meanwhile."


class Dispatch:
    def __init__(
        self,
        trackers: TrackerStore[Tracker],
        lines: Lines,
        settings: Settings,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._trackers = trackers
        self._lines = lines
        self._settings = settings
        self._clock = clock

    def offer(
        self,
        unit: UnitOfWork,
        conversation_id: str,
        agent_id: str,
        epoch: int,
        because: Sequence[Mapping[str, str]] = (),
        by: str = "clock",
    ) -> Handoff:
        """Offer a waiting conversation to an agent, who may take or decline it until the offer lapses.

        `because` says why to this one; it is kept with the handoff's own reasons.
        """
        here = self._here(unit, conversation_id)
        handoff, now = here.waiting(epoch), self._clock()
        agent = agents.locked(here.connection, agent_id)
        is_asking = handoff.state == "requested" and agent.id not in handoff.tried  # nor have they said no meanwhile
        if not is_asking or not agent.is_present(now) or not Hands.now(here.connection).may_ask(agent):
            raise Problem(409, "Changed", f"{agent.name} cannot be offered this conversation now.")
        values = {
            "offered_to": agent.id,
            "offered_until": now + self._settings.handoff_offer_seconds,
            "because": (*why_here(handoff), *because),
        }
        return here.write(Deed("offer", "offered", by, now, agent.id, values=values))[0]

    def expire(self, unit: UnitOfWork, conversation_id: str, epoch: int) -> Handoff:
        """The offer has lapsed: back to the queue, and to somebody else."""
        here, now = self._here(unit, conversation_id), self._clock()
        handoff = here.waiting(epoch)
        if handoff.state != "offered" or handoff.offered_until is None or handoff.offered_until > now:
            raise Problem(409, "Changed", OVERTAKEN)
        return here.write(unoffered("expire", handoff, "clock", now))[0]

    def escalate(self, unit: UnitOfWork, conversation_id: str, epoch: int) -> Handoff:
        """It has waited too long: from now on supervisors are offered it as well, and everybody once more."""
        here = self._here(unit, conversation_id)
        handoff, now = here.waiting(epoch), self._clock()
        if handoff.state != "requested" or handoff.escalated_at is not None:
            raise Problem(409, "Changed", OVERTAKEN)
        return here.write(
            Deed("escalate", "requested", "clock", now, values={**NO_OFFER, "escalated_at": now, "tried": ()})
        )[0]

    def requeue(self, unit: UnitOfWork, conversation_id: str, epoch: int) -> Handoff:
        """Its agent is gone and the customer has written: somebody else has to look after them."""
        here = self._here(unit, conversation_id)
        here.expect(epoch)
        handoff, now = here.open_handoff(), self._clock()
        tried = (handoff.agent_id,) if handoff.agent_id else ()
        values = {**NO_OFFER, **NOT_HELD, "queued_at": now, "tried": tried, "because": why_here(handoff)}
        left = self._lines.told("person_transfers", here.tracker, "left")
        return here.write(Deed("transfer", "requested", "clock", now, None, None, [paused(now)], left, (), values))[0]

    def fail(self, unit: UnitOfWork, conversation_id: str, epoch: int) -> Handoff:
        """Nobody took it: the customer is told honestly and offered a call back, and the bot goes on meanwhile."""
        here = self._here(unit, conversation_id)
        handoff, now = here.waiting(epoch), self._clock()
        line = "nobody_there_but_noted" if handoff.call_back else "nobody_there"
        deed = Deed(
            "fail",
            "failed",
            "clock",
            now,
            events=[*stretch_ended(here.tracker, handoff, "", "", now), slot_set(OFFERED, not handoff.call_back, now)],
            notices=[self._lines.say(line, here.tracker, "failed", contact=handoff.call_back)],
            values=ended("failed", now),
        )
        return here.write(deed)[0]

    def wake(self, unit: UnitOfWork, conversation_id: str, epoch: int) -> Handoff:
        """Back from snoozing, to the same agent."""
        return woken(self._here(unit, conversation_id), epoch, "clock", self._clock())

    def finish(self, unit: UnitOfWork, conversation_id: str, epoch: int) -> Handoff:
        """The wrap-up has lasted long enough: resolved."""
        here, now = self._here(unit, conversation_id), self._clock()
        here.expect(epoch)
        handoff = here.open_handoff()
        if handoff.state != "wrapup" or handoff.agent_id is None:
            return handoff
        agent = agents.get(here.connection, handoff.agent_id)
        return here.write(resolved(here, handoff, agent, "clock", self._lines, self._settings, now))[0]

    def _here(self, unit: UnitOfWork, conversation_id: str) -> Situation:
        return Situation.read(unit, self._trackers, conversation_id)
