"""Visits of a period with what happened in them: who took over, when the customer came back, how they rated."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.console.analytics.period import Period
from bot.conversation.sql import Statement

_VISITS = Statement(
    "SELECT v.conversation_id, v.first_turn, v.person, v.channel, v.language, v.intent, p.segment, v.began_at,"
    " v.ended_at, v.messages, v.unanswered, v.mood_start, v.mood_end, v.bad_end, v.answered_seconds,"
    " (SELECT MIN(n.began_at) FROM visits n WHERE n.person = v.person AND n.began_at > v.ended_at),"
    " (SELECT MIN(n.began_at) FROM visits n WHERE n.conversation_id = v.conversation_id AND n.first_row > v.first_row)"
    " FROM visits v LEFT JOIN customer_profiles p ON p.customer_id = v.customer_id"
    " WHERE v.began_at >= :since AND v.began_at < :until"
    " AND COALESCE(CAST(:channel AS TEXT), v.channel) = v.channel"
    " AND COALESCE(CAST(:language AS TEXT), v.language) = v.language"
    " AND COALESCE(CAST(:intent AS TEXT), v.intent, '') = COALESCE(v.intent, '')"
    " AND COALESCE(CAST(:segment AS TEXT), p.segment, '') = COALESCE(p.segment, '')"
    " ORDER BY v.began_at, v.conversation_id"
)
_HANDOFFS = Statement(
    "SELECT id, conversation_id, state, reason, agent_id, requested_at, taken_at, first_answer_at, ended_at, ended_as"
    " FROM handoffs WHERE requested_at >= :since ORDER BY id"
)
_RATINGS = Statement(
    "SELECT conversation_id, handoff_id, asked_at, score, comment FROM ratings WHERE asked_at >= :since ORDER BY id"
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
    next_at: float | None
    """When the next visit of this conversation began."""
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
    since = {"since": period.since}
    of_conversation = _Latest(visits)
    agent_of: dict[int, str | None] = {}
    for row in _HANDOFFS.all(connection, since):
        handover = Handover(row[0], *row[2:])
        agent_of[handover.id] = handover.agent_id
        if visit := of_conversation.at(row[1], handover.requested_at):
            visit.handovers.append(handover)
    for conversation_id, handoff_id, asked_at, score, comment in _RATINGS.all(connection, since):
        if visit := of_conversation.at(conversation_id, asked_at):
            visit.ratings.append(Given(score, comment, agent_of.get(handoff_id)))


class _Latest:
    """Finds the visit that a moment of a conversation belongs to: the last one that had begun."""

    def __init__(self, visits: Iterable[Visit]) -> None:
        self._of: dict[str, list[Visit]] = {}
        for visit in visits:
            self._of.setdefault(visit.conversation_id, []).append(visit)

    def at(self, conversation_id: str, at: float) -> Visit | None:
        theirs = self._of.get(conversation_id, [])
        place = bisect_right(theirs, at, key=lambda visit: visit.began_at)
        found = theirs[place - 1] if place else None
        return None if found is None or (found.next_at is not None and at >= found.next_at) else found
