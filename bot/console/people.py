"""The shop's people as the console shows them: oneself, and whom a conversation can be handed to."""

import time
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from bot.console import audit
from bot.console.login import accounts
from bot.console.login.access import Agent
from bot.database import Database
from bot.handoff import agents

_OWN = ("id", "name", "email", "role", "languages", "skills", "capacity", "presence")
_COLLEAGUE = ("id", "name", "role", "languages", "skills", "capacity", "presence")


class Presence(BaseModel):
    presence: Literal["online", "away", "offline"]


class OwnChanges(BaseModel):
    name: str | None = Field(default=None, max_length=accounts.LONGEST_NAME)
    languages: list[str] | None = None
    capacity: int | None = None


def router(database: Database, on_change: Any = lambda: None) -> APIRouter:
    """`on_change` hears that somebody came, went or changed."""
    routes = APIRouter(tags=["console"], prefix="/console/api")

    @routes.get("/me", summary="Oneself")
    def myself(person: Agent) -> dict[str, Any]:
        with database.read() as connection:
            return me(connection, person.id)

    @routes.put("/me/presence", summary="Say whether one is there")
    def be_present(person: Agent, form: Presence) -> dict[str, Any]:
        with database.writing() as connection:
            agents.set_presence(connection, person.id, form.presence, time.time())
            connection.commit()
        on_change()
        return myself(person)

    @routes.patch("/me", summary="Change one's name, languages or capacity")
    def change_myself(person: Agent, form: OwnChanges) -> dict[str, Any]:
        changes = form.model_dump(exclude_none=True)
        with database.writing() as connection:
            accounts.change(connection, person.id, changes)
            told = {**changes, **({"name": "changed"} if "name" in changes else {})}
            audit.write(connection, person, "change_agent", person.id, time.time(), **told)
            connection.commit()
        on_change()
        return myself(person)

    @routes.get("/people", summary="Whom a conversation can be handed to")
    def colleagues(_person: Agent) -> list[dict[str, Any]]:
        with database.read() as connection:
            return people(connection)

    @routes.get("/skills", summary="Every skill that somebody has")
    def skills(_person: Agent) -> list[str]:
        with database.read() as connection:
            working = [agent for agent in agents.everybody(connection) if agent.is_active]
        return sorted({skill for agent in working for skill in agent.skills})

    return routes


def me(connection: Connection, agent_id: str) -> dict[str, Any]:
    account = accounts.find(connection, agent_id)
    return {
        **{name: getattr(account.agent, name) for name in _OWN},
        "load": agents.loads(connection).get(agent_id, 0),
        "has_totp": account.has_totp,
        "must_change_password": account.must_change_password,
    }


def people(connection: Connection) -> list[dict[str, Any]]:
    """Who works here, by name."""
    busy, now = agents.loads(connection), time.time()
    return [
        {
            **{name: getattr(agent, name) for name in _COLLEAGUE},
            "is_present": agent.is_present(now),
            "load": busy.get(agent.id, 0),
        }
        for agent in agents.everybody(connection)
        if agent.is_active
    ]
