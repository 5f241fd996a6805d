"""Conversations as the console lists them. Whatever their number, the statements are four."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, bindparam, text

from bot.console.queue.cursors import cursor_of
from bot.console.queue.search import HIGH, MIDDLE, SOON_SHARE, Search, of_ids, statement
from bot.console.seeing import UNLIMITED, Seeing
from bot.messaging.windows import closes_at
from knowledge.segmentation.archetypes import ARCHETYPES
from knowledge.shop.types import join_name

LONGEST_PREVIEW = 160
Json = dict[str, Any]

_TAGS = text("SELECT conversation_id, tag FROM tags WHERE conversation_id IN :ids ORDER BY tag")
_SAID = text(
    "SELECT i.conversation_id, i.seq, 'user', i.text, i.received_at FROM inbox i WHERE i.conversation_id IN :ids"
    " AND i.seq = (SELECT MAX(x.seq) FROM inbox x WHERE x.conversation_id = i.conversation_id)"
)
_ANSWERED = text(
    "SELECT o.conversation_id, o.seq, o.role, o.body, o.created_at FROM outbox o WHERE o.conversation_id IN :ids"
    " AND o.seq = (SELECT x.seq FROM outbox x WHERE x.conversation_id = o.conversation_id AND x.status <> 'refused'"
    """ AND x.body NOT LIKE '%"notice":%' ORDER BY x.seq DESC LIMIT 1)"""
)
_UNREAD = text(
    "SELECT a.id, i.conversation_id, COUNT(*) FROM agents a JOIN inbox i ON i.conversation_id IN :ids"
    " WHERE a.id IN :agents AND i.seq > COALESCE((SELECT s.seq FROM seen_lines s WHERE s.agent_id = a.id"
    " AND s.conversation_id = i.conversation_id), 0) GROUP BY a.id, i.conversation_id"
)


@dataclass(frozen=True)
class Item:
    """A conversation in the list; the fields are the API's (docs/console.md). Times in seconds since 1970."""

    conversation_id: str
    handoff_id: int | None
    epoch: int
    owner: str
    state: str
    channel: str
    language: str | None
    customer: Json
    agent: Json | None
    offered_to: Json | None
    offered_until: float | None
    passed_on: Json | None
    """Who transferred it, and their note, where it is offered for that."""
    reason: str | None
    intent: str | None
    priority: str | None
    requested_at: float | None
    waiting_since: float | None
    mood: Json | None
    value: str | None
    segment: Json | None
    sla: Json | None
    unread: int
    snoozed_until: float | None
    window_closes_at: float | None
    rating: int | None
    updated_at: float
    last_seq: int
    last: Json | None = None
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Listing:
    """What the items are made with: how soon an answer is due, how long each channel may be written to, and whose
    conversations are shown to whom."""

    answer_seconds: float
    window_hours: Mapping[str, float | None]
    seeing: Seeing = UNLIMITED

    def page(self, connection: Connection, search: Search, me: str) -> tuple[list[Item], str | None]:
        """The items that `me` sees, and the cursor of the next page if there is one."""
        now, sight = time.time(), self.seeing.of(connection, me)
        sql, given = statement(search, me, self.answer_seconds, now, connection.dialect.name, sight)
        rows = connection.execute(text(sql), given).mappings().all()
        shown = rows[: search.limit]
        last = shown[-1] if len(rows) > search.limit else None
        more = cursor_of(last["place"], last["conversation_id"]) if last else None
        return self._finished(connection, shown, now), more

    def of(self, connection: Connection, conversation_ids: Iterable[str], me: str = "") -> list[Item]:
        """These conversations, whoever may see them, in no certain order; those that are not there are left out."""
        ids = list(conversation_ids)
        if not ids:
            return []
        sql, given = of_ids(me, self.answer_seconds, connection.dialect.name)
        query = text(sql).bindparams(bindparam("ids", expanding=True))
        rows = connection.execute(query, {**given, "ids": ids}).mappings().all()
        return self._finished(connection, rows, time.time())

    def _finished(self, connection: Connection, rows: Sequence[RowMapping], now: float) -> list[Item]:
        ids = [row["conversation_id"] for row in rows]
        tags, last = tags_of(connection, ids), last_lines(connection, ids)
        made = [self._item(row, now) for row in rows]
        return [
            replace(item, tags=tags.get(item.conversation_id, []), last=last.get(item.conversation_id)) for item in made
        ]

    def _item(self, row: RowMapping, now: float) -> Item:
        is_open = row["handoff_id"] is not None and row["ended_at"] is None
        return Item(
            conversation_id=row["conversation_id"],
            handoff_id=row["handoff_id"],
            epoch=row["epoch"],
            owner=row["owner"],
            state=_state(row),
            channel=row["channel"],
            language=row["language"],
            customer={"id": row["customer_id"], "name": _name(row)},
            agent=_person(row["agent_id"], row["agent_name"]),
            offered_to=_person(row["offered_to"], row["offered_name"]) if is_open else None,
            offered_until=row["offered_until"] if is_open else None,
            passed_on=_passed_on(row),
            reason=row["reason"],
            intent=row["intent"],
            priority=row["priority"],
            requested_at=row["requested_at"],
            waiting_since=row["waiting_since"],
            mood={"label": row["mood_label"], "score": row["mood_score"]} if row["mood_label"] else None,
            value=_band(row["value"]),
            segment=_segment(row["segment"]),
            sla=_sla(row["waiting_since"], row["due_at"], now),
            unread=row["unread"],
            snoozed_until=row["snoozed_until"] if row["state"] == "snoozed" else None,
            window_closes_at=closes_at(row["heard_at"], self.window_hours.get(row["channel"])),
            rating=row["rating"],
            updated_at=row["updated_at"],
            last_seq=row["last_seq"],
        )


