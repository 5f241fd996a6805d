"""A shop floor for tests: the real turns and desk on a database, a tiny engine, agents, and a clock to be moved."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from bot.console.conversations import Conversations
from bot.conversation import outbox, tracker_store
from bot.conversation.events import Event
from bot.database import Database
from bot.handoff import agents, rows
from bot.handoff.agents import Agent
from bot.handoff.desk import Desk
from bot.handoff.dispatch import Dispatch
from bot.handoff.following import Handoffs
from bot.handoff.keeping import QueueKeeper
from bot.handoff.lines import Lines, default_responses
from bot.handoff.rows import Handoff
from bot.messages import UserMessage
from bot.settings import Settings
from bot.turn import Turns
from knowledge.shop.policy import Contact, load_policy
from knowledge.shop.shop import Shop
from tests.bot.tiny import tiny_turns


def noon_contact() -> Contact:
    """The shop's hours in a time zone where it is about noon now: people are there, and will be for hours."""
    ahead = 12 - datetime.now(UTC).hour
    return load_policy().contact.model_copy(update={"time_zone": f"Etc/GMT{-ahead:+d}", "days": (1, 2, 3, 4, 5, 6, 7)})


def night_contact() -> Contact:
    """The same shop, closed."""
    return noon_contact().model_copy(update={"opens": "01:00", "closes": "02:00"})


@dataclass
class Clock:
    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.now


class Floor:
    """One process: its turns, its desk, its queue keeper."""

    def __init__(
        self, database: Database, contact: Contact | None = None, clock: Clock | None = None, **fields: Any
    ) -> None:
        self.database = database
        self.clock = self.steady = clock or Clock()
        self.contact = contact or noon_contact()
        self.settings = Settings(**fields)
        lines = Lines(default_responses())
        handoffs = Handoffs(lines, self.settings, Shop, self.clock)
        self.turns: Turns = tiny_turns(database, handoffs=handoffs)
        self.desk = Desk(self.turns.trackers, lines, self.settings, self.clock)
        dispatch = Dispatch(self.turns.trackers, lines, self.settings, self.clock)
        rules = (self.settings, lambda: self.contact)
        self.keeper = QueueKeeper(database, self.turns, dispatch, *rules, self.clock, steady=lambda: self.steady())
        self.is_watched = True
        """Whether customers have the chat open: what is said reaches them at once."""
        self._count = 0

    def agent(self, name: str, is_there: bool = True, **fields: Any) -> Agent:
        with self.database.writing() as connection:
            agent = agents.add(connection, name, f"{name.casefold()}@shop.example", self.clock(), **fields)
            if is_there:
                agents.set_presence(connection, agent.id, "online", self.clock())
            connection.commit()
        return agent

    def leaves(self, agent: Agent) -> None:
        with self.database.writing() as connection:
            agents.set_presence(connection, agent.id, "offline", self.clock())
            connection.commit()

    def passes(self, seconds: float) -> None:
        """Time goes by; who is there stays there."""
        self.clock.now += seconds
        with self.database.writing() as connection:
            connection.execute(
                text("UPDATE agents SET seen_at = :now WHERE presence = 'online'"), {"now": self.clock()}
            )
            connection.commit()

    async def says(self, words: str, sender: str = "ann", **metadata: object) -> list[str]:
        """A customer writes; returns what they are answered at once."""
        self._count += 1
        lines = await self.turns.receive(UserMessage("rest", sender, words, f"{sender}-{self._count}", "", metadata))
        self.delivers(sender)
        return [str(line.message.text) for line in lines]

    async def does(self, work: Callable[..., Any], agent: Agent, *given: Any, sender: str = "ann", **named: Any) -> Any:
        """An agent does something with the conversation as they see it now."""
        return await self.does_at(self.epoch(sender), work, agent, *given, sender=sender, **named)

    async def does_at(
        self, epoch: int, work: Callable[..., Any], agent: Agent, *given: Any, sender: str = "ann", **named: Any
    ) -> Any:
        conversation_id = f"rest:{sender}"
        done = await self.turns.change(
            conversation_id, lambda unit: work(unit, conversation_id, agent.id, epoch, *given, **named)
        )
        self.delivers(sender)
        return done

    async def appends(self, event: Event, sender: str = "ann") -> None:
        """What an operator does over the API."""
        people = Conversations(self.turns)
        whole = {"timestamp": self.clock(), **event}
        await self.turns.change(f"rest:{sender}", lambda unit: people.append(unit, f"rest:{sender}", [whole]))

    def delivers(self, sender: str = "ann") -> None:
        """The customer's chat shows what may be sent."""
        if not self.is_watched:
            return
        with self.database.writing() as connection:
            for line in outbox.stream(connection, f"rest:{sender}", 0):
                sent = {"id": line.outbox_id}
                connection.execute(text("UPDATE outbox SET status = 'delivered' WHERE id = :id"), sent)
            connection.commit()

    def epoch(self, sender: str = "ann") -> int:
        with self.database.read() as connection:
            head = tracker_store.head(connection, f"rest:{sender}")
        assert head is not None
        return head.epoch

    def handoff(self, sender: str = "ann") -> Handoff:
        with self.database.read() as connection:
            found = rows.latest(connection, f"rest:{sender}")
        assert found is not None, "no handoff yet"
        return found

    def owner(self, sender: str = "ann") -> str:
        return str(self.rows("SELECT owner FROM conversations WHERE id = :id", id=f"rest:{sender}")[0][0])

    def stream(self, sender: str = "ann") -> list[str]:
        """What the customer sees: both sides, in order, without what was refused."""
        with self.database.read() as connection:
            lines = outbox.stream(connection, f"rest:{sender}", 0)
        return [f"{line.role}: {line.message.text}" for line in lines]

    def told(self, sender: str = "ann") -> list[str]:
        """What the customer was told by others."""
        return [line for line in self.stream(sender) if not line.startswith("user: ")]

    def steps(self, sender: str = "ann") -> list[str]:
        """The handoffs' steps so far."""
        query = "SELECT kind FROM handoff_events WHERE conversation_id = :id ORDER BY id"
        return [str(kind) for (kind,) in self.rows(query, id=f"rest:{sender}")]

    def events(self, sender: str = "ann") -> list[Event]:
        with self.database.read() as connection:
            return tracker_store.events(connection, f"rest:{sender}")

    def rows(self, query: str, **given: object) -> list[tuple[Any, ...]]:
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(text(query), given)]
