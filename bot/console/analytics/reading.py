"""Visits of a period with what happened in them: who took over, when the customer came back, how they rated."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.console.analytics.period import Period
from bot.conversation.sql import Statement

_VISITS = Statement(
    "SELECT v.conversation_id, v.first_row, v.first_turn, v.person, v.channel, v.language, v.intent, p.segment,"
    " v.began_at, v.ended_at, v.messages, v.unanswered, v.mood_start, v.mood_end, v.bad_end, v.answered_seconds,"
    " (SELECT MIN(n.began_at) FROM visits n WHERE n.person = v.person AND n.began_at > v.ended_at)"
    " FROM visits v LEFT JOIN customer_profiles p ON p.customer_id = v.customer_id"
    " WHERE v.began_at >= :since AND v.began_at < :until"
    " AND COALESCE(CAST(:channel AS TEXT), v.channel) = v.channel"
    " AND COALESCE(CAST(:language AS TEXT), v.language) = v.language"
    " AND COALESCE(CAST(:intent AS TEXT), v.intent, '') = COALESCE(v.intent, '')"
    " AND COALESCE(CAST(:segment AS TEXT), p.segment, '') = COALESCE(p.segment, '')"
    " ORDER BY v.began_at, v.conversation_id"
)
_IN_VISIT = (
    "(SELECT MAX(v.first_row) FROM visits v WHERE v.conversation_id = {of}.conversation_id AND v.began_at <= {at})"
)
"""The visit that a moment of a conversation belongs to: the last one that had begun."""
_HANDOFFS = Statement(
    f"SELECT h.conversation_id, {_IN_VISIT.format(of='h', at='h.requested_at')}, h.id, h.state, h.reason, h.agent_id,"
    " h.requested_at, h.taken_at, h.first_answer_at, h.ended_at, h.ended_as"
    " FROM handoffs h WHERE h.requested_at >= :since ORDER BY h.id"
)
_RATINGS = Statement(
    f"SELECT r.conversation_id, {_IN_VISIT.format(of='r', at='r.asked_at')}, r.score, r.comment, h.agent_id"
    " FROM ratings r LEFT JOIN handoffs h ON h.id = r.handoff_id WHERE r.asked_at >= :since ORDER BY r.id"
)


@dataclass(frozen=True)
class Filters:
    """None takes all; an empty intent or segment those without one. `agent`: the visits in which that person was."""

    channel: str | None = None
    language: str | None = None
    intent: str | None = None
    segment: str | None = None
    agent: str | None = None


@dataclass(frozen=True)
class Handover:
    """A handoff, as far as it is counted."""

    id: int
    state: str
    reason: str
    agent_id: str | None
    requested_at: float
    taken_at: float | None
    first_answer_at: float | None
    ended_at: float | None
    ended_as: str | None

    @property
    def first_answer_seconds(self) -> float | None:
        """From the request to the first line that a person wrote."""
        return None if self.first_answer_at is None else max(self.first_answer_at - self.requested_at, 0.0)


@dataclass(frozen=True)
class Given:
    """A rating, or the question that nobody answered. `agent_id` is None where the bot is rated."""

    score: int | None
    comment: str | None
    agent_id: str | None


@dataclass(frozen=True)
class Visit:
    conversation_id: str
    first_row: int
    first_turn: int
    person: str
    channel: str
    language: str
    intent: str | None
    segment: str | None
    began_at: float
    ended_at: float
    messages: int
    unanswered: int
    mood_start: float | None
    mood_end: float | None
    bad_end: str | None
    answered_seconds: float | None
    back_at: float | None
    """When the same customer came again, whatever the channel."""
    handovers: list[Handover] = field(default_factory=list)
    ratings: list[Given] = field(default_factory=list)

    @property
    def agents(self) -> list[str]:
        return list(dict.fromkeys(each.agent_id for each in self.handovers if each.agent_id))


def read_visits(connection: Connection, period: Period, filters: Filters) -> list[Visit]:
    """Those that began in the period, oldest first."""
    wanted = {name: getattr(filters, name) for name in ("channel", "language", "intent", "segment")}
    rows = _VISITS.all(connection, {"since": period.since, "until": period.until, **wanted})
    visits = [Visit(*row) for row in rows]
    _put_in(visits, connection, period)
    return [visit for visit in visits if not filters.agent or filters.agent in visit.agents]


def _put_in(visits: list[Visit], connection: Connection, period: Period) -> None:
    """Each handoff and rating into the visit in which it was asked for."""
    known = {(visit.conversation_id, visit.first_row): visit for visit in visits}
    for conversation_id, row, *values in _HANDOFFS.all(connection, {"since": period.since}):
        if visit := known.get((conversation_id, row)):
            visit.handovers.append(Handover(*values))
    for conversation_id, row, *values in _RATINGS.all(connection, {"since": period.since}):
        if visit := known.get((conversation_id, row)):
            visit.ratings.append(Given(*values))
