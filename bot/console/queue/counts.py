"""How many conversations are in each tab, and how long the one that waits longest has waited."""

from sqlalchemy import Connection, text

from bot.console.metrics import QueueNow
from bot.console.queue.search import Search, statement
from bot.console.seeing import EVERYTHING, Sight
from bot.conversation.sql import Statement

_COUNTS = (
    "SELECT COUNT(*), SUM(CASE WHEN h.state IN ('requested', 'offered') THEN 1 ELSE 0 END),"
    " SUM(CASE WHEN h.state IN ('agent', 'wrapup') AND h.agent_id = :agent_id"
    " OR h.state = 'offered' AND h.offered_to = :agent_id THEN 1 ELSE 0 END),"
    " SUM(CASE WHEN h.state = 'snoozed' THEN 1 ELSE 0 END)"
    " FROM handoffs h WHERE h.ended_at IS NULL AND {sight}"
)
_RESOLVED = "SELECT COUNT(*) FROM handoffs h WHERE h.ended_at >= :since AND h.state = 'resolved' AND {sight}"
_BY_STATE = Statement("SELECT state, COUNT(*) FROM handoffs WHERE ended_at IS NULL GROUP BY state")
_LONGEST = Statement("SELECT MIN(queued_at) FROM handoffs WHERE ended_at IS NULL AND state IN ('requested', 'offered')")
RESOLVED_SECONDS = 86_400.0
"""Resolved ones count for a day: what is older is searched, not counted."""


def counts(connection: Connection, agent_id: str, now: float, sight: Sight = EVERYTHING) -> dict[str, int]:
    """By tab, as this agent sees them; what is offered to them is theirs to answer, so it counts as theirs."""
    counted = Statement(_COUNTS.format(sight=sight.condition))
    everything, unassigned, mine, snoozed = counted.one(connection, {"agent_id": agent_id, **sight.given})
    done = Statement(_RESOLVED.format(sight=sight.condition))
    [resolved] = done.one(connection, {"since": now - RESOLVED_SECONDS, **sight.given})
    shown = {"mine": mine, "unassigned": unassigned, "all": everything, "snoozed": snoozed, "resolved": resolved}
    return {tab: int(count or 0) for tab, count in shown.items()}


def queue_now(connection: Connection, now: float) -> QueueNow:
    [oldest] = _LONGEST.one(connection, {})
    by_state = {str(state): int(count) for state, count in _BY_STATE.all(connection, {})}
    return QueueNow(by_state, max(now - oldest, 0.0) if oldest is not None else 0.0)


def late(connection: Connection, answer_seconds: float, now: float, most: int = 10_000) -> list[str]:
    """The open conversations whose answer is overdue, the one that waits longest first."""
    search = Search("all", sla="late", limit=most)
    sql, given = statement(search, "", answer_seconds, now, connection.dialect.name)
    return [str(row["conversation_id"]) for row in connection.execute(text(sql), given).mappings()]
