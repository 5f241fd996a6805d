"""Agents' accounts: made, changed, given a new password, switched off. Never deleted: what they wrote stays theirs.

The caller commits, here as everywhere in this package.
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.console.login import passwords, second_factor, sessions
from bot.console.person import ROLES, Role
from bot.conversation.sql import Statement
from bot.handoff import agents
from bot.handoff.agents import Agent
from bot.problem import Problem

LANGUAGES = ("en", "zh")
EMAIL = re.compile(r"[^@\s]{1,120}@[^@\s]{1,130}")
LONGEST_NAME = 80
MOST_AT_ONCE = 50

_LOGINS = Statement("SELECT agent_id, is_totp_on, must_change FROM agent_logins")
_PASSWORD = Statement(
    "INSERT INTO agent_logins (agent_id, password_hash, must_change, changed_at)"
    " VALUES (:id, :password_hash, :must_change, :now) ON CONFLICT (agent_id)"
    " DO UPDATE SET password_hash = :password_hash, must_change = :must_change, changed_at = :now"
)
_HASH = Statement("SELECT password_hash FROM agent_logins WHERE agent_id = :id")
_LOGIN = Statement("SELECT is_totp_on, must_change FROM agent_logins WHERE agent_id = :id")


@dataclass(frozen=True)
class Account:
    """An agent, with what may be known of their login."""

    agent: Agent
    has_totp: bool
    must_change_password: bool

    @property
    def id(self) -> str:
        return self.agent.id


def everybody(connection: Connection) -> list[Account]:
    """By name, also those who are switched off."""
    logins = {row[0]: (bool(row[1]), bool(row[2])) for row in _LOGINS.all(connection, {})}
    return [Account(agent, *logins.get(agent.id, (False, False))) for agent in agents.everybody(connection)]


def find(connection: Connection, agent_id: str) -> Account:
    """Raises Problem 404."""
    return _account(connection, agents.get(connection, agent_id))


def find_by_email(connection: Connection, email: str) -> Account | None:
    agent = agents.by_email(connection, folded(email))
    return _account(connection, agent) if agent else None


def add(connection: Connection, email: str, name: str, role: Role, now: float, **more: Any) -> Account:
    """A new account, without a password yet. Raises Problem 409 for an e-mail in use, 422 for what cannot be."""
    values = checked({"name": name, "role": role, "languages": LANGUAGES, "skills": (), "capacity": 4, **more})
    if not EMAIL.fullmatch(folded(email)):
        raise Problem(422, "Unprocessable request", f"'{email}' is no e-mail address.")
    return find(connection, agents.add(connection, email=folded(email), now=now, **values).id)


def change(connection: Connection, agent_id: str, changes: Mapping[str, Any]) -> Account:
    """Raises Problem 409 where nobody would be left to administer, 422 for what cannot be.

    Somebody switched off is signed out at once.
    """
    before = agents.get(connection, agent_id)
    names = ("name", "role", "languages", "skills", "capacity", "is_active")
    values = checked({name: changes.get(name, getattr(before, name)) for name in names})
    if _is_admin(before) and not (values["role"] == "admin" and values["is_active"]):
        others = [agent for agent in agents.everybody(connection) if _is_admin(agent) and agent.id != agent_id]
        if not others:
            raise Problem(409, "Last admin", "This is the only administrator. Make somebody else one first.")
    agents.change(connection, agent_id, **values)
    if not values["is_active"]:
        sessions.end_all(connection, agent_id, time.time())
    return find(connection, agent_id)


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """The values as they are stored. Raises Problem 422."""
    name = " ".join(str(values["name"]).split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Problem(422, "Unprocessable request", f"A name has 1 to {LONGEST_NAME} characters.")
    if values["role"] not in ROLES:
        raise Problem(422, "Unprocessable request", f"A role is one of {', '.join(ROLES)}.")
    languages = tuple(dict.fromkeys(values["languages"]))
    if not languages or not set(languages) <= set(LANGUAGES):
        raise Problem(422, "Unprocessable request", f"Languages are one or more of {', '.join(LANGUAGES)}.")
    if not 0 <= values["capacity"] <= MOST_AT_ONCE:
        raise Problem(422, "Unprocessable request", f"A capacity is 0 to {MOST_AT_ONCE} conversations at once.")
    return {**values, "name": name, "languages": languages, "skills": _skills(values["skills"])}


def set_password(connection: Connection, agent_id: str, password_hash: str, must_change: bool, now: float) -> None:
    row = {"id": agent_id, "password_hash": password_hash, "must_change": int(must_change), "now": now}
    _PASSWORD.all(connection, row)


def password_hash(connection: Connection, agent_id: str) -> str | None:
    row = _HASH.first(connection, {"id": agent_id})
    return str(row[0]) if row else None


def reset_password(connection: Connection, agent_id: str, now: float) -> str:
    """A temporary password, to be told once. The agent is signed out and changes it at the next login."""
    find(connection, agent_id)
    password = passwords.temporary()
    set_password(connection, agent_id, passwords.hashed(password), True, now)
    sessions.end_all(connection, agent_id, now)
    return password


def switch_off_second_factor(connection: Connection, agent_id: str) -> None:
    find(connection, agent_id)
    second_factor.switch_off(connection, agent_id)


def folded(email: str) -> str:
    return email.strip().lower()


def _skills(given: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(skill.strip() for skill in given if skill.strip()))
    if len(found) > MOST_AT_ONCE or any(len(skill) > LONGEST_NAME for skill in found):
        raise Problem(422, "Unprocessable request", f"Skills are at most {MOST_AT_ONCE} short names.")
    return found


def _is_admin(agent: Agent) -> bool:
    return agent.role == "admin" and agent.is_active


def _account(connection: Connection, agent: Agent) -> Account:
    row = _LOGIN.first(connection, {"id": agent.id}) or (0, 0)
    return Account(agent, bool(row[0]), bool(row[1]))
