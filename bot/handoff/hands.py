"""Whose hands are free: how many conversations everybody has in hand, and who is just being asked to take one.

Nobody is asked about two at once: the second offer would lapse while they read the first.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.handoff import agents
from bot.handoff.agents import Agent
from bot.handoff.schema import handoffs


@dataclass
class Hands:
    """Both by the agents' ids. An offer counts as a conversation in hand."""

    loads: dict[str, int]
    asked: set[str]

    @classmethod
    def now(cls, connection: Connection) -> "Hands":
        asked = select(handoffs.c.offered_to).where(handoffs.c.ended_at.is_(None), handoffs.c.state == "offered")
        return cls(dict(agents.loads(connection)), set(connection.scalars(asked)))

    def load(self, agent: Agent) -> int:
        return self.loads.get(agent.id, 0)

    def may_ask(self, agent: Agent) -> bool:
        """Whether they have a hand free, and no other offer before them."""
        return self.load(agent) < agent.capacity and agent.id not in self.asked

    def ask(self, agent: Agent) -> None:
        """They are offered one more."""
        self.loads[agent.id] = self.load(agent) + 1
        self.asked.add(agent.id)
