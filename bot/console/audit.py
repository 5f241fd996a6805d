"""Who did what at the console: written with what it tells of, and only ever appended (the database refuses the rest).

It holds ids, states and counts; never what customers wrote, nor their names or addresses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection

from bot.console.person import Person
from bot.conversation.sql import Statement

PAGE = 100

_WRITE = Statement(
    "INSERT INTO console_audit (at, agent_id, operation, target, address, details)"
    " VALUES (:at, :agent_id, :operation, :target, :address, :details)"
)
_READ = Statement(
    "SELECT e.id, e.at, e.agent_id, a.name, e.operation, e.target, e.address, e.details FROM console_audit e"
    " LEFT JOIN agents a ON a.id = e.agent_id"
    " WHERE (:actor = '' OR e.agent_id = :actor) AND (:operation = '' OR e.operation = :operation)"
    " AND (:target = '' OR e.target = :target) AND e.at >= :since AND e.at < :until AND e.id < :before"
    " ORDER BY e.id DESC LIMIT :limit"
)
LAST = 2**62


@dataclass(frozen=True)
class Search:
    """Which entries; empty means any."""

    actor: str = ""
    operation: str = ""
    target: str = ""
    since: float = 0.0
    until: float = float(LAST)
    before: int = LAST
    limit: int = PAGE


@dataclass(frozen=True)
class Entry:
    id: int
    at: float
    actor: Mapping[str, str | None] | None
    operation: str
    target: str | None
    address: str
    details: Mapping[str, Any] = field(default_factory=dict)


def write(
    connection: Connection, person: Person, operation: str, target: str | None, now: float, **details: object
) -> None:
    """The caller commits it together with what was done."""
    put(connection, person.id, operation, target, person.address, now, details)


def put(
    connection: Connection,
    agent_id: str | None,
    operation: str,
    target: str | None,
    address: str,
    now: float,
    details: Mapping[str, object],
) -> None:
    row = {"at": now, "agent_id": agent_id, "operation": operation, "target": target, "address": address}
    _WRITE.all(connection, {**row, "details": orjson.dumps(dict(details)).decode()})


def entries(connection: Connection, search: Search) -> list[Entry]:
    """Newest first."""
    return [_entry(*row) for row in _READ.all(connection, vars(search))]


def _entry(
    number: int,
    at: float,
    agent_id: str | None,
    name: str | None,
    operation: str,
    target: str | None,
    address: str,
    details: str,
) -> Entry:
    actor = {"id": agent_id, "name": name} if agent_id else None
    return Entry(number, at, actor, operation, target, address, orjson.loads(details))
