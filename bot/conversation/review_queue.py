"""Messages that wait for somebody to say what they mean. They were redacted before they came here, and go with time."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Literal

from sqlalchemy import Connection, bindparam, text

Reason = Literal["corrected", "asked_back", "fallback", "out_of_scope", "low_margin"]
Status = Literal["accepted", "dismissed"]

_PUT = text(
    "INSERT INTO reviews (conversation_id, turn, text, language, reason, guess, confidence, intent, said_at,"
    " article) VALUES (:conversation_id, :turn, :text, :language, :reason, :guess, :confidence, :intent, :said_at,"
    " :article)"
    " ON CONFLICT (conversation_id, turn) DO NOTHING"
)
_WAITING = text(
    "SELECT id, text, language, reason, guess, confidence, intent, said_at, article FROM reviews"
    " WHERE status = 'waiting' AND said_at >= :since"
    " ORDER BY CASE WHEN reason = 'corrected' THEN 0 ELSE 1 END, said_at DESC, id"
)
_KNOWN = text("SELECT conversation_id, turn FROM reviews WHERE said_at >= :since")
_SETTLE = text("UPDATE reviews SET status = :status WHERE id IN :ids AND status = 'waiting'").bindparams(
    bindparam("ids", expanding=True)
)
_FORGET = text("DELETE FROM reviews WHERE said_at < :before")
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Candidate:
    """A message on its way into the queue. `text` is redacted."""

    conversation_id: str
    turn: int
    text: str
    language: str
    reason: Reason
    guess: str
    confidence: float
    intent: str | None
    """What an agent says that it means."""
    said_at: float
    article: str | None = None
    """The help article that an agent says answers it."""


@dataclass(frozen=True)
class Waiting:
    """A message in the queue; nothing in it says whose it was."""

    id: int
    text: str
    language: str
    reason: Reason
    guess: str
    confidence: float
    intent: str | None
    said_at: float
    article: str | None = None


def put(connection: Connection, candidates: Iterable[Candidate]) -> None:
    """What is there already stays as it is. The caller commits."""
    rows = [asdict(one) for one in candidates]
    if rows:
        connection.execute(_PUT, rows)


def waiting(connection: Connection, since: float) -> list[Waiting]:
    """What agents put right first, then the newest; of what was said since then (epoch seconds)."""
    names = [one.name for one in fields(Waiting)]
    return [Waiting(**dict(zip(names, row, strict=True))) for row in connection.execute(_WAITING, {"since": since})]


def known(connection: Connection, since: float) -> set[tuple[str, int]]:
    """(conversation, turn) of what the queue has or had."""
    return {(row[0], row[1]) for row in connection.execute(_KNOWN, {"since": since})}


def settle(connection: Connection, status: Status, ids: Iterable[int]) -> int:
    """They wait no more; returns how many those were. The caller commits."""
    chosen = list(ids)
    return connection.execute(_SETTLE, {"status": status, "ids": chosen}).rowcount if chosen else 0


def forget(connection: Connection, retention_days: int, now: float) -> int:
    """Deletes what is older than may be kept: everything, if nothing may. Returns how many. The caller commits."""
    before = now - retention_days * DAY_SECONDS if retention_days else now + DAY_SECONDS
    return connection.execute(_FORGET, {"before": before}).rowcount


def counts(waiting_now: Iterable[Waiting]) -> Mapping[str, int]:
    """How many wait, by reason."""
    found: dict[str, int] = {}
    for one in waiting_now:
        found[one.reason] = found.get(one.reason, 0) + 1
    return found
