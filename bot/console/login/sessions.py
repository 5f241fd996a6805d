"""Who is signed in: a random token in a cookie, its hash in the database. Ending a row ends the session everywhere."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from bot.console.person import Person
from bot.conversation.sql import Statement
from bot.handoff import agents

TOUCH_SECONDS = 60.0
"""How exactly it is known when a session was last used; a write for every request would cost too much."""
LONGEST_BROWSER = 200

_BEGIN = Statement(
    "INSERT INTO console_sessions (id, agent_id, created_at, seen_at, address, browser)"
    " VALUES (:id, :agent_id, :now, :now, :address, :browser)"
)
_FIND = Statement(
    "SELECT s.agent_id, a.name, a.email, a.role, l.must_change, s.created_at, s.seen_at FROM console_sessions s"
    " JOIN agents a ON a.id = s.agent_id JOIN agent_logins l ON l.agent_id = s.agent_id"
    " WHERE s.id = :id AND a.is_active = 1"
)
_IS_ACTIVE = Statement("SELECT is_active FROM agents WHERE id = :agent_id")
_IS_OWNER_ACTIVE = Statement(
    "SELECT a.is_active FROM console_sessions s JOIN agents a ON a.id = s.agent_id WHERE s.id = :id"
)
_TOUCH = Statement("UPDATE console_sessions SET seen_at = :now WHERE id = :id AND seen_at < :now")
_OF_AGENT = Statement(
    "SELECT id, created_at, seen_at, address, browser FROM console_sessions WHERE agent_id = :agent_id"
    " ORDER BY seen_at DESC"
)
_END = Statement("DELETE FROM console_sessions WHERE id = :id RETURNING agent_id")
_END_ALL = Statement("DELETE FROM console_sessions WHERE agent_id = :agent_id AND id <> :but RETURNING id")
_EXPIRED = Statement("DELETE FROM console_sessions WHERE seen_at < :idle OR created_at < :oldest")


Ended = Literal["disabled", "expired", "ended"]


@dataclass(frozen=True)
class Lifetime:
    """A session ends when nobody used it for `idle_seconds`, and after `longest_seconds` in any case."""

    idle_seconds: float
    longest_seconds: float


@dataclass(frozen=True)
class Session:
    """A session that is on. `csrf` is what its own pages show on every write."""

    id: str
    csrf: str
    person: Person
    must_change_password: bool
    seen_at: float


def begin(connection: Connection, agent_id: str, address: str, browser: str, now: float) -> str:
    """The token for the cookie. The caller commits."""
    token = secrets.token_urlsafe(32)
    row = {"id": session_id(token), "agent_id": agent_id, "now": now, "address": address}
    _BEGIN.all(connection, {**row, "browser": browser[:LONGEST_BROWSER]})
    return token


def find(connection: Connection, token: str, address: str, lifetime: Lifetime, now: float) -> Session | None:
    """The session of the cookie, unless it has ended, expired or its agent was switched off."""
    row = _FIND.first(connection, {"id": session_id(token)})
    if row is None:
        return None
    agent_id, name, email, role, must_change, created_at, seen_at = row
    if now > seen_at + lifetime.idle_seconds or now > created_at + lifetime.longest_seconds:
        return None
    person = Person(agent_id, name, email, role, session_id(token), address)
    return Session(session_id(token), csrf_of(token), person, bool(must_change), seen_at)


def why_over(connection: Connection, session: str, agent_id: str | None = None) -> Ended:
    """Why a session is none any more: the agent was switched off, its time is over, or somebody has ended it.

    `agent_id`: whose it was, where that is still known; the row of a session that was ended is gone.
    """
    kept = _IS_OWNER_ACTIVE.first(connection, {"id": session})
    known = kept or (_IS_ACTIVE.first(connection, {"agent_id": agent_id}) if agent_id else None)
    if known and not known[0]:
        return "disabled"
    return "expired" if kept else "ended"


def touch(connection: Connection, session: str, now: float) -> None:
    """It was used. The caller commits."""
    _TOUCH.all(connection, {"id": session, "now": now})


def of_agent(connection: Connection, agent_id: str) -> list[dict[str, object]]:
    names = ("id", "created_at", "seen_at", "address", "browser")
    return [dict(zip(names, row, strict=True)) for row in _OF_AGENT.all(connection, {"agent_id": agent_id})]


def end(connection: Connection, session: str, now: float) -> None:
    """Whoever is signed in nowhere any more is not there."""
    row = _END.first(connection, {"id": session})
    if row and not of_agent(connection, row[0]):
        agents.set_presence(connection, row[0], "offline", now)


def end_all(connection: Connection, agent_id: str, now: float, but: str = "") -> list[str]:
    """End the agent's sessions, all but one; returns which. The caller commits."""
    ended = [str(row[0]) for row in _END_ALL.all(connection, {"agent_id": agent_id, "but": but})]
    if not but:
        agents.set_presence(connection, agent_id, "offline", now)
    return ended


def sweep(connection: Connection, lifetime: Lifetime, now: float) -> None:
    """Delete what has expired. The caller commits."""
    _EXPIRED.all(connection, {"idle": now - lifetime.idle_seconds, "oldest": now - lifetime.longest_seconds})


def session_id(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def csrf_of(token: str) -> str:
    return hmac.new(token.encode("utf-8", "replace"), b"kefu console csrf", hashlib.sha256).hexdigest()
