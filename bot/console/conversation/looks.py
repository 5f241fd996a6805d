"""Who opened which conversation, and who fetched which of its files: in the audit once an hour, not with every look."""

import time
from collections.abc import Mapping

import orjson

from bot.console.person import Person
from bot.conversation.attachments import Kept
from bot.conversation.sql import Statement
from bot.database import Database

AGAIN_AFTER_SECONDS = 3600.0

_SAME = (
    "SELECT 1 FROM console_audit e WHERE e.target = :target AND e.agent_id = :agent_id AND e.operation = :operation"
    " AND e.details = :details AND e.at > :since"
)
_LATELY = Statement(_SAME)
_WRITE = Statement(
    "INSERT INTO console_audit (at, agent_id, operation, target, address, details)"
    " SELECT :at, :agent_id, :operation, c.id, :address, :details FROM conversations c WHERE c.id = :target"
    f" AND NOT EXISTS ({_SAME})"
)


def opened(database: Database, person: Person, conversation_id: str) -> None:
    """Nothing is written of a conversation that nobody began."""
    _once(database, person, "open", conversation_id, {})


def fetched(database: Database, person: Person, file: Kept) -> None:
    _once(database, person, "fetch_file", file.conversation_id, {"file": file.id})


def _once(database: Database, person: Person, operation: str, target: str, details: Mapping[str, int]) -> None:
    now, told = time.time(), orjson.dumps(details).decode()
    same = {"agent_id": person.id, "operation": operation, "target": target, "details": told}
    same_lately = {**same, "since": now - AGAIN_AFTER_SECONDS}
    with database.read() as reading:
        if _LATELY.first(reading, same_lately):
            return
    with database.writing() as connection:
        _WRITE.all(connection, {**same_lately, "at": now, "address": person.address})
        connection.commit()
