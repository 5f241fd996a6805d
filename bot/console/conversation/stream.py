"""Everything that was said and done in a conversation, as lines in one order: by the time they came."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, text

from bot.conversation import attachments
from bot.conversation.attachments import Kept
from bot.conversation.outbox import LARGEST_SEQ
from bot.conversation.receipts import receipts_of
from bot.conversation.sql import Statement

Json = dict[str, Any]
Kind = Literal["customer", "bot", "agent", "note", "event"]
PARTS = ("buttons", "cards", "rows", "image")
MAIL = ("subject", "original")
"""What a mail's message carries beside its words (bot/channels/email.py)."""

# The page's spoken lines, newest first; notes, events and what agents did with orders are those of its time.
_SPOKEN = text(
    "SELECT * FROM (SELECT i.id, i.seq, 'customer' AS role, i.text AS body, i.received_at AS at, i.turn,"
    " NULL AS agent_id, NULL AS agent_name, i.metadata AS marks FROM inbox i"
    " WHERE i.conversation_id = :id AND i.seq > :after AND i.seq < :before"
    " UNION ALL SELECT o.id, o.seq, o.role, o.body, o.created_at, x.turn, o.agent_id, a.name, NULL FROM outbox o"
    " LEFT JOIN inbox x ON x.id = o.inbox_id LEFT JOIN agents a ON a.id = o.agent_id"
    " WHERE o.conversation_id = :id AND o.seq > :after AND o.seq < :before) spoken ORDER BY seq DESC LIMIT :limit"
)
_NOTES = Statement(
    "SELECT n.id, n.text, n.created_at, n.agent_id, a.name FROM notes n JOIN agents a ON a.id = n.agent_id"
    " WHERE n.conversation_id = :id AND n.created_at >= :since AND n.created_at < :until ORDER BY n.id"
)
_EVENTS = Statement(
    "SELECT e.id, e.kind, e.at, e.note, e.actor, e.agent_id, a.name, b.id, b.name FROM handoff_events e"
    " LEFT JOIN agents a ON a.id = e.agent_id LEFT JOIN agents b ON e.actor = 'agent:' || b.id"
    " JOIN handoffs h ON h.id = e.handoff_id"
    " WHERE h.conversation_id = :id AND e.kind <> 'answer' AND e.at >= :since AND e.at < :until ORDER BY e.id"
)
_DEEDS = Statement(
    "SELECT e.id, e.at, e.agent_id, a.name, e.details FROM console_audit e LEFT JOIN agents a ON a.id = e.agent_id"
    " WHERE e.target = :id AND e.operation = 'order' AND e.at >= :since AND e.at < :until ORDER BY e.id"
)
FAR = 9e12


@dataclass(frozen=True)
class Line:
    """The fields are the API's (docs/console.md)."""

    key: str
    kind: Kind
    at: float
    seq: int | None = None
    text: str | None = None
    buttons: list[Json] = field(default_factory=list)
    cards: list[Json] = field(default_factory=list)
    rows: list[Json] = field(default_factory=list)
    image: str | None = None
    files: list[Json] = field(default_factory=list)
    turn: int | None = None
    agent: Json | None = None
    delivery: Json | None = None
    event: Json | None = None
    subject: str | None = None
    """Of a mail."""
    original: str | None = None
    """A mail as it came, where what it quotes or signs with was left out of `text`."""
    notice: str | None = None
    """What a line of the bot's about the handoff tells: waiting, joined, left, back, resolved …"""


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    has_more: bool
    """Whether there are older ones."""


def page(connection: Connection, conversation_id: str, before: int = LARGEST_SEQ, limit: int = 100) -> Page:
    """The latest lines before that seq, oldest first."""
    rows = _spoken(connection, conversation_id, 0, before, limit + 1)
    shown = rows[:limit]
    since = shown[-1].at if len(rows) > limit else 0.0
    until = shown[0].at if before < LARGEST_SEQ and shown else FAR
    return Page(_lines(connection, conversation_id, shown, since, until), len(rows) > limit)


