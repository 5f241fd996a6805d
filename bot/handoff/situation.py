"""A conversation between two turns, as a desk operation finds it, and the one way to change it.

`Situation.write` does all of it in the caller's transaction: the tracker's events, the owner and its epoch, what is
said, the handoff's row and its event, its ticket, and refusing what the bot had not sent yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from bot.conversation import outbox, tracker_store
from bot.conversation.events import Event, bot_uttered
from bot.conversation.outbox import Batch, Line
from bot.conversation.tracker import Tracker
from bot.conversation.tracker_store import Change, Head, StaleConversation, TrackerStore
from bot.database import UnitOfWork
from bot.handoff import agents, rows
from bot.handoff.rows import Handoff, Step
from bot.handoff.states import OWNERS, WAITING, Kind, State
from bot.messages import BotMessage
from bot.problem import Problem
from knowledge.shop.shop import Shop

SETTLED: frozenset[Kind] = frozenset({"resolve", "hand_back"})
LOOK_AGAIN = "Look at it again before you go on."


@dataclass(frozen=True)
class Deed:
    """What is done to a conversation: who does what, what follows for the tracker, and what is said."""

    kind: Kind | None
    """None: nothing that the handoff's record needs to know (another line of the agent's)."""
    after: State
    actor: str
    at: float
    agent_id: str | None = None
    """Who has it afterwards, or whom it is about."""
    note: str | None = None
    events: Sequence[Event] = ()
    notices: Sequence[BotMessage] = ()
    """What the customer is told about it."""
    said: Sequence[BotMessage] = ()
    """What the agent says to the customer."""
    values: Mapping[str, object] = field(default_factory=dict)
    """Columns of the handoff to set."""
    changes_hands: bool = False
    """The conversation goes from one person to another: the epoch moves although the owner's name stays."""


@dataclass
class Situation:
    connection: Connection
    session: Session
    head: Head
    tracker: Tracker
    handoff: Handoff | None

    @classmethod
    def read(cls, unit: UnitOfWork, trackers: TrackerStore[Tracker], conversation_id: str) -> "Situation":
        """Begins the write transaction. Raises Problem 404 for a conversation that nobody began."""
        connection = unit.connection
        head = tracker_store.head(connection, conversation_id)
        if head is None:
            raise Problem(404, "Not found", f"There is no conversation {conversation_id}.")
        tracker = trackers.read(connection, conversation_id)
        return cls(connection, unit.session, head, tracker, rows.of_conversation(connection, conversation_id))

    def expect(self, epoch: int | None) -> None:
        """Raises Problem 409, naming who has it now, where the conversation changed hands since `epoch`.

        None: whoever acts sees no epochs (an outside system) and means the conversation as it is.
        """
        if epoch is not None and epoch != self.head.epoch:
            raise Problem(409, "Taken" if self.head.owner == "agent" else "Changed", f"{self.whose()} {LOOK_AGAIN}")

    def whose(self) -> str:
        """Who has the conversation, in a sentence."""
        if self.handoff and self.handoff.agent_id and self.head.owner == "agent":
            return f"{agents.get(self.connection, self.handoff.agent_id).name} has this conversation now."
        return {
            "bot": "The bot has this conversation now.",
            "queue": "This conversation waits in the queue now.",
            "agent": "A person has this conversation now.",
        }[self.head.owner]

    def open_handoff(self) -> Handoff:
        """Raises Problem 409 where no person is asked for or has it."""
        if self.handoff is None:
            raise Problem(409, "Changed", f"{self.whose()} Take it first.")
        return self.handoff

    def waiting(self, epoch: int | None) -> Handoff:
        """The handoff, if nobody has taken it. Raises Problem 409."""
        self.expect(epoch)
        handoff = self.open_handoff()
        if handoff.state not in WAITING:
            raise Problem(409, "Taken", self.whose())
        return handoff

    def write(self, deed: Deed, create: Mapping[str, object] | None = None) -> tuple[Handoff, list[Line]]:
        """Do it; the caller commits. `create`: the columns of a handoff that begins with it."""
        owner = OWNERS[deed.after]
        is_moved = owner != self.head.owner or deed.changes_hands
        spoken = [bot_uttered(message, deed.at) for message in deed.notices]
        events = [*deed.events, *spoken]
        self.tracker.apply_all(events)
        try:
            last_seq, epoch = tracker_store.save(
                self.connection, self._change(deed, events, is_moved), self.tracker, deed.at
            )
        except StaleConversation:
            raise Problem(409, "Changed", f"The conversation changed meanwhile. {LOOK_AGAIN}") from None
        lines = self._say(deed, last_seq, epoch)
        if is_moved:
            outbox.refuse_outdated(self.connection, self.head.id)
        if deed.kind is None:
            return self.open_handoff(), lines
        step = Step(deed.kind, deed.after, deed.actor, deed.at, epoch, deed.agent_id, deed.note)
        if self.handoff is None:
            return rows.create(self.connection, {**(create or {}), **deed.values}, step), lines
        if deed.kind in SETTLED:
            self._solve_ticket(self.handoff)
        return rows.change(self.connection, self.handoff, step, **deed.values), lines

    def _solve_ticket(self, handoff: Handoff) -> None:
        """A person has dealt with it: it waits for nobody. A call that was asked for is a ticket of its own."""
        shop, number = Shop(self.session), handoff.ticket_number
        key = f"handoff:{handoff.id}:{round(handoff.requested_at * 1000)}"  # a number may come again after an erasure
        if number and shop.ticket(number):
            shop.solve_ticket(number, key=key, actor=f"agent:{handoff.agent_id}")

    def _say(self, deed: Deed, last_seq: int, epoch: int) -> list[Line]:
        first = last_seq - len(deed.notices) - len(deed.said) + 1
        notices = Batch(self.head.id, deed.notices, first, epoch)
        said = Batch(self.head.id, deed.said, first + len(deed.notices), epoch, role="agent", agent_id=deed.agent_id)
        return [line for batch in (notices, said) for line in outbox.put(self.connection, batch, deed.at)]

    def _change(self, deed: Deed, events: Sequence[Event], is_moved: bool) -> Change:
        return Change(
            conversation_id=self.head.id,
            version=self.head.version,
            turn=self.tracker.turn_number,
            messages=len(deed.notices) + len(deed.said),
            owner=OWNERS[deed.after],
            is_moved=is_moved,
            language=self.tracker.slot("language"),
            customer_id=self.tracker.slot("customer_id"),
            signed_as=self.head.signed_as,
            signed_until=self.head.signed_until,
            events=events,
            decision=None,
        )
