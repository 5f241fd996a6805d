"""What a platform reports of the parts that it took: arrived, read, or failed after all.

Reports come late, twice and in any order, also before the answer that gave the part its id. So each is kept by the
platform's id, a later word only ever raises the state, and of "arrived" and "failed" the first one counts. A part that
failed makes its whole line `dead`, with the platform's reason. A report that names the part by our own key tells of one
that went out although nobody here knew it any more: a line that was `unsure` for it has arrived after all.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from sqlalchemy import Connection

from bot.conversation.sql import Statement

State = Literal["waiting", "sent", "delivered", "read", "failed", "unsure", "refused"]

RANKS: Mapping[str, int] = {"sent": 0, "delivered": 1, "failed": 1, "read": 2}
"""What a report may follow: only a state below its rank. Nothing follows a failure."""
_RANK = "CASE {} WHEN 'sent' THEN 0 WHEN 'delivered' THEN 1 WHEN 'read' THEN 2 ELSE 3 END"
ORDER: Sequence[State] = ("failed", "sent", "delivered", "read")
"""A line is as far as its part that stands first here."""
KEY = re.compile(r"kefu-(\d{1,15})-(\d{1,15})-(\d{1,4})", re.ASCII)
UNCLAIMED_SECONDS = 86_400.0
"""So long a report waits for a part of ours: it may be of a message that somebody else sent from the account."""

_NOTE = Statement(
    "INSERT INTO delivery_parts (channel, platform_id, outbox_id, part, state, at)"
    " VALUES (:channel, :platform_id, :outbox_id, :part, 'sent', :now)"
    " ON CONFLICT (channel, platform_id) DO UPDATE SET outbox_id = :outbox_id, part = :part"
)
_APPLY = Statement(
    "INSERT INTO delivery_parts (channel, platform_id, state, at, why)"
    " VALUES (:channel, :platform_id, :state, :now, :why)"
    " ON CONFLICT (channel, platform_id) DO UPDATE SET state = :state, at = :now, why = :why"
    f" WHERE {_RANK.format('delivery_parts.state')} < :rank RETURNING outbox_id"
)
# A line that is still being sent has its last word at its end: `settle`.
_FAILED = Statement("UPDATE outbox SET status = 'dead' WHERE id = :id AND status IN ('delivered', 'unsure')")
_WHY = Statement("UPDATE deliveries SET why = :why WHERE outbox_id = :id")
_CONVERSATION = Statement("SELECT conversation_id FROM outbox WHERE id = :id")
_SETTLE = Statement(
    "UPDATE outbox SET status = 'dead' WHERE id = :id AND status = 'delivered' AND EXISTS"
    " (SELECT 1 FROM delivery_parts p WHERE p.outbox_id = :id AND p.state = 'failed')"
)
_MADE_AT = Statement("SELECT created_at FROM outbox WHERE id = :id")
_SURE = Statement(
    "UPDATE outbox SET status = 'delivered' WHERE id = :id AND status = 'unsure'"
    " AND (SELECT COUNT(DISTINCT p.part) FROM delivery_parts p WHERE p.outbox_id = :id)"
    " >= (SELECT d.parts_done FROM deliveries d WHERE d.outbox_id = :id)"
)
_FORGET = Statement("DELETE FROM delivery_parts WHERE outbox_id IS NULL AND at < :before")
_LINES = Statement(
    "SELECT o.id, o.status, o.created_at, d.why FROM outbox o LEFT JOIN deliveries d ON d.outbox_id = o.id"
    " WHERE o.conversation_id = :conversation_id"
)
_PARTS = Statement(
    "SELECT p.outbox_id, p.state, p.at, p.why FROM delivery_parts p JOIN outbox o ON o.id = p.outbox_id"
    " WHERE o.conversation_id = :conversation_id"
)
OF_STATUS: Mapping[str, State] = {
    "pending": "waiting",
    "delivered": "sent",
    "dead": "failed",
    "unsure": "unsure",
    "refused": "refused",
}


class Report(Protocol):
    """A channel's `Receipt`, as it is read here."""

    @property
    def platform_id(self) -> str: ...

    @property
    def state(self) -> Literal["sent", "delivered", "read", "failed"]: ...

    @property
    def why(self) -> str: ...

    @property
    def key(self) -> str: ...