def since(connection: Connection, conversation_id: str, after: int, at: float, limit: int = 200) -> list[Line]:
    """The lines after that seq; notes and events from that time on."""
    rows = _spoken(connection, conversation_id, after, LARGEST_SEQ, limit)
    return _lines(connection, conversation_id, rows, at, FAR)


def _spoken(connection: Connection, conversation_id: str, after: int, before: int, limit: int) -> Sequence[Any]:
    wanted = {"id": conversation_id, "after": after, "before": before, "limit": limit}
    return connection.execute(_SPOKEN, wanted).all()


def _lines(
    connection: Connection, conversation_id: str, rows: Sequence[Any], since_time: float, until: float
) -> list[Line]:
    files = attachments.of_conversation(connection, conversation_id)
    receipts = receipts_of(connection, conversation_id)
    said = [_customers(row, files) if row.role == "customer" else _ours(row, files, receipts) for row in rows]
    between = {"id": conversation_id, "since": since_time, "until": until}
    noted = [_note(*row) for row in _NOTES.all(connection, between)]
    happened = [_event(*row) for row in _EVENTS.all(connection, between)]
    happened += [_deed(*row) for row in _DEEDS.all(connection, between)]
    return sorted([*reversed(said), *noted, *happened], key=lambda line: line.at)


def _customers(row: Any, files: Sequence[Kept]) -> Line:
    theirs = [shown_file(one) for one in files if one.inbox_id == row.id]
    marks = orjson.loads(row.marks)
    subject, original = (str(marks[name]) if marks.get(name) else None for name in MAIL)
    mail = Line(f"in-{row.id}", "customer", row.at, row.seq, row.body, files=theirs, turn=row.turn)
    return replace(mail, subject=subject, original=original)


def _ours(row: Any, files: Sequence[Kept], receipts: Any) -> Line:
    body = orjson.loads(row.body)
    parts = {name: body[name] for name in PARTS if name in body}
    by_reference = {one.attachment.reference: one for one in files}
    sent = [by_reference[one["reference"]] for one in body.get("files", ()) if one["reference"] in by_reference]
    state = receipts.get(row.id)
    return Line(
        key=f"out-{row.id}",
        kind="agent" if row.role == "agent" else "bot",
        at=row.at,
        seq=row.seq,
        text=body.get("text"),
        **parts,
        files=[shown_file(one) for one in sent],
        turn=row.turn,
        agent=_person(row.agent_id, row.agent_name),
        delivery={"state": state.state, "at": state.at, "why": state.why or None} if state else None,
        notice=body.get("notice"),
    )


def _note(number: int, words: str, at: float, agent_id: str, name: str) -> Line:
    return Line(f"note-{number}", "note", at, text=words, agent=_person(agent_id, name))


def _event(number: int, kind: str, at: float, note: str | None, actor: str, *people: str | None) -> Line:
    """`people`: id and name of the agent that it is about, then of the one who did it. A transfer is about another."""
    whom, who = _person(*people[:2]), _person(*people[2:])
    told = {"name": kind, "note": note, "actor": actor.partition(":")[0], "to": whom if kind == "transfer" else None}
    return Line(f"event-{number}", "event", at, agent=who if kind == "transfer" else whom, event=told)


def _deed(number: int, at: float, agent_id: str, name: str | None, details: str) -> Line:
    """What an agent did with an order, as the audit has it."""
    told = {"name": "order", "note": None, "actor": "agent", **orjson.loads(details)}
    return Line(f"deed-{number}", "event", at, agent=_person(agent_id, name), event=told)


def shown_file(one: Kept) -> Json:
    url = f"/console/api/files/{one.id}" if one.status == "stored" else None
    named = {"id": one.id, "kind": one.kind, "name": one.name, "media_type": one.media_type, "size": one.size}
    return {**named, "status": one.status, "url": url}


def _person(agent_id: str | None = None, name: str | None = None) -> Json | None:
    return {"id": agent_id, "name": name} if agent_id else None
