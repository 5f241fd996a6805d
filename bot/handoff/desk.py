"""What people do with conversations. Each is one transaction between two turns:

    handoff = await turns.change(conversation_id, lambda unit: desk.take(unit, conversation_id, agent_id, epoch))

Every operation of an agent takes the `epoch` of the conversation that they saw (`Handoff.epoch`, or the conversation's
own). If it changed hands since, Problem 409 names who has it now, and nothing has happened. So of two who take at once
exactly one does, and nobody writes into a conversation that is not theirs any more.

The operations do not commit: `Turns.change` does, with whatever else the caller writes in the same unit (an audit row).
"""

import time
from collections.abc import Callable, Sequence

from bot.conversation.events import Event, active_loop, paused, resumed
from bot.conversation.outbox import Line
from bot.conversation.tracker import Tracker
from bot.conversation.tracker_store import TrackerStore
from bot.database import UnitOfWork
from bot.handoff import agents
from bot.handoff.agents import Agent
from bot.handoff.lines import Lines
from bot.handoff.rows import Handoff
from bot.handoff.situation import Deed, Situation
from bot.handoff.states import HELD, WAITING
from bot.messages import Attachment, BotMessage
from bot.problem import Problem
from bot.settings import Settings


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

    def take(self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int) -> Handoff:
        """Take a conversation that waits, is offered to one, or that the bot has. The customer is told who joined.

        One that is the agent's already stays as it is (and wakes up, or goes on after its wrap-up).
        """
        here = self._here(unit, conversation_id)
        agent = self._acting(here, agent_id)
        if here.handoff and here.handoff.state in HELD and here.handoff.agent_id == agent.id:
            return self._go_on(here, agent, epoch)
        here.expect(epoch)
        return self._take(here, agent)[0]

    def offer(self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int, by: str = "clock") -> Handoff:
        """Offer a waiting conversation to an agent, who may take or decline it until the offer lapses."""
        raise NotImplementedError

    def decline(self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int) -> Handoff:
        """Say no to an offer: it goes back to the queue, and to somebody else."""
        raise NotImplementedError

    # ---- talking ----

    def say(
        self,
        unit: UnitOfWork,
        conversation_id: str,
        agent_id: str,
        epoch: int,
        text: str,
        files: Sequence[Attachment] = (),
    ) -> tuple[Handoff, list[Line]]:
        """Write to the customer. In a conversation that nobody has, writing takes it."""
        raise NotImplementedError

    # ---- giving away ----

    def hand_back(self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int, note: str = "") -> Handoff:
        """Back to the bot, which says so and goes on with what it knows. The note is for colleagues and the record."""
        raise NotImplementedError

    def transfer(
        self,
        unit: UnitOfWork,
        conversation_id: str,
        agent_id: str,
        epoch: int,
        to_agent: str | None = None,
        to_skill: str | None = None,
        note: str = "",
    ) -> Handoff:
        """To a colleague (who is offered it), to whoever has a skill, or with neither back to the queue."""
        raise NotImplementedError

    def snooze(self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int, until: float) -> Handoff:
        """Set it aside until then, or until the customer writes. It stays the agent's."""
        raise NotImplementedError

    def wake(self, unit: UnitOfWork, conversation_id: str, epoch: int, actor: str = "clock") -> Handoff:
        """Back from snoozing."""
        raise NotImplementedError

    def wrap_up(self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int) -> Handoff:
        """The talk is over, the paperwork is not. The customer's next message takes it up again."""
        raise NotImplementedError

    def resolve(self, unit: UnitOfWork, conversation_id: str, agent_id: str, epoch: int, note: str = "") -> Handoff:
        """Done. The customer is told, and the bot answers when they write again (or people, by setting)."""
        raise NotImplementedError

    def fail(self, unit: UnitOfWork, conversation_id: str, epoch: int) -> Handoff:
        """Nobody took it: the customer is told honestly and offered a call back, and the bot goes on meanwhile."""
        raise NotImplementedError

    def request_call_back(self, unit: UnitOfWork, conversation_id: str, contact: str) -> Handoff:
        """The customer would rather be called or written to: note where, on the latest handoff and as a ticket."""
        raise NotImplementedError

    # ---- how ----

    def _here(self, unit: UnitOfWork, conversation_id: str) -> Situation:
        return Situation.read(unit, self._trackers, conversation_id)

    def _acting(self, here: Situation, agent_id: str) -> Agent:
        agent = agents.get(here.connection, agent_id)
        if not agent.is_active:
            raise Problem(403, "Forbidden", f"{agent.name}'s account is disabled.")
        return agent

    def _take(
        self, here: Situation, agent: Agent, said: Sequence[BotMessage] = (), events: Sequence[Event] = ()
    ) -> tuple[Handoff, list[Line]]:
        now = self._clock()
        if here.handoff and here.handoff.state not in WAITING:
            raise Problem(409, "Taken", f"{here.whose()} Ask them to transfer it.")
        joined = self._lines.say("person_joined", here.tracker, "joined", agent=agent.name)
        silenced = [] if here.tracker.paused else [paused(now), *_cleared(here.tracker, now)]
        values = {"agent_id": agent.id, "taken_at": now, "offered_to": None, "offered_until": None}
        deed = Deed(
            "take",
            "agent",
            f"agent:{agent.id}",
            now,
            agent.id,
            events=[*silenced, *events],
            notices=[joined],
            said=said,
            values=values,
        )
        return here.write(deed, _begun(here, now))

    def _go_on(self, here: Situation, agent: Agent, epoch: int) -> Handoff:
        here.expect(epoch)
        handoff = here.open_handoff()
        if handoff.state == "agent":
            return handoff
        values: dict[str, object] = {"snoozed_until": None, "wrapup_at": None}
        deed = Deed("reopen", "agent", f"agent:{agent.id}", self._clock(), agent.id, values=values)
        return here.write(deed)[0]


def _begun(here: Situation, now: float) -> dict[str, object]:
    """The columns of a handoff that an agent begins: nobody asked, they saw that it takes a person."""
    return {
        "conversation_id": here.head.id,
        "reason": "agent",
        "language": "zh" if here.tracker.slot("language") == "zh" else "en",
        "channel": here.head.id.partition(":")[0],
        "intent": (here.tracker.latest_message.get("intent") or {}).get("name"),
        "customer_id": here.tracker.slot("customer_id"),
        "requested_at": now,
        "queued_at": now,
    }


def _cleared(tracker: Tracker, now: float) -> list[Event]:
    """What the bot had under way is the person's now."""
    return [active_loop(None, now)] if tracker.active_loop else []


def _handed_back(note: str, agent: Agent, now: float) -> Event:
    return {**resumed(now), "note": note, "by": agent.name}
