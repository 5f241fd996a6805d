"""Keeping the visits up to date: every conversation that has new turns is folded again from its last visit on.

How far the turns have been read is kept in `instance`. Two processes may do it at once: both write the same rows.
"""

import time
from collections.abc import Iterator, Sequence

import orjson
from sqlalchemy import Connection

from bot.console.analytics.folding import StoredTurn, Visit, is_gap, visits_in
from bot.conversation.sql import Statement
from bot.database import Database

SETTLED_SECONDS = 60.0
"""PostgreSQL may commit an older id later: turns so young are read again the next time."""
TURNS_AT_ONCE = 2_000
CONVERSATIONS_AT_ONCE = 50
"""In one write transaction: a turn that wants to commit waits no longer."""
NAME = "visits_read_until"

_UNTIL = Statement("SELECT value FROM instance WHERE name = :name")
_SET_UNTIL = Statement(
    "INSERT INTO instance (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value"
)
_NEW = Statement("SELECT id, conversation_id, created_at FROM turns WHERE id > :until ORDER BY id LIMIT :most")
_CONVERSATION = Statement("SELECT channel, language, customer_id FROM conversations WHERE id = :id")
_LAST_VISIT = Statement(
    "SELECT first_row, last_row FROM visits WHERE conversation_id = :id ORDER BY first_row DESC LIMIT 1"
)
_NEWEST = Statement("SELECT MAX(id) FROM turns WHERE conversation_id = :id")
_TURNS = Statement(
    "SELECT id, turn, created_at, events, decision FROM turns WHERE conversation_id = :id AND id >= :row ORDER BY id"
)
_TIMES = Statement(
    "SELECT i.turn, MIN(i.received_at), MIN(o.created_at) FROM inbox i LEFT JOIN outbox o ON o.inbox_id = i.id"
    " WHERE i.conversation_id = :id AND i.turn >= :turn GROUP BY i.turn"
)
_KEPT = (
    *("conversation_id", "first_row", "last_row", "first_turn", "last_turn", "person", "customer_id", "channel"),
    *("language", "intent", "began_at", "ended_at", "messages", "unanswered", "mood_start", "mood_end", "bad_end"),
    "answered_seconds",
)
_KEEP = Statement(
    f"INSERT INTO visits ({', '.join(_KEPT)}) VALUES ({', '.join(f':{name}' for name in _KEPT)})"
    " ON CONFLICT (conversation_id, first_row) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _KEPT[2:])
)
_KEEP_UNANSWERED = Statement(
    "INSERT INTO unanswered (conversation_id, turn, language, at) VALUES (:conversation_id, :turn, :language, :at)"
    " ON CONFLICT (conversation_id, turn) DO NOTHING"
)


def catch_up(database: Database) -> int:
    """Fold all that is new; returns how many conversations that were. Nothing to do costs one small SELECT."""
    count = 0
    while (found := _new_turns(database)) is not None:
        conversations, until, is_all = found
        for start in range(0, len(conversations), CONVERSATIONS_AT_ONCE):
            with database.writing() as connection:
                some = conversations[start : start + CONVERSATIONS_AT_ONCE]
                count += sum(fold(connection, conversation_id) for conversation_id in some)
                connection.commit()
        with database.writing() as connection:
            _SET_UNTIL.all(connection, {"name": NAME, "value": str(until)})
            connection.commit()
        if is_all:
            break
    return count


def _new_turns(database: Database) -> tuple[list[str], int, bool] | None:
    """The conversations of the next turns, the last of those that is settled, and whether there are no more."""
    with database.read() as connection:
        row = _UNTIL.first(connection, {"name": NAME})
        until = int(row[0]) if row else 0
        rows = _NEW.all(connection, {"until": until, "most": TURNS_AT_ONCE})
    if not rows:
        return None
    settled = time.time() - SETTLED_SECONDS
    old = [row_id for row_id, _, created_at in rows if created_at <= settled]
    return list(dict.fromkeys(row[1] for row in rows)), max(old, default=until), len(rows) < TURNS_AT_ONCE or not old


def fold(connection: Connection, conversation_id: str) -> bool:
    """Write the conversation's last visit again, and those after it; the caller commits. False: nothing was new."""
    known = _CONVERSATION.first(connection, {"id": conversation_id})
    since, until = _LAST_VISIT.first(connection, {"id": conversation_id}) or (0, 0)
    if known is None or until == _NEWEST.one(connection, {"id": conversation_id})[0]:
        return False
    channel, language, customer_id = known
    for visit in visits_in(_turns(connection, conversation_id, since)):
        row = {
            **_row(visit),
            "conversation_id": conversation_id,
            "person": customer_id or conversation_id,
            "customer_id": customer_id,
            "channel": channel,
            "language": visit.language or language or "en",
        }
        _KEEP.all(connection, row)
        for turn in filter(is_gap, visit.turns):
            found = {"turn": turn.turn, "at": turn.at, "language": row["language"]}
            _KEEP_UNANSWERED.all(connection, {"conversation_id": conversation_id, **found})
    return True


def _row(visit: Visit) -> dict[str, object]:
    moods = visit.moods
    return {
        "first_row": visit.first.row,
        "last_row": visit.last_row,
        "first_turn": visit.first.turn,
        "last_turn": visit.last_turn,
        "intent": visit.intent,
        "began_at": visit.began_at,
        "ended_at": visit.ended_at,
        "messages": len(visit.turns),
        "unanswered": len(visit.unanswered),
        "mood_start": moods[0] if moods else None,
        "mood_end": moods[-1] if moods else None,
        "bad_end": visit.bad_end,
        "answered_seconds": visit.answered_seconds,
    }


def _turns(connection: Connection, conversation_id: str, since: int) -> Iterator[StoredTurn]:
    rows = _TURNS.all(connection, {"id": conversation_id, "row": since})
    if not rows:
        return
    times: dict[int, Sequence[float | None]] = {
        turn: (heard, answered)
        for turn, heard, answered in _TIMES.all(connection, {"id": conversation_id, "turn": rows[0][1]})
    }
    for row, turn, at, events, decision in rows:
        kinds = frozenset(event["event"] for event in orjson.loads(events))
        record = orjson.loads(decision) if decision else None
        heard, answered = times.get(turn, (None, None)) if "user" in kinds else (None, None)
        yield StoredTurn(row, turn, at, kinds, record, heard, answered)