@dataclass(frozen=True)
class LineState:
    """How far a line has come: as far as its part that is least far. `at`: since when, in seconds since 1970."""

    state: State
    at: float
    why: str = ""


def key_of(outbox_id: int, made_at: float, part: int) -> str:
    """A part's name, the same for every try, and never that of another database's line: receivers may keep it for
    good."""
    return f"kefu-{outbox_id}-{round(made_at * 1000)}-{part}"


def note_part(connection: Connection, channel: str, platform_id: str, outbox_id: int, part: int, now: float) -> None:
    """A part went out and the platform called it so; what was reported of it before counts now."""
    noted = {"channel": channel, "platform_id": platform_id, "outbox_id": outbox_id, "part": part, "now": now}
    _NOTE.all(connection, noted)


def settle(connection: Connection, outbox_id: int) -> None:
    """The line's end, where a part had failed, or turned out to have arrived, before the last one went out."""
    _SURE.all(connection, {"id": outbox_id})
    _SETTLE.all(connection, {"id": outbox_id})


def apply(connection: Connection, channel: str, reports: Iterable[Report], now: float) -> set[str]:
    """Keep what was reported; the caller commits. Returns the conversations whose lines have come further."""
    changed = [_apply(connection, channel, one, now) for one in reports if one.platform_id]
    return {conversation_id for conversation_id in changed if conversation_id}


def _apply(connection: Connection, channel: str, one: Report, now: float) -> str | None:
    heard = {"channel": channel, "platform_id": one.platform_id, "state": one.state, "now": now, "why": one.why[:300]}
    row = _APPLY.first(connection, {**heard, "rank": RANKS[one.state]})
    outbox_id = (row[0] if row else None) or _recognised(connection, channel, one, now)
    if outbox_id is None:
        return None
    if one.state == "failed":
        _FAILED.all(connection, {"id": outbox_id})
        _WHY.all(connection, {"id": outbox_id, "why": one.why[:300]})
    return str(_CONVERSATION.one(connection, {"id": outbox_id})[0])


def _recognised(connection: Connection, channel: str, one: Report, now: float) -> int | None:
    """The line of a part whose id was never learnt: its process died before the platform's answer came."""
    if (named := KEY.fullmatch(one.key)) is None:
        return None
    outbox_id, made, part = (int(number) for number in named.groups())
    row = _MADE_AT.first(connection, {"id": outbox_id})
    if row is None or round(row[0] * 1000) != made:
        return None
    note_part(connection, channel, one.platform_id, outbox_id, part, now)
    _SURE.all(connection, {"id": outbox_id})
    return outbox_id


def forget_unclaimed(connection: Connection, now: float) -> None:
    """Reports of messages that were not ours."""
    _FORGET.all(connection, {"before": now - UNCLAIMED_SECONDS})


def receipts_of(connection: Connection, conversation_id: str) -> dict[int, LineState]:
    """How far each line of a conversation has come, by its outbox id."""
    wanted = {"conversation_id": conversation_id}
    parts: dict[int, list[LineState]] = {}
    for outbox_id, state, at, why in _PARTS.all(connection, wanted):
        parts.setdefault(outbox_id, []).append(LineState(state, at, why or ""))
    return {
        outbox_id: _line(LineState(OF_STATUS[status], created_at, why or ""), parts.get(outbox_id, []))
        for outbox_id, status, created_at, why in _LINES.all(connection, wanted)
    }


def _line(known: LineState, parts: list[LineState]) -> LineState:
    if known.state != "sent" or not parts:
        return known
    least = min(parts, key=lambda part: ORDER.index(part.state))
    return LineState(least.state, max(part.at for part in parts), least.why)
