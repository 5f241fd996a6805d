"""What an agent asks of the queue, as SQL: one statement for a page, on SQLite and on PostgreSQL.

found       a row for each conversation of the tab: its handoff, since when it waits, when an answer is due, …
wanted      the filters, on what was found
ordered     by a number in which less is first; the page begins after the cursor's
"""

from dataclasses import dataclass
from typing import Any, Literal

from bot.console.seeing import EVERYTHING, Sight

Tab = Literal["mine", "unassigned", "all", "snoozed", "resolved", "bot", "everything"]
Sort = Literal["waiting", "newest", "value", "sla", "mood"]
Value = Literal["high", "middle", "low"]
Sla = Literal["ok", "soon", "late"]

FAR_AWAY = 9e12
HIGH, MIDDLE = 0.8, 0.4
"""From where on a customer's value is so called: their place among all by what they spend, 0 to 1."""
SOON_SHARE = 0.4
"""When less than this share of the time is left, an answer is due soon."""
DUE_SHARES = {"urgent": 0.25, "high": 0.5}
"""How much of the time for an answer those have whose handoff is more pressing."""

_IS_WAITING = "h.state IN ('requested', 'offered')"
_OPEN = "FROM handoffs h JOIN conversations c ON c.id = h.conversation_id"
_ANY = (
    "FROM conversations c LEFT JOIN handoffs h"
    " ON h.id = (SELECT MAX(x.id) FROM handoffs x WHERE x.conversation_id = c.id)"
)
_TABS: dict[Tab, str] = {
    "mine": f"{_OPEN} WHERE h.ended_at IS NULL AND ((h.state IN ('agent', 'wrapup') AND h.agent_id = :me)"
    " OR (h.state = 'offered' AND h.offered_to = :me))",
    "unassigned": f"{_OPEN} WHERE h.ended_at IS NULL AND {_IS_WAITING}",
    "all": f"{_OPEN} WHERE h.ended_at IS NULL",
    "snoozed": f"{_OPEN} WHERE h.ended_at IS NULL AND h.state = 'snoozed'",
    "resolved": f"{_ANY} WHERE h.state = 'resolved'",
    "bot": f"{_ANY} WHERE c.owner = 'bot' AND c.updated_at >= :recently"
    " AND (h.id IS NULL OR h.state <> 'resolved' OR c.updated_at > h.ended_at + 1)",
    "everything": f"{_ANY} WHERE 1 = 1",
}
_ORDERS: dict[Sort, str] = {
    "waiting": "COALESCE(waiting_since, :far)",
    "newest": "-updated_at",
    "value": "-COALESCE(value, -1)",
    "sla": "COALESCE(due_at, :far)",
    "mood": "COALESCE(mood_score, 0)",
}
_MOOD = (
    "(SELECT {text} FROM turns t WHERE t.conversation_id = c.id AND t.decision IS NOT NULL ORDER BY t.id DESC LIMIT 1)"
)
_SINCE_ANSWER = (
    "(SELECT MIN(i.received_at) FROM inbox i WHERE i.conversation_id = c.id AND i.seq > COALESCE("
    "(SELECT MAX(o.seq) FROM outbox o WHERE o.conversation_id = c.id AND o.role = 'agent'), 0))"
)
_WAITING_SINCE = (
    f"CASE WHEN h.ended_at IS NOT NULL THEN NULL WHEN {_IS_WAITING} THEN h.queued_at"
    f" WHEN h.state = 'agent' AND h.first_answer_at IS NULL THEN h.queued_at"
    f" WHEN h.state = 'agent' THEN {_SINCE_ANSWER} END"
)
_FOUND = """
SELECT c.id AS conversation_id, c.owner, c.epoch, c.channel, COALESCE(h.language, c.language) AS language,
 c.customer_id, c.last_seq, c.updated_at, cu.first_name, cu.last_name, h.id AS handoff_id, h.state, h.ended_at,
 h.agent_id, a.name AS agent_name, h.offered_to, b.name AS offered_name, h.offered_until, h.reason, h.intent,
 p.id AS passed_by, p.name AS passed_name, t.note AS passed_note, h.priority, h.requested_at, h.snoozed_until,
 h.value, h.segment, {waiting_since} AS waiting_since,
 {mood_label} AS mood_label, {mood_score} AS mood_score,
 (SELECT MAX(i.received_at) FROM inbox i WHERE i.conversation_id = c.id) AS heard_at,
 (SELECT r.score FROM ratings r WHERE r.conversation_id = c.id ORDER BY r.id DESC LIMIT 1) AS rating,
 (SELECT COUNT(*) FROM inbox i WHERE i.conversation_id = c.id AND i.seq > COALESCE(
  (SELECT s.seq FROM seen_lines s WHERE s.agent_id = :me AND s.conversation_id = c.id), 0)) AS unread
{source}
"""
_JOINS = (
    " LEFT JOIN customers cu ON cu.customer_id = c.customer_id LEFT JOIN agents a ON a.id = h.agent_id"
    " LEFT JOIN agents b ON b.id = h.offered_to LEFT JOIN handoff_events t ON t.id = CASE WHEN h.state = 'offered' THEN"
    " (SELECT MAX(e.id) FROM handoff_events e WHERE e.handoff_id = h.id AND e.kind = 'transfer') END"
    " LEFT JOIN agents p ON t.actor = 'agent:' || p.id WHERE "
)
_DUE = "waiting_since + :answer_seconds * CASE priority WHEN 'urgent' THEN {urgent} WHEN 'high' THEN {high} ELSE 1 END"
RECENT_SECONDS = 86_400.0
"""What the bot alone has is listed for a day."""


