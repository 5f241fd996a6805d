"""How it stands now: who waits, who is there, what today was like, and what needs somebody's attention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.console import people
from bot.console.queue.search import DUE_SHARES
from bot.conversation.sql import Row, Statement

UNSURE_SECONDS = 86_400.0
WAITING = ("conversation_id", "state", "reason", "priority", "channel", "language", "intent", "mood", "since")
SHOWN = ("id", "name", "role", "presence", "is_present", "capacity", "languages")

_WAITING = Statement(
    "SELECT h.conversation_id, h.state, h.reason, h.priority, h.channel, h.language, h.intent, h.mood, h.queued_at,"
    " h.escalated_at, a.name FROM handoffs h LEFT JOIN agents a ON a.id = h.offered_to"
    " WHERE h.ended_at IS NULL AND h.state IN ('requested', 'offered') ORDER BY h.queued_at, h.id"
)
_HELD = Statement(
    "SELECT agent_id, state, COUNT(*) FROM handoffs WHERE ended_at IS NULL AND agent_id IS NOT NULL"
    " AND state IN ('agent', 'wrapup', 'snoozed') GROUP BY agent_id, state"
)
_TODAY = Statement(
    "SELECT (SELECT COUNT(*) FROM visits WHERE began_at >= :since),"
    " (SELECT COALESCE(SUM(messages), 0) FROM visits WHERE began_at >= :since),"
    " (SELECT COUNT(*) FROM handoffs WHERE requested_at >= :since),"
    " (SELECT COUNT(*) FROM handoffs WHERE ended_at >= :since AND ended_as = 'resolved'),"
    " (SELECT COUNT(*) FROM handoffs WHERE ended_at >= :since AND ended_as = 'failed')"
)
_ANSWERED_TODAY = Statement(
    "SELECT priority, COALESCE(first_answer_at, ended_at, :now) - requested_at FROM handoffs"
    " WHERE requested_at >= :since AND reason <> 'agent'"
)
_STUCK = Statement("SELECT COUNT(*) FROM outbox WHERE status IN ('dead', 'unsure') AND created_at >= :since")
_HOURS = Statement("SELECT began_at FROM visits WHERE began_at >= :since")


@dataclass(frozen=True)
class Now:
    """`midnight` is when the shop's `day` began; an answer later than `answer_seconds` after the request is late."""

    at: float
    day: str
    midnight: float
    answer_seconds: float

    def is_late(self, priority: str, seconds: float) -> bool:
        """As in the queue: what is pressing is late sooner."""
        return seconds > self.answer_seconds * DUE_SHARES.get(priority, 1.0)


@dataclass(frozen=True)
class Waiting:
    conversation_id: str
    state: str
    reason: str
    priority: str
    channel: str
    language: str
    intent: str | None
    mood: float | None
    since: float
    offered_to: str | None
    is_escalated: bool
    is_late: bool


@dataclass(frozen=True)
class Colleague:
    """With how many conversations in each state they have."""

    id: str
    name: str
    role: str
    presence: str
    is_present: bool
    capacity: int
    languages: Sequence[str]
    agent: int
    wrapup: int
    snoozed: int


@dataclass(frozen=True)
class Today:
    visits: int
    messages: int
    handoffs: int
    resolved: int
    failed: int
    late: int
    """Requests for a person that were answered too late, or still are not answered."""
    visits_by_hour: tuple[int, ...]


@dataclass(frozen=True)
class Alarm:
    """What a supervisor should do something about."""

    code: str
    count: int = 0
    text: str = ""


@dataclass(frozen=True)
class Board:
    at: float
    day: str
    answer_seconds: float
    waiting: Sequence[Waiting]
    offered: int
    longest_wait: float
    agents: Sequence[Colleague]
    present: int
    capacity: int
    with_agents: int
    snoozed: int
    today: Today
    alarms: Sequence[Alarm]


def board(connection: Connection, now: Now, notes: Sequence[str]) -> Board:
    """`notes` are the service's own worries (a model that could not be taken up)."""
    waiting = [_waiting(row, now) for row in _WAITING.all(connection, {})]
    staff, today = _staff(connection), _today(connection, now)
    [stuck] = _STUCK.one(connection, {"since": now.at - UNSURE_SECONDS})
    present = [each for each in staff if each.is_present]
    return Board(
        at=now.at,
        day=now.day,
        answer_seconds=now.answer_seconds,
        waiting=waiting,
        offered=sum(each.state == "offered" for each in waiting),
        longest_wait=max((now.at - each.since for each in waiting), default=0.0),
        agents=staff,
        present=len(present),
        capacity=sum(each.capacity for each in present),
        with_agents=sum(each.agent + each.wrapup for each in staff),
        snoozed=sum(each.snoozed for each in staff),
        today=today,
        alarms=[*_alarms(waiting, len(present), today, stuck), *(Alarm("note", text=note) for note in notes)],
    )


def _waiting(row: Row, now: Now) -> Waiting:
    *values, escalated_at, offered_to = row
    shown = dict(zip(WAITING, values, strict=True))
    is_late = now.is_late(shown["priority"], now.at - shown["since"])
    return Waiting(**shown, offered_to=offered_to, is_escalated=escalated_at is not None, is_late=is_late)


def _staff(connection: Connection) -> list[Colleague]:
    """Who works here, those who are there first."""
    held: dict[str, dict[str, int]] = {}
    for agent_id, state, count in _HELD.all(connection, {}):
        held.setdefault(agent_id, {})[state] = count
    staff = [_colleague(each, held.get(each["id"], {})) for each in people.people(connection)]
    return sorted(staff, key=lambda each: (not each.is_present, each.name))


def _colleague(person: Mapping[str, Any], held: Mapping[str, int]) -> Colleague:
    shown = {name: person[name] for name in SHOWN}
    return Colleague(**shown, agent=held.get("agent", 0), wrapup=held.get("wrapup", 0), snoozed=held.get("snoozed", 0))


def _today(connection: Connection, now: Now) -> Today:
    since = {"since": now.midnight}
    visits, messages, handoffs, resolved, failed = _TODAY.one(connection, since)
    answered = _ANSWERED_TODAY.all(connection, {**since, "now": now.at})
    late = sum(now.is_late(priority, seconds) for priority, seconds in answered)
    hours = [0] * 24
    for (began_at,) in _HOURS.all(connection, since):
        hours[min(int((began_at - now.midnight) // 3600), 23)] += 1
    return Today(visits, int(messages), handoffs, resolved, failed, late, tuple(hours))


def _alarms(waiting: Sequence[Waiting], present: int, today: Today, stuck: int) -> list[Alarm]:
    """The most pressing first."""
    found = {
        "nobody_there": 0 if present else len(waiting),
        "waiting_too_long": sum(each.is_late for each in waiting),
        "nobody_took": today.failed,
        "not_delivered": stuck,
    }
    return [Alarm(code, count) for code, count in found.items() if count]
