"""The administrators' page about agents: who works here, what they may do, a new password, signing somebody out."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from bot.console import audit
from bot.console.login import accounts, delay, sessions
from bot.console.login.access import Admin, Supervisor
from bot.console.login.accounts import Account
from bot.database import Database
from bot.handoff.agents import loads

Role = Literal["agent", "supervisor", "admin"]
NOTHING = 204


class NewAgent(BaseModel):
    name: str
    email: str = Field(max_length=254)
    role: Role = "agent"
    languages: list[str] = ["en", "zh"]
    skills: list[str] = []
    capacity: int = 4


class AgentChanges(BaseModel):
    name: str | None = None
    role: Role | None = None
    languages: list[str] | None = None
    skills: list[str] | None = None
    capacity: int | None = None
    is_active: bool | None = None


def router(database: Database, on_end: Callable[[str], None], on_change: Callable[[], None]) -> APIRouter:
    """`on_end` hears of sessions that end, `on_change` that somebody's account changed."""
    routes = APIRouter(tags=["console"], prefix="/console/api/admin/agents")

    @routes.get("", summary="All agents")
    def everybody(_person: Supervisor) -> list[dict[str, Any]]:
        with database.read() as connection:
            busy = loads(connection)
            return [shown(connection, account, busy) for account in accounts.everybody(connection)]

    @routes.post("", status_code=201, summary="Add an agent")
    def add(person: Admin, new: NewAgent) -> dict[str, Any]:
        now = time.time()
        more = {"languages": new.languages, "skills": new.skills, "capacity": new.capacity}
        with database.writing() as connection:
            account = accounts.add(connection, new.email, new.name, new.role, now, **more)
            password = accounts.reset_password(connection, account.id, now)
            audit.write(connection, person, "add_agent", account.id, now, role=account.agent.role)
            made = shown(connection, accounts.find(connection, account.id), {})
            connection.commit()
        on_change()
        return {"agent": made, "password": password}

    @routes.patch("/{agent_id}", summary="Change an agent's account")
    def change(person: Admin, agent_id: str, form: AgentChanges) -> dict[str, Any]:
        changes = form.model_dump(exclude_none=True)
        with database.writing() as connection:
            ended = _sessions_of(connection, agent_id)
            account = accounts.change(connection, agent_id, changes)
            audit.write(connection, person, "change_agent", agent_id, time.time(), **_told(changes))
            connection.commit()
            now_shown = shown(connection, account, loads(connection))
        for one in ended:  # they look again what they may do, and whether they may
            on_end(one)
        on_change()
        return now_shown

    @routes.post("/{agent_id}/password", summary="Give an agent a temporary password")
    def reset_password(person: Admin, agent_id: str) -> dict[str, str]:
        now = time.time()
        with database.writing() as connection:
            ended = _sessions_of(connection, agent_id)
            password = accounts.reset_password(connection, agent_id, now)
            delay.forgive(connection, accounts.find(connection, agent_id).agent.email)
            audit.write(connection, person, "reset_password", agent_id, now)
            connection.commit()
        for one in ended:
            on_end(one)
        return {"password": password}

    @routes.post("/{agent_id}/totp/off", status_code=NOTHING, summary="Take away an agent's second factor")
    def take_second_factor_away(person: Admin, agent_id: str) -> None:
        with database.writing() as connection:
            accounts.switch_off_second_factor(connection, agent_id)
            audit.write(connection, person, "second_factor_off", agent_id, time.time())
            connection.commit()

    @routes.delete("/{agent_id}/sessions", status_code=NOTHING, summary="Sign an agent out everywhere")
    def sign_out(person: Admin, agent_id: str) -> None:
        with database.writing() as connection:
            accounts.find(connection, agent_id)
            now = time.time()
            ended = sessions.end_all(connection, agent_id, now)
            audit.write(connection, person, "sign_out_agent", agent_id, now, sessions=len(ended))
            connection.commit()
        for one in ended:
            on_end(one)

    return routes


def shown(connection: Connection, account: Account, busy: Mapping[str, int]) -> dict[str, Any]:
    locked_until = delay.locked_until(connection, account.agent.email) or 0.0
    return {
        **asdict(account.agent),
        "has_totp": account.has_totp,
        "must_change_password": account.must_change_password,
        "load": busy.get(account.id, 0),
        "locked_until": locked_until if locked_until > time.time() else None,
    }


def _sessions_of(connection: Connection, agent_id: str) -> list[str]:
    return [str(one["id"]) for one in sessions.of_agent(connection, agent_id)]


def _told(changes: dict[str, Any]) -> dict[str, Any]:
    """What the audit keeps: no names."""
    return {name: value for name, value in changes.items() if name != "name"} | (
        {"name": "changed"} if "name" in changes else {}
    )
