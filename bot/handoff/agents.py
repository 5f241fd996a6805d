"""The shop's people: who they are, what they can, whether they are there and how much they have in hand."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import cast

import orjson
from sqlalchemy import Connection, Row, func, insert, select, update

from bot.handoff.schema import agents, handoffs
from bot.handoff.states import Presence, Role
from bot.problem import Problem

PRESENT_SECONDS = 90.0
"""Who has not been heard of for so long is not there, whatever they set: a closed laptop takes no conversations."""
AT_WORK = ("agent", "wrapup")
"""States that fill an agent's hands; what is snoozed does not."""


@dataclass(frozen=True)
class Agent:
    id: str
    name: str
    email: str
    role: Role
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    """Intents and topics that they know best; empty: everything alike."""
    capacity: int
    """Conversations at once."""
    is_active: bool
    presence: Presence
    seen_at: float | None
    created_at: float

    def is_there(self, now: float) -> bool:
        """Whether they have the console open, whatever they say of themselves."""
        return self.is_active and self.seen_at is not None and now - self.seen_at <= PRESENT_SECONDS

    def is_present(self, now: float) -> bool:
        """Whether they take conversations at this moment."""
        return self.presence == "online" and self.is_there(now)


def add(
    connection: Connection,
    name: str,
    email: str,
    now: float,
    role: Role = "agent",
    languages: Collection[str] = ("en", "zh"),
    skills: Collection[str] = (),
    capacity: int = 4,
) -> Agent:
    """A new agent. Raises Problem 409 where the e-mail address is somebody's already."""
    if by_email(connection, email):
        raise Problem(409, "Conflict", f"There is an agent with the address {email} already; use another one.")
    agent_id = secrets.token_hex(6)
    row = {
        "id": agent_id,
        "name": name,
        "email": email.lower(),
        "role": role,
        "languages": _json(languages),
        "skills": _json(skills),
        "capacity": capacity,
        "created_at": now,
    }
    connection.execute(insert(agents).values(row))
    return get(connection, agent_id)


def find(connection: Connection, agent_id: str) -> Agent | None:
    row = connection.execute(select(agents).where(agents.c.id == agent_id)).first()
    return _agent(row) if row else None


def get(connection: Connection, agent_id: str) -> Agent:
    """Raises Problem 404."""
    found = find(connection, agent_id)
    if found is None:
        raise Problem(404, "Not found", f"There is no agent {agent_id}.")
    return found


def by_email(connection: Connection, email: str) -> Agent | None:
    row = connection.execute(select(agents).where(agents.c.email == email.lower())).first()
    return _agent(row) if row else None


def everybody(connection: Connection) -> list[Agent]:
    """Also those who are disabled, by name."""
    return [_agent(row) for row in connection.execute(select(agents).order_by(agents.c.name, agents.c.id))]


def present(connection: Connection, now: float) -> list[Agent]:
    return [agent for agent in everybody(connection) if agent.is_present(now)]


def change(connection: Connection, agent_id: str, **changed: object) -> Agent:
    """Change some of: name, email, role, languages, skills, capacity, is_active. Raises Problem 404."""
    lists = {name: _json(cast("Collection[str]", changed[name])) for name in ("languages", "skills") if name in changed}
    flags = {"is_active": int(bool(changed["is_active"]))} if "is_active" in changed else {}
    connection.execute(update(agents).where(agents.c.id == agent_id).values({**changed, **lists, **flags}))
    return get(connection, agent_id)


def set_presence(connection: Connection, agent_id: str, presence: Presence, now: float) -> None:
    connection.execute(update(agents).where(agents.c.id == agent_id).values(presence=presence, seen_at=now))


def seen(connection: Connection, agent_id: str, now: float) -> None:
    """They are still there: the console says so every half minute."""
    connection.execute(update(agents).where(agents.c.id == agent_id).values(seen_at=now))


def loads(connection: Connection) -> Mapping[str, int]:
    """Conversations in hand, by agent; those offered to them count, too."""
    held = select(handoffs.c.agent_id, func.count()).where(handoffs.c.ended_at.is_(None), handoffs.c.state.in_(AT_WORK))
    offered = select(handoffs.c.offered_to, func.count()).where(
        handoffs.c.ended_at.is_(None), handoffs.c.state == "offered"
    )
    found: dict[str, int] = {}
    for query, column in ((held, handoffs.c.agent_id), (offered, handoffs.c.offered_to)):
        for agent_id, count in connection.execute(query.group_by(column)):
            found[agent_id] = found.get(agent_id, 0) + count
    return found


def locked(connection: Connection, agent_id: str) -> Agent:
    """The agent, for this transaction alone: two processes must not fill the same hand. Raises Problem 404."""
    connection.execute(update(agents).where(agents.c.id == agent_id).values(id=agent_id))
    return get(connection, agent_id)


def outside_address(system: str) -> str:
    """Ends the made-up addresses of a system's people."""
    return f"@{system}.outside"


def outside(connection: Connection, system: str, name: str, now: float) -> Agent:
    """Somebody who answers in an outside system: here only a name, without a hand for the queue's conversations."""
    email = name.casefold().replace(" ", ".") + outside_address(system)
    return by_email(connection, email) or add(connection, name, email, now, capacity=0)


def _agent(row: Row[tuple[object, ...]]) -> Agent:
    values = dict(row._mapping)
    for name in ("languages", "skills"):
        values[name] = tuple(orjson.loads(cast("str", values[name])))
    values["is_active"] = bool(values["is_active"])
    return Agent(**{field.name: values[field.name] for field in fields(Agent)})


def _json(words: Collection[str]) -> str:
    return orjson.dumps(list(words)).decode()
