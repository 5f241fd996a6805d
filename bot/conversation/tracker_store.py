"""Trackers between turns: the truth in the database, the recent ones in memory.

A cached tracker counts only while its version equals the row's; so a turn of another process, or an event an operator
appended, is never overlooked. A turn takes the tracker out and puts it back after its commit: one that failed half-way
is simply gone, and the next turn reads the last committed state. The row holds no events: the turns have them already.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import orjson
from sqlalchemy import Connection

from bot.conversation.schema import Owner
from bot.conversation.sql import Statement

_SNAPSHOT = Statement("SELECT snapshot FROM conversations WHERE id = :id")
_SAVE = Statement(
    "UPDATE conversations SET version = version + 1, turns = :turn, last_seq = last_seq + :messages,"
    " snapshot = :snapshot, owner = :owner, epoch = epoch + :moved, language = :language, customer_id = :customer_id,"
    " signed_as = :signed_as, signed_until = :signed_until, updated_at = :now"
    " WHERE id = :id AND version = :version RETURNING last_seq, epoch"
)
_RECORD = Statement(
    "INSERT INTO turns (conversation_id, turn, events, decision, created_at)"
    " VALUES (:id, :turn, :events, :decision, :now)"
)
_EVENTS = Statement("SELECT events FROM turns WHERE conversation_id = :id ORDER BY id")
_LATEST_EVENTS = Statement("SELECT events FROM turns WHERE conversation_id = :id ORDER BY id DESC LIMIT :turns")
_DECISION = Statement(
    "SELECT decision FROM turns WHERE conversation_id = :id AND turn = :turn AND decision IS NOT NULL"
    " ORDER BY id DESC LIMIT 1"
)
_EVENTS_OF_TURN = Statement("SELECT events FROM turns WHERE conversation_id = :id AND turn = :turn ORDER BY id")
_HEAD = Statement(
    "SELECT id, owner, epoch, last_seq, version, turns, signed_as, signed_until FROM conversations WHERE id = :id"
)


class Snapshotted(Protocol):
    """What a tracker must offer to be stored: JSON-able, with its latest events under `events`."""

    def snapshot(self) -> dict[str, Any]: ...


SNAPSHOT_TURNS = 16
"""A tracker is rebuilt with the events of so many turns: more than it holds, few enough to read quickly."""

T = TypeVar("T", bound=Snapshotted)


class StaleConversation(Exception):
    """Another process, or an operator, changed the conversation since it was read: read it again, repeat the turn."""


@dataclass(frozen=True)
class Head:
    """A conversation without its tracker."""

    id: str
    owner: Owner
    epoch: int
    last_seq: int
    version: int
    turns: int
    signed_as: str | None
    signed_until: float | None


@dataclass(frozen=True)
class Change:
    """What one transaction does to a conversation, beside its outbox."""

    conversation_id: str
    version: int
    """The version it was read at."""
    turn: int
    messages: int
    owner: Owner
    is_moved: bool
    """The owner has changed: the epoch moves."""
    language: str | None
    customer_id: str | None
    signed_as: str | None
    signed_until: float | None
    events: Sequence[Mapping[str, Any]]
    decision: object
    """Anything orjson can write (a dataclass); None for a change that nobody decided."""


class TrackerStore(Generic[T]):
    """`create(conversation_id, snapshot)` makes a tracker; a snapshot of None means a new conversation."""

    def __init__(self, create: Callable[[str, dict[str, Any] | None], T], size: int) -> None:
        self._create = create
        self._size = size
        self._kept: OrderedDict[str, tuple[int, T]] = OrderedDict()
        self._mutex = threading.Lock()

    def take(self, conversation_id: str, version: int) -> T | None:
        """The tracker in memory, if it is the latest; it is the caller's until `keep`."""
        with self._mutex:
            kept = self._kept.pop(conversation_id, None)
        return kept[1] if kept and kept[0] == version else None

    def read(self, connection: Connection, conversation_id: str) -> T:
        """A tracker of one's own from the last committed state."""
        found = _SNAPSHOT.first(connection, {"id": conversation_id})
        if not found or not found[0]:
            return self._create(conversation_id, None)
        snapshot = orjson.loads(found[0])
        latest = _LATEST_EVENTS.all(connection, {"id": conversation_id, "turns": SNAPSHOT_TURNS})
        snapshot["events"] = [event for (turn,) in reversed(latest) for event in orjson.loads(turn)]
        return self._create(conversation_id, snapshot)

    def keep(self, conversation_id: str, version: int, tracker: T) -> None:
        with self._mutex:
            self._kept[conversation_id] = (version, tracker)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)


def save(connection: Connection, change: Change, tracker: Snapshotted, now: float) -> tuple[int, int]:
    """Write the change; the caller commits. Returns (last seq, epoch). Raises StaleConversation."""
    row = _SAVE.first(
        connection,
        {
            "id": change.conversation_id,
            "version": change.version,
            "turn": change.turn,
            "messages": change.messages,
            "snapshot": dump({**tracker.snapshot(), "events": None}),
            "owner": change.owner,
            "moved": int(change.is_moved),
            "language": change.language,
            "customer_id": change.customer_id,
            "signed_as": change.signed_as,
            "signed_until": change.signed_until,
            "now": now,
        },
    )
    if row is None:
        raise StaleConversation(change.conversation_id)
    record = {
        "id": change.conversation_id,
        "turn": change.turn,
        "events": dump(list(change.events)),
        "decision": dump(change.decision) if change.decision is not None else None,
        "now": now,
    }
    _RECORD.all(connection, record)
    last_seq, epoch = row
    return last_seq, epoch


def head(connection: Connection, conversation_id: str) -> Head | None:
    row = _HEAD.first(connection, {"id": conversation_id})
    return Head(*row) if row else None


def events(connection: Connection, conversation_id: str) -> list[dict[str, Any]]:
    """Every event of the conversation, oldest first, in Rasa's shape."""
    return [event for (turn,) in _EVENTS.all(connection, {"id": conversation_id}) for event in orjson.loads(turn)]


def decision(connection: Connection, conversation_id: str, turn_number: int) -> dict[str, Any] | None:
    """The decision record of a turn (counted from 1), or None."""
    found = _DECISION.first(connection, {"id": conversation_id, "turn": turn_number})
    return dict(orjson.loads(found[0])) if found else None


def message_of(connection: Connection, conversation_id: str, turn_number: int) -> str | None:
    """What the customer wrote in a turn (counted from 1), or None."""
    said = (event for event in events_of_turn(connection, conversation_id, turn_number) if event["event"] == "user")
    return next((str(event["text"]) for event in said if event.get("text")), None)


def events_of_turn(connection: Connection, conversation_id: str, turn_number: int) -> list[dict[str, Any]]:
    """What happened in a turn (counted from 1), oldest first."""
    rows = _EVENTS_OF_TURN.all(connection, {"id": conversation_id, "turn": turn_number})
    return [event for (events,) in rows for event in orjson.loads(events)]


def dump(value: object) -> str:
    """JSON for a column; values that JSON has no word for (Decimal, UUID) become their text."""
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
