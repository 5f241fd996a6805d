"""What people do with conversations. Each is one transaction between two turns:

    handoff = await turns.change(conversation_id, lambda unit: desk.take(unit, conversation_id, agent_id, epoch))

Every operation of an agent takes the `epoch` of the conversation that they saw (`Handoff.epoch`, or the conversation's
own). If it changed hands since, Problem 409 names who has it now, and nothing has happened. So of two who take at once
exactly one does, and nobody writes into a conversation that is not theirs any more.

The operations do not commit: `Turns.change` does, with whatever else the caller writes in the same unit (an audit row).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.conversation.events import Event, active_loop, paused, slot_set
from bot.conversation.outbox import Line
from bot.conversation.tracker import Tracker
from bot.conversation.tracker_store import TrackerStore
from bot.database import UnitOfWork
from bot.dialogue.slots import UNDER_WAY
from bot.handoff import agents
from bot.handoff.agents import Agent
from bot.handoff.deeds import AT_HAND, NO_OFFER, NOT_HELD, ended, resolved, unoffered, why_here, woken
from bot.handoff.lines import Lines
from bot.handoff.requests import columns
from bot.handoff.rows import Handoff
from bot.handoff.situation import Deed, Situation
from bot.handoff.states import HELD, WAITING, Kind, State
from bot.handoff.stretch import stretch_ended
from bot.messages import Attachment, BotMessage
from bot.problem import Problem
from bot.settings import Settings

LONGEST_SNOOZE_SECONDS = 365 * 86400.0


class Desk:
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

    # ---- taking ----

    def now(self) -> float:
        return self._clock()

    def take(
        self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int | None, quietly: bool = False
    ) -> Handoff:
        """Take a conversation that waits, is offered to one, or that the bot has. The customer is told who joined.

        One that is the agent's already stays as it is (and wakes up, or goes on after its wrap-up).
        """
        here = self._here(unit, conversation_id)
        agent = self._acting(here, agent_id)
        if here.handoff and here.handoff.state in HELD and here.handoff.agent_id == agent.id:
            return self._go_on(here, agent, epoch)
        here.expect(epoch)
        return self._take(here, agent, is_told=not quietly)[0]

    def decline(self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int | None) -> Handoff:
        """Say no to an offer: it goes back to the queue, and to somebody else."""
        here = self._here(unit, conversation_id)
        handoff = here.waiting(epoch)
        if handoff.offered_to != agent_id:
            raise Problem(409, "Changed", f"This offer is over. {here.whose()}")
        return here.write(unoffered("decline", handoff, f"agent:{agent_id}", self._clock()))[0]

    # ---- talking ----

    def say(
        self,
        unit: UnitOfWork,
        conversation_id: str,
        agent_id: str,
        epoch: int | None,
        text: str,
        files: Sequence[Attachment] = (),
    ) -> tuple[Handoff, list[Line]]:
        """Write to the customer. In a conversation that nobody has, writing takes it."""
        if not text.strip() and not files:
            raise Problem(422, "Unprocessable request", "There is nothing to send: write something or attach a file.")
        here = self._here(unit, conversation_id)
        agent, now = self._acting(here, agent_id), self._clock()
        message = BotMessage(text=text.strip() or None, files=tuple(files))
        spoken: Event = {"event": "agent", "timestamp": now, "text": message.text, "agent": agent.name}
        is_theirs = here.handoff is not None and here.handoff.state in HELD and here.handoff.agent_id == agent.id
        if not is_theirs:
            here.expect(epoch)
            return self._take(here, agent, [message], [spoken])
        return self._answer(here, agent, epoch, message, spoken)

    # ---- giving away ----

    def hand_back(
        self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int | None, note: str = ""
    ) -> Handoff:
        """Back to the bot, which says so and goes on with what it knows. The note is for colleagues and the record."""
        here, agent, handoff = self._mine(unit, conversation_id, agent_id, epoch)
        now = self._clock()
        back = self._lines.told("back_from_person", here.tracker, "back", agent=agent.name)
        deed = Deed(
            "hand_back",
            "bot",
            f"agent:{agent.id}",
            now,
            agent.id,
            note or None,
            events=stretch_ended(here.tracker, handoff, agent.name, note, now),
            notices=back,
            values=ended("bot", now, note),
        )
        return here.write(deed)[0]

    def transfer(
        self,
        unit: UnitOfWork,
        conversation_id: str,
        agent_id: str,
        epoch: int | None,
        to_agent: str | None = None,
        to_skill: str | None = None,
        note: str = "",
    ) -> Handoff:
        """To a colleague (who is offered it), to whoever has a skill, or with neither back to the queue."""
        here, agent, handoff = self._mine(unit, conversation_id, agent_id, epoch)
        now = self._clock()
        values = {**NO_OFFER, **NOT_HELD, "queued_at": now, "tried": (agent.id,), "note": note or handoff.note}
        values |= {"because": why_here(handoff)}
        if to_agent:
            colleague = self._colleague(here, to_agent, agent, now)
            values |= {"offered_to": colleague.id, "offered_until": now + self._settings.handoff_offer_seconds}
        if to_skill:
            values["skills"] = (to_skill,)
        left = self._lines.told("person_transfers", here.tracker, "left", agent=agent.name)
        after: State = "offered" if to_agent else "requested"
        deed = Deed(
            "transfer", after, f"agent:{agent.id}", now, to_agent, note or None, [paused(now)], left, (), values
        )
        return here.write(deed)[0]

    def relieve(self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int | None = None) -> Handoff:
        """From one person to another at once: by a supervisor, or where they have agreed on it in another system."""
        here, now = self._here(unit, conversation_id), self._clock()
        agent = self._acting(here, agent_id)
        handoff = here.open_handoff()
        if handoff.agent_id == agent.id:
            return self._go_on(here, agent, epoch)
        here.expect(epoch)
        joined = self._lines.told("person_joined", here.tracker, "joined", agent=agent.name)
        values = {**NO_OFFER, **AT_HAND, "agent_id": agent.id, "taken_at": now, "because": why_here(handoff)}
        event = {**paused(now), "by": agent.name}
        deed = Deed("take", "agent", f"agent:{agent.id}", now, agent.id, events=[event], notices=joined, values=values)
        return here.write(replace(deed, changes_hands=True))[0]

    def snooze(self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int | None, until: float) -> Handoff:
        """Set it aside until then, or until the customer writes. It stays the agent's."""
        here, agent, _handoff = self._mine(unit, conversation_id, agent_id, epoch)
        now = self._clock()
        if not now < until <= now + LONGEST_SNOOZE_SECONDS:
            raise Problem(422, "Unprocessable request", "Snooze it until some time from now on, within a year.")
        deed = Deed("snooze", "snoozed", f"agent:{agent.id}", now, agent.id, values={"snoozed_until": until})
        return here.write(deed)[0]

    def wake(self, unit: UnitOfWork, conversation_id: str, epoch: int | None, actor: str = "clock") -> Handoff:
        """Back from snoozing, to the same agent."""
        return woken(self._here(unit, conversation_id), epoch, actor, self._clock())

    def wrap_up(self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int | None) -> Handoff:
        """The talk is over, the paperwork is not. The customer's next message takes it up again."""
        here, agent, _handoff = self._mine(unit, conversation_id, agent_id, epoch)
        now = self._clock()
        return here.write(Deed("wrap_up", "wrapup", f"agent:{agent.id}", now, agent.id, values={"wrapup_at": now}))[0]

    def resolve(
        self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int | None, note: str = ""
    ) -> Handoff:
        """Done. The customer is told, and the bot answers when they write again (or people, by setting)."""
        here, agent, handoff = self._mine(unit, conversation_id, agent_id, epoch)
        by = agents.get(here.connection, handoff.agent_id) if handoff.agent_id else agent
        actor = f"agent:{agent.id}"
        return here.write(resolved(here, handoff, by, actor, self._lines, self._settings, self._clock(), note))[0]

    # ---- how ----

    def _here(self, unit: UnitOfWork, conversation_id: str) -> Situation:
        return Situation.read(unit, self._trackers, conversation_id)

    def _acting(self, here: Situation, agent_id: str) -> Agent:
        agent = agents.get(here.connection, agent_id)
        if not agent.is_active:
            raise Problem(403, "Forbidden", f"{agent.name}'s account is disabled.")
        return agent

    def _take(
        self,
        here: Situation,
        agent: Agent,
        said: Sequence[BotMessage] = (),
        events: Sequence[Event] = (),
        is_told: bool = True,
    ) -> tuple[Handoff, list[Line]]:
        now = self._clock()
        if here.handoff and here.handoff.state not in WAITING:
            raise Problem(409, "Taken", f"{here.whose()} Ask them to transfer it.")
        joined = self._lines.told("person_joined", here.tracker, "joined", agent=agent.name)
        cleared = [] if here.tracker.paused else _cleared(here.tracker, now)
        silenced = [{**paused(now), "by": agent.name}, *cleared]
        answered = {"first_answer_at": now} if said and not (here.handoff and here.handoff.first_answer_at) else {}
        values = {**NO_OFFER, "agent_id": agent.id, "taken_at": now, **answered}
        if here.handoff and here.handoff.offered_to != agent.id:
            values["because"] = why_here(here.handoff)
        deed = Deed(
            "take",
            "agent",
            f"agent:{agent.id}",
            now,
            agent.id,
            events=[*silenced, *events],
            notices=joined if is_told else (),
            said=said,
            values=values,
        )
        return here.write(deed, None if here.handoff else _begun(here, now))

    def _go_on(self, here: Situation, agent: Agent, epoch: int | None) -> Handoff:
        here.expect(epoch)
        handoff = here.open_handoff()
        if handoff.state == "agent":
            return handoff
        return here.write(Deed("reopen", "agent", f"agent:{agent.id}", self._clock(), agent.id, values=AT_HAND))[0]

    def _answer(
        self, here: Situation, agent: Agent, epoch: int | None, message: BotMessage, spoken: Event
    ) -> tuple[Handoff, list[Line]]:
        here.expect(epoch)
        handoff, now = here.open_handoff(), self._clock()
        is_first = handoff.first_answer_at is None
        kind: Kind | None = "answer" if is_first else "reopen" if handoff.state != "agent" else None
        values = {**AT_HAND, **({"first_answer_at": now} if is_first else {})}
        deed = Deed(kind, "agent", f"agent:{agent.id}", now, agent.id, events=[spoken], said=[message], values=values)
        return here.write(deed)

    def _mine(
        self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int | None
    ) -> tuple[Situation, Agent, Handoff]:
        """The conversation, if it is the agent's to give away; supervisors may do it for others."""
        here = self._here(unit, conversation_id)
        agent = self._acting(here, agent_id)
        here.expect(epoch)
        handoff = here.open_handoff()
        if handoff.state not in HELD:
            raise Problem(409, "Changed", f"{here.whose()} Take it first.")
        if handoff.agent_id != agent.id and agent.role == "agent":
            raise Problem(409, "Taken", here.whose())
        return here, agent, handoff

    def _colleague(self, here: Situation, agent_id: str, giver: Agent, now: float) -> Agent:
        colleague = agents.get(here.connection, agent_id)
        if colleague.id == giver.id:
            raise Problem(422, "Unprocessable request", "It is yours already; choose a colleague.")
        if not colleague.is_present(now):
            detail = f"{colleague.name} is not there just now. Choose somebody else, a skill, or the queue."
            raise Problem(409, "Away", detail)
        return colleague


def _begun(here: Situation, now: float) -> dict[str, object]:
    """The columns of a handoff that an agent begins: nobody asked, they saw that it takes a person. An earlier one's
    ticket is not about it."""
    return {**columns(here.connection, here.tracker, "agent", now), "ticket_number": None}


def _cleared(tracker: Tracker, now: float) -> list[Event]:
    """What the bot had under way is the person's now; it comes back to a clean start."""
    loop = [active_loop(None, now)] if tracker.active_loop else []
    dropped = [name for name in sorted(UNDER_WAY) if tracker.slot(name) != tracker.initial_slots.get(name)]
    return [*loop, *(slot_set(name, tracker.initial_slots.get(name), now) for name in dropped)]
