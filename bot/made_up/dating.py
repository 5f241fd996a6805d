"""Moving a conversation that was just held to another day: every moment of it, in every table."""

from bisect import bisect_right
from dataclasses import dataclass, field

import orjson
from sqlalchemy import Connection, text

from bot.console.analytics.catching_up import fold

MOMENTS = {
    "conversations": ("id", "id", ("created_at", "updated_at")),
    "inbox": ("id", "conversation_id", ("received_at",)),
    "outbox": ("id", "conversation_id", ("created_at",)),
    "turns": ("id", "conversation_id", ("created_at",)),
    "ratings": ("id", "conversation_id", ("asked_at", "scored_at")),
    "handoff_events": ("id", "conversation_id", ("at",)),
    "handoffs": (
        "id",
        "conversation_id",
        ("requested_at", "queued_at", "taken_at", "first_answer_at", "wrapup_at", "ended_at"),
    ),
}
"""By table: its key, the column that names the conversation, and its moments."""


@dataclass
class Diary:
    """When something was really done, and when it is to have been done."""

    really: list[float] = field(default_factory=list)
    made_up: list[float] = field(default_factory=list)

    def note(self, really: float, made_up: float) -> None:
        self.really.append(really)
        self.made_up.append(made_up)

    def moved(self, moment: float) -> float:
        """As long after the last entry as it really was."""
        place = max(bisect_right(self.really, moment) - 1, 0)
        return self.made_up[place] + moment - self.really[place]


def move(connection: Connection, conversation_id: str, diary: Diary) -> None:
    """It is counted on its new day; the caller commits."""
    for table, (key, of, columns) in MOMENTS.items():
        for column in columns:
            _move(connection, (table, key, of, column), conversation_id, diary)
    _move_events(connection, conversation_id, diary)
    for table in ("visits", "unanswered"):
        connection.execute(text(f"DELETE FROM {table} WHERE conversation_id = :id"), {"id": conversation_id})
    fold(connection, conversation_id)


def _move(connection: Connection, where: tuple[str, str, str, str], conversation_id: str, diary: Diary) -> None:
    table, key, of, column = where
    read = text(f"SELECT {key}, {column} FROM {table} WHERE {of} = :id AND {column} IS NOT NULL")
    rows = connection.execute(read, {"id": conversation_id}).all()
    write = text(f"UPDATE {table} SET {column} = :at WHERE {key} = :key")
    for row, moment in rows:
        connection.execute(write, {"at": diary.moved(moment), "key": row})


def _move_events(connection: Connection, conversation_id: str, diary: Diary) -> None:
    rows = connection.execute(
        text("SELECT id, events FROM turns WHERE conversation_id = :id"), {"id": conversation_id}
    ).all()
    for row, events in rows:
        moved = [
            {**event, "timestamp": diary.moved(event["timestamp"])} if event.get("timestamp") else event
            for event in orjson.loads(events)
        ]
        connection.execute(
            text("UPDATE turns SET events = :events WHERE id = :id"),
            {"events": orjson.dumps(moved).decode(), "id": row},
        )