def tags_of(connection: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for conversation_id, tag in _of(connection, _TAGS, ids):
        found.setdefault(conversation_id, []).append(tag)
    return found


def last_lines(connection: Connection, ids: Sequence[str]) -> dict[str, Json]:
    """What was said last in each, shortened; that somebody is asked or has joined tells nothing of what it is about."""
    newest: dict[str, tuple[int, Json]] = {}
    for conversation_id, seq, role, body, at in [*_of(connection, _SAID, ids), *_of(connection, _ANSWERED, ids)]:
        words = body if role == "user" else (orjson.loads(body).get("text") or "")
        if seq >= newest.get(conversation_id, (0, {}))[0]:
            newest[conversation_id] = (seq, {"role": role, "text": words[:LONGEST_PREVIEW], "at": at})
    return {conversation_id: line for conversation_id, (_, line) in newest.items()}


def unread(connection: Connection, ids: Sequence[str], agents: Sequence[str]) -> dict[tuple[str, str], int]:
    """How many of the customer's messages each agent has not seen, by (agent, conversation)."""
    if not ids or not agents:
        return {}
    query = _UNREAD.bindparams(bindparam("ids", expanding=True), bindparam("agents", expanding=True))
    rows = connection.execute(query, {"ids": list(ids), "agents": list(agents)})
    return {(agent_id, conversation_id): count for agent_id, conversation_id, count in rows}


def _of(connection: Connection, query: Any, ids: Sequence[str]) -> list[Any]:
    if not ids:
        return []
    return list(connection.execute(query.bindparams(bindparam("ids", expanding=True)), {"ids": list(ids)}))


def _state(row: RowMapping) -> str:
    """The handoff's, unless the bot has the conversation again since."""
    if row["state"] is None or (row["ended_at"] is not None and row["state"] != "resolved"):
        return "bot" if row["owner"] == "bot" else str(row["owner"])
    return str(row["state"])


def _name(row: RowMapping) -> str | None:
    return join_name(row["first_name"], row["last_name"]) if row["first_name"] is not None else None


def _person(agent_id: str | None, name: str | None) -> Json | None:
    return {"id": agent_id, "name": name} if agent_id else None


def _passed_on(row: RowMapping) -> Json | None:
    by = _person(row["passed_by"], row["passed_name"])
    return {"by": by, "note": row["passed_note"]} if by else None


def _band(value: float | None) -> str | None:
    if value is None:
        return None
    return "high" if value >= HIGH else "middle" if value >= MIDDLE else "low"


def _segment(code: str | None) -> Json | None:
    if code is None:
        return None
    known = ARCHETYPES.get(code)
    return {"code": code, "name_en": known.name_en if known else code, "name_zh": known.name_zh if known else code}


def _sla(since: float | None, due_at: float | None, now: float) -> Json | None:
    if since is None or due_at is None:
        return None
    is_soon = due_at - (due_at - since) * SOON_SHARE <= now
    return {"due_at": due_at, "state": "late" if due_at <= now else "soon" if is_soon else "ok"}
