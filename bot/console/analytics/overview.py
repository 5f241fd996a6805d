"""The page of figures, put together: totals, the days, one more way to cut it, reasons, agents; and lists of visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from actions.handoff.summary import REASONS
from bot.console.analytics.figures import (
    FEWEST_CUSTOMERS,
    Figures,
    Moment,
    Satisfaction,
    against_of,
    figures_of,
    groups_by,
    reasons_of,
    satisfaction_of,
)
from bot.console.analytics.period import Period
from bot.console.analytics.reading import Visit
from bot.console.analytics.statistics import Spread, spread
from bot.conversation.sql import Statement
from knowledge.segmentation.archetypes import ARCHETYPES

By = Literal["day", "channel", "language", "intent", "segment", "agent"]
Language = Literal["en", "zh"]

_NAMES = Statement("SELECT id, name FROM agents")
_OPEN = Statement(
    "SELECT agent_id, COUNT(*) FROM handoffs WHERE ended_at IS NULL AND agent_id IS NOT NULL"
    " AND state IN ('agent', 'wrapup', 'snoozed') GROUP BY agent_id"
)
_CHOICES = Statement(
    "SELECT DISTINCT channel, language, COALESCE(intent, '') FROM visits WHERE began_at >= :since AND began_at < :until"
)
_SEGMENTS = Statement(
    "SELECT p.segment FROM visits v JOIN customer_profiles p ON p.customer_id = v.customer_id"
    " WHERE v.began_at >= :since AND v.began_at < :until AND p.segment IS NOT NULL"
    " GROUP BY p.segment HAVING COUNT(DISTINCT v.person) >= :fewest"
)


@dataclass(frozen=True)
class Group:
    """`key` is empty for visits without one (no intent, nobody known)."""

    key: str
    name: str
    figures: Figures


@dataclass(frozen=True)
class Reason:
    reason: str
    name: str
    count: int


@dataclass(frozen=True)
class AgentLoad:
    """`open` is now; the rest is of the period."""

    id: str
    name: str
    open: int
    handled: int
    first_answer: Spread
    settles_in: Spread
    satisfaction: Satisfaction


@dataclass(frozen=True)
class Choice:
    key: str
    name: str


@dataclass(frozen=True)
class Overview:
    first: str
    last: str
    time_zone: str
    return_hours: float
    choices: dict[str, list[Choice]]
    """What there is to filter by in the period, whatever is filtered now."""
    totals: Figures
    days: Sequence[Group]
    by: str
    groups: Sequence[Group]
    reasons: Sequence[Reason]
    """Why people were called."""
    against: Sequence[Reason]
    """What kept visits from being contained."""
    agents: Sequence[AgentLoad]


@dataclass(frozen=True)
class Listed:
    """A visit as a list shows it. `against` is what speaks against containment, `None` while it is not settled."""

    conversation_id: str
    turn: int
    began_at: float
    channel: str
    language: str
    intent: str | None
    messages: int
    unanswered: int
    mood_start: float | None
    mood_end: float | None
    is_settled: bool
    against: Sequence[str]
    reasons: Sequence[str]
    agents: Sequence[str]
    score: int | None
    comment: str | None


@dataclass(frozen=True)
class Page:
    total: int
    visits: Sequence[Listed]


def of(
    connection: Connection, visits: Sequence[Visit], period: Period, moment: Moment, by: By, language: Language
) -> Overview:
    names = names_of(connection)
    days = groups_by("day", visits, period)
    return Overview(
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        time_zone=str(period.zone),
        return_hours=moment.return_hours,
        choices=_choices(connection, period, names, language),
        totals=figures_of(visits, moment),
        days=[Group(str(day), str(day), figures_of(of_day, moment)) for day, of_day in days.items()],
        by=by,
        groups=_groups(visits, period, moment, by, names, language),
        reasons=[
            Reason(reason, REASONS.get(reason, (reason, reason))[language == "zh"], count)
            for reason, count in reasons_of(visits).items()
        ],
        against=[Reason(reason, reason, count) for reason, count in against_of(visits, moment).items()],
        agents=_agents(connection, visits, names),
    )


def page(connection: Connection, visits: Sequence[Visit], moment: Moment, offset: int, limit: int) -> Page:
    names = names_of(connection)
    return Page(len(visits), [_listed(visit, moment, names) for visit in visits[offset : offset + limit]])


def names_of(connection: Connection) -> dict[str, str]:
    """Of agents, also of those who have left."""
    return {agent_id: str(name) for agent_id, name in _NAMES.all(connection, {})}


def _groups(
    visits: Sequence[Visit], period: Period, moment: Moment, by: By, names: dict[str, str], language: Language
) -> list[Group]:
    if by == "day":
        return []
    return [
        Group(key or "", name_of(by, key or "", names, language), figures_of(of_key, moment))
        for key, of_key in groups_by(by, visits, period).items()
    ]


def name_of(by: str, key: str, names: dict[str, str], language: Language) -> str:
    """For people, where Kefu has one; intents and channels are named by the page."""
    if by == "segment" and key in ARCHETYPES:
        return str(ARCHETYPES[key].name(language))
    return names.get(key, key) if by == "agent" else key


def _agents(connection: Connection, visits: Sequence[Visit], names: dict[str, str]) -> list[AgentLoad]:
    busy = {agent_id: int(count) for agent_id, count in _OPEN.all(connection, {})}
    loads = [_load(agent_id, name, busy.get(agent_id, 0), visits) for agent_id, name in names.items()]
    return sorted((load for load in loads if load.open or load.handled), key=lambda load: (-load.handled, load.name))


def _load(agent_id: str, name: str, busy: int, visits: Sequence[Visit]) -> AgentLoad:
    theirs = [each for visit in visits for each in visit.handovers if each.agent_id == agent_id]
    ended = [each.ended_at - each.requested_at for each in theirs if each.ended_at is not None]
    answered = [each.first_answer_seconds for each in theirs if each.first_answer_seconds is not None]
    scores = [given.score for visit in visits for given in visit.ratings if given.agent_id == agent_id]
    return AgentLoad(agent_id, name, busy, len(theirs), spread(answered), spread(ended), satisfaction_of(scores))


def _choices(
    connection: Connection, period: Period, names: dict[str, str], language: Language
) -> dict[str, list[Choice]]:
    of_period = {"since": period.since, "until": period.until}
    rows = _CHOICES.all(connection, of_period)
    columns = dict(zip(("channel", "language", "intent"), zip(*rows, strict=True), strict=False))
    columns["segment"] = tuple(row[0] for row in _SEGMENTS.all(connection, {**of_period, "fewest": FEWEST_CUSTOMERS}))
    found = {
        by: [Choice(key, name_of(by, key, names, language)) for key in sorted(set(keys)) if key]
        for by, keys in columns.items()
    }
    return {**found, "agent": [Choice(agent_id, name) for agent_id, name in sorted(names.items(), key=lambda x: x[1])]}


def _listed(visit: Visit, moment: Moment, names: dict[str, str]) -> Listed:
    scores = [given.score for given in visit.ratings if given.score is not None]
    comments = [given.comment for given in visit.ratings if given.comment]
    return Listed(
        conversation_id=visit.conversation_id,
        turn=visit.first_turn,
        began_at=visit.began_at,
        channel=visit.channel,
        language=visit.language,
        intent=visit.intent,
        messages=visit.messages,
        unanswered=visit.unanswered,
        mood_start=visit.mood_start,
        mood_end=visit.mood_end,
        is_settled=moment.is_settled(visit),
        against=moment.why_not(visit),
        reasons=[each.reason for each in visit.handovers],
        agents=[names.get(agent_id, agent_id) for agent_id in visit.agents],
        score=scores[-1] if scores else None,
        comment=comments[-1] if comments else None,
    )
