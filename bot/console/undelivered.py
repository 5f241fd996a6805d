"""Lines that did not arrive, or perhaps did not: for supervisors to look at, and to have sent again."""

import time
from collections.abc import Callable
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query
from sqlalchemy import Connection

from bot.console import audit
from bot.console.login.access import Supervisor
from bot.conversation.sql import Row, Statement
from bot.database import Database
from bot.problem import Problem

NOTHING = 204
PREVIEW = 200

_LIST = Statement(
    "SELECT o.id, o.conversation_id, c.channel, o.status, d.why, o.created_at, COALESCE(d.tries, 0), o.body"
    " FROM outbox o JOIN conversations c ON c.id = o.conversation_id LEFT JOIN deliveries d ON d.outbox_id = o.id"
    " WHERE o.status = :state ORDER BY o.id DESC LIMIT :limit"
)
_AGAIN = Statement(
    "UPDATE outbox SET status = 'pending', epoch = (SELECT c.epoch FROM conversations c"
    " WHERE c.id = outbox.conversation_id) WHERE id = :id AND status IN ('dead', 'unsure') RETURNING conversation_id"
)
_RESET = Statement(
    "UPDATE deliveries SET tries = 0, due_at = 0, claimed_until = NULL, is_unsure = 0, why = NULL WHERE outbox_id = :id"
)
_UNFAIL = Statement("DELETE FROM delivery_parts WHERE outbox_id = :id AND state = 'failed'")
_REWIND = Statement(
    "UPDATE deliveries SET parts_done = 0 WHERE outbox_id = :id AND EXISTS"
    " (SELECT 1 FROM delivery_parts p WHERE p.outbox_id = :id AND p.state = 'failed')"
)


def router(database: Database, on_change: Callable[[str], None]) -> APIRouter:
    """`on_change` hears which conversation has a line to send again."""
    routes = APIRouter(tags=["console"], prefix="/console/api/admin/deliveries")

    @routes.get("", summary="Lines that did not arrive (dead), or perhaps did not (unsure), newest first")
    def undelivered(
        _person: Supervisor,
        state: Literal["dead", "unsure"] = "dead",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> list[dict[str, Any]]:
        with database.read() as connection:
            return [_shown(row) for row in _LIST.all(connection, {"state": state, "limit": limit})]

    @routes.post("/{outbox_id}/retry", status_code=NOTHING, summary="Send it again")
    def again(person: Supervisor, outbox_id: int) -> None:
        with database.writing() as connection:
            conversation_id = send_again(connection, outbox_id)
            audit.write(connection, person, "send_again", conversation_id, time.time(), outbox_id=outbox_id)
            connection.commit()
        on_change(conversation_id)

    return routes


def send_again(connection: Connection, outbox_id: int) -> str:
    """The line is due at once; returns its conversation. The caller commits. Raises Problem 404.

    What a platform has reported as failed goes out whole; else from the part on that did not go out.
    """
    row = _AGAIN.first(connection, {"id": outbox_id})
    if row is None:
        raise Problem(404, "Not found", f"Line {outbox_id} is not one that failed.")
    for statement in (_REWIND, _UNFAIL, _RESET):
        statement.all(connection, {"id": outbox_id})
    return str(row[0])


def _shown(row: Row) -> dict[str, Any]:
    outbox_id, conversation_id, channel, state, why, at, tries, body = row
    words = (orjson.loads(body).get("text") or "")[:PREVIEW]
    named = {"outbox_id": outbox_id, "conversation_id": conversation_id, "channel": channel, "state": state}
    return {**named, "why": why, "at": at, "tries": tries, "text": words}