@dataclass(frozen=True)
class Search:
    """Empty words and None filter nothing. `after` is the order's number and the id of the row before the page."""

    tab: Tab = "all"
    channel: str = ""
    language: str = ""
    mood: str = ""
    value: Value | None = None
    tag: str = ""
    sla: Sla | None = None
    intent: str = ""
    agent: str = ""
    words: str = ""
    sort: Sort = "waiting"
    after: tuple[float, str] | None = None
    limit: int = 50


def statement(
    search: Search, me: str, answer_seconds: float, now: float, dialect: str, sight: Sight = EVERYTHING
) -> tuple[str, dict[str, Any]]:
    """The SQL of a page, one row more than asked for, and its parameters."""
    given: dict[str, Any] = {
        "me": me,
        "now": now,
        "far": FAR_AWAY,
        "answer_seconds": answer_seconds,
        "recently": now - RECENT_SECONDS,
        "limit": search.limit + 1,
        **sight.given,
    }
    source, _, tab = _TABS[search.tab].rpartition(" WHERE ")
    limits = [] if sight is EVERYTHING else [sight.condition]
    conditions = [tab, *limits, *_of_columns(search, given)]
    if search.words:
        conditions.append(_says(dialect))
        given["words"] = f"%{escaped(search.words.strip())}%"
    inner = _FOUND.format(
        waiting_since=_WAITING_SINCE,
        mood_label=_MOOD.format(text=of_json("t.decision", "sentiment_label", dialect)),
        mood_score=f"CAST({_MOOD.format(text=of_json('t.decision', 'sentiment_score', dialect))} AS FLOAT)",
        source=f"{source}{_JOINS}{' AND '.join(conditions)}",
    )
    due = f"SELECT found.*, {_DUE.format(**DUE_SHARES)} AS due_at FROM ({inner}) found"
    ordered = f"SELECT due.*, {_ORDERS[search.sort]} AS place FROM ({due}) due"
    wanted = [*_of_results(search, given), *_after(search, given)]
    where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
    sql = f"SELECT * FROM ({ordered}) page{where} ORDER BY place, conversation_id LIMIT :limit"
    return sql, {name: value for name, value in given.items() if f":{name}" in sql}


def of_ids(me: str, answer_seconds: float, dialect: str) -> tuple[str, dict[str, Any]]:
    """The SQL of the conversations `:ids`, an expanding parameter."""
    sql, given = statement(Search("everything"), me, answer_seconds, 0.0, dialect)
    given.pop("limit")
    return sql.replace("1 = 1", "c.id IN :ids").replace(" LIMIT :limit", ""), given


def of_json(column: str, name: str, dialect: str) -> str:
    return f"json_extract({column}, '$.{name}')" if dialect == "sqlite" else f"({column}::json ->> '{name}')"


def escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _of_columns(search: Search, given: dict[str, Any]) -> list[str]:
    """Filters that the database can use before it works out a row."""
    columns = {"channel": "c.channel", "language": "COALESCE(h.language, c.language)", "intent": "h.intent"}
    conditions = []
    for name, column in columns.items():
        if value := getattr(search, name):
            conditions.append(f"{column} = :{name}")
            given[name] = value
    if search.agent:
        conditions.append("h.agent_id = :agent")
        given["agent"] = search.agent
    if search.tag:
        conditions.append("c.id IN (SELECT g.conversation_id FROM tags g WHERE g.tag = :tag)")
        given["tag"] = search.tag
    if search.value:
        low, high = {"high": (HIGH, 2.0), "middle": (MIDDLE, HIGH), "low": (-1.0, MIDDLE)}[search.value]
        conditions.append("h.value >= :least_value AND h.value < :most_value")
        given |= {"least_value": low, "most_value": high}
    return conditions


def _of_results(search: Search, given: dict[str, Any]) -> list[str]:
    """Filters on what is worked out."""
    wanted = []
    if search.mood:
        wanted.append("mood_label = :mood")
        given["mood"] = search.mood
    if search.sla:
        soon = f"due_at - (due_at - waiting_since) * {SOON_SHARE}"
        wanted.append(
            {"late": "due_at <= :now", "soon": f"due_at > :now AND {soon} <= :now", "ok": f"{soon} > :now"}[search.sla]
        )
    return wanted


def _after(search: Search, given: dict[str, Any]) -> list[str]:
    if search.after is None:
        return []
    given["after_place"], given["after_id"] = search.after
    return ["(place > :after_place OR (place = :after_place AND conversation_id > :after_id))"]


def _says(dialect: str) -> str:
    """Conversations in which the words were written, by either side, or whose customer they name."""
    like = "LIKE :words ESCAPE '\\'" if dialect == "sqlite" else "ILIKE :words ESCAPE '\\'"
    said = of_json("o.body", "text", dialect)
    return (
        f"(c.id IN (SELECT i.conversation_id FROM inbox i WHERE i.text {like})"
        f" OR c.id IN (SELECT o.conversation_id FROM outbox o WHERE o.body {like} AND {said} {like})"
        f" OR c.id {like} OR cu.email {like} OR cu.first_name || ' ' || cu.last_name {like}"
        f" OR cu.last_name || cu.first_name {like} OR c.customer_id IN"
        f" (SELECT orders.customer_id FROM orders WHERE orders.order_number {like}))"
    )
