"""Which conversations an agent may see: all of them, or with KEFU_AGENTS_SEE=own_and_waiting only what concerns them.

That is what they have, or had last; what is offered to them; and what waits for somebody with a skill of theirs.
Supervisors and administrators see everything. Every list asks for the condition; every route that names a conversation
asks, before it does anything, whether it is seen (login/access.py). What is not seen is not there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, bindparam, text

from bot.conversation.sql import Statement
from bot.handoff import agents
from bot.handoff.routing import has_skill

Rule = Literal["all", "own_and_waiting"]

_WAITS = "h.ended_at IS NULL AND h.state IN ('requested', 'offered')"
_WANTED = Statement(f"SELECT DISTINCT h.skills FROM handoffs h WHERE {_WAITS}")
_LATEST = (
    "SELECT h.conversation_id FROM handoffs h WHERE h.id ="
    " (SELECT MAX(x.id) FROM handoffs x WHERE x.conversation_id = h.conversation_id)"
)


@dataclass(frozen=True)
class Sight:
    """What somebody sees, as a condition on `h`, the latest handoff of each conversation, and its parameters."""

    condition: str = "1 = 1"
    given: Mapping[str, Any] = field(default_factory=dict)


EVERYTHING = Sight()


@dataclass(frozen=True)
class Seeing:
    rule: Rule = "all"

    @property
    def is_limited(self) -> bool:
        """Whether there is anybody who does not see everything."""
        return self.rule != "all"

    def of(self, connection: Connection, agent_id: str) -> Sight:
        agent = agents.find(connection, agent_id) if self.is_limited else None
        if agent is None or agent.role != "agent":
            return EVERYTHING
        wanted = [str(row[0]) for row in _WANTED.all(connection, {}) if _can_any(agent, orjson.loads(row[0]))]
        given = {f"skills_{number}": skills for number, skills in enumerate(wanted)}
        waits = f" OR ({_WAITS} AND h.skills IN ({', '.join(f':{name}' for name in given)}))" if given else ""
        theirs = f"h.agent_id = :sees OR ({_WAITS} AND h.offered_to = :sees)"
        return Sight(f"({theirs}{waits})", {"sees": agent_id, **given})

    def seen(self, connection: Connection, agent_id: str, conversation_ids: Collection[str]) -> set[str]:
        """Those of them that the agent sees."""
        sight = self.of(connection, agent_id)
        if sight is EVERYTHING or not conversation_ids:
            return set(conversation_ids)
        query = text(f"{_LATEST} AND {sight.condition} AND h.conversation_id IN :ids")
        found = connection.execute(
            query.bindparams(bindparam("ids", expanding=True)), {**sight.given, "ids": list(conversation_ids)}
        )
        return set(found.scalars())

    def open_ones(self, connection: Connection, agent_id: str) -> set[str] | None:
        """The open conversations that the agent sees; None: everything."""
        sight = self.of(connection, agent_id)
        if sight is EVERYTHING:
            return None
        found = connection.execute(text(f"{_LATEST} AND h.ended_at IS NULL AND {sight.condition}"), sight.given)
        return set(found.scalars())


UNLIMITED = Seeing()


def _can_any(agent: agents.Agent, skills: Collection[str]) -> bool:
    """Who names no skill can everything; what asks for none, everybody can."""
    return not agent.skills or not skills or any(has_skill(agent, skill) for skill in skills)
