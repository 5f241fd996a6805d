"""Who opened which conversation, fetched which of its files, saw which profile: in the audit, once an hour each."""

import time
from collections.abc import Mapping

import orjson

from bot.console.person import Person
from bot.conversation.attachments import Kept
from bot.conversation.sql import Statement
from bot.database import Database
from knowledge.profiles.reading import VIEWED

AGAIN_AFTER_SECONDS = 3600.0

_SAME = (
    "SELECT 1 FROM console_audit e WHERE e.target = :target AND e.agent_id = :agent_id AND e.operation = :operation"
    " AND e.details = :details AND e.at > :since"
)
_LATELY = Statement(_SAME)
_WRITE = Statement(
    "INSERT INTO console_audit (at, agent_id, operation, target, address, details)"
    " SELECT :at, :agent_id, :operation, :target, :address, :details FROM conversations c WHERE c.id = :conversation_id"
    f" AND NOT EXISTS ({_SAME})"
)


def opened(database: Database, person: Person, conversation_id: str) -> None:
    """Nothing is written of a conversation that nobody began."""
    _once(database, person, conversation_id, {"operation": "open", "target": conversation_id}, {})


def fetched(database: Database, person: Person, file: Kept) -> None:
    what = {"operation": "fetch_file", "target": file.conversation_id}
    _once(database, person, file.conversation_id, what, {"file": file.id})


def met(database: Database, person: Person, conversation_id: str, customer_id: str) -> None:
    """The profile of the conversation's customer, or a summary with what is in it."""
    what = {"operation": VIEWED, "target": customer_id}
    _once(database, person, conversation_id, what, {"conversation_id": conversation_id})


def _once(
    database: Database,
    person: Person,
    conversation_id: str,
    what: Mapping[str, str],
    details: Mapping[str, object],
) -> None:
    now = time.time()
    same = {**what, "agent_id": person.id, "details": orjson.dumps(dict(details)).decode()}
    same_lately = {**same, "since": now - AGAIN_AFTER_SECONDS}
    with database.read() as reading:
        if _LATELY.first(reading, same_lately):
            return
    with database.writing() as connection:
        here = {"conversation_id": conversation_id, "at": now, "address": person.address}
        _WRITE.all(connection, {**same_lately, **here})
        connection.commit()
