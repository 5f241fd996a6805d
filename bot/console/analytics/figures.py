"""The numbers, and the visits behind each of them.

Containment, as it is published: of the visits that ended more than N hours ago, those in which

    no person was called or took over,
    the same customer did not come back within N hours, on whatever channel,
    and the end was not bad: what was asked last was answered and did not fail, it was no complaint, nobody was angry,
    and the customer did not rate it 1 or 2.

Visits that ended less than N hours ago are left out: it is not known yet whether the customer comes back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.console.analytics.period import Period
from bot.console.analytics.reading import Visit
from bot.console.analytics.statistics import Share, Spread, mean, share, spread

RETURN_HOURS = 24.0
LOW_SCORE = 2
CONTENT_SCORE = 4
"""From here on (of 5) a customer counts as satisfied."""
FEWEST_CUSTOMERS = 5
"""A segment with fewer in the period is left out: its figures would be those of persons."""
MOVED = 0.3
"""A change of the mood (-1 to 1) that counts as one."""


@dataclass(frozen=True)
class Moment:
    """What containment depends on beside the visit: now, and the hours in which a customer must not come back."""

    now: float
    return_hours: float = RETURN_HOURS

    def is_settled(self, visit: Visit) -> bool:
        return self.now - visit.ended_at >= self.return_hours * 3600

    def came_back(self, visit: Visit) -> bool:
        return visit.back_at is not None and visit.back_at - visit.ended_at <= self.return_hours * 3600

    def is_contained(self, visit: Visit) -> bool:
        return self.is_settled(visit) and not self.why_not(visit)

    def why_not(self, visit: Visit) -> list[str]:
        """What speaks against it: person, returned, a bad end, low_score."""
        against = []
        if visit.handovers:
            against.append("person")
        if self.came_back(visit):
            against.append("returned")
        if visit.bad_end:
            against.append(visit.bad_end)
        if any(each.score is not None and each.score <= LOW_SCORE for each in visit.ratings):
            against.append("low_score")
        return against


@dataclass(frozen=True)
class Satisfaction:
    """`satisfied` is the share of 4 and 5; `answered` that of the questions which got a score."""

    satisfied: Share
    answered: Share
    mean: float | None
    scores: tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Mood:
    """From -1 (angry) to 1, at the first and the last message; `better` and `worse` moved by 0.3 or more."""

    start: float | None
    end: float | None
    better: Share
    worse: Share


@dataclass(frozen=True)
class Outcomes:
    """Beside the contained ones: together they are all visits. `open` may still become contained."""

    people: int
    other: int
    open: int


@dataclass(frozen=True)
class Figures:
    visits: int
    customers: int
    messages: int
    containment: Share
    outcomes: Outcomes
    handed_over: Share
    unanswered: Share
    """Of the messages, those that the bot had no answer to."""
    bot_answers_after: Spread
    person_answers_after: Spread
    bot_settles_in: Spread
    """From the first to the last line of a contained visit."""
    person_settles_in: Spread
    """From the request for a person to the end of the handoff, where it was settled."""
    satisfaction: Satisfaction
    mood: Mood


def figures_of(visits: Sequence[Visit], moment: Moment) -> Figures:
    contained = [visit for visit in visits if moment.is_contained(visit)]
    handovers = [each for visit in visits for each in visit.handovers]
    messages = sum(visit.messages for visit in visits)
    settled = [each for each in handovers if each.ended_at and each.ended_as in ("resolved", "bot") and each.taken_at]
    return Figures(
        visits=len(visits),
        customers=len({visit.person for visit in visits}),
        messages=messages,
        containment=share(len(contained), sum(moment.is_settled(visit) for visit in visits)),
        outcomes=_outcomes(visits, moment),
        handed_over=share(sum(bool(visit.handovers) for visit in visits), len(visits)),
        unanswered=share(sum(visit.unanswered for visit in visits), messages),
        bot_answers_after=spread(_known(visit.answered_seconds for visit in visits)),
        person_answers_after=spread(_known(each.first_answer_seconds for each in handovers)),
        bot_settles_in=spread([visit.ended_at - visit.began_at for visit in contained]),
        person_settles_in=spread([each.ended_at - each.requested_at for each in settled if each.ended_at]),
        satisfaction=satisfaction_of([given.score for visit in visits for given in visit.ratings]),
        mood=mood_of(visits),
    )


def _outcomes(visits: Sequence[Visit], moment: Moment) -> Outcomes:
    people = sum(bool(visit.handovers) for visit in visits)
    alone = [visit for visit in visits if not visit.handovers]
    against = sum(bool(moment.why_not(visit)) for visit in alone)
    undecided = sum(not moment.is_settled(visit) and not moment.why_not(visit) for visit in alone)
    return Outcomes(people, against, undecided)


def satisfaction_of(scores: Sequence[int | None]) -> Satisfaction:
    """None is a question that nobody answered."""
    given = _known(scores)
    content = sum(score >= CONTENT_SCORE for score in given)
    one, two, three, four, five = (sum(score == each for score in given) for each in range(1, 6))
    return Satisfaction(
        share(content, len(given)), share(len(given), len(scores)), mean(given), (one, two, three, four, five)
    )


def mood_of(visits: Sequence[Visit]) -> Mood:
    known = [(v.mood_start, v.mood_end) for v in visits if v.mood_start is not None and v.mood_end is not None]
    moves = [end - start for start, end in known]
    return Mood(
        mean([start for start, _ in known]),
        mean([end for _, end in known]),
        share(sum(move >= MOVED for move in moves), len(moves)),
        share(sum(move <= -MOVED for move in moves), len(moves)),
    )


Keys = Callable[[Visit], Iterable[str | None]]
"""The groups that a visit belongs to: one, but for agents, of whom several may have been in it."""


def keys_by(name: str, period: Period) -> Keys:
    keys: Mapping[str, Keys] = {
        "day": lambda visit: [period.day_of(visit.began_at)],
        "channel": lambda visit: [visit.channel],
        "language": lambda visit: [visit.language],
        "intent": lambda visit: [visit.intent],
        "segment": lambda visit: [visit.segment],
        "agent": lambda visit: visit.agents,
    }
    return keys[name]


def grouped(visits: Iterable[Visit], keys: Keys, order: Sequence[str] = ()) -> dict[str | None, list[Visit]]:
    """By key: those of `order` first and all of them, then the largest first."""
    found: dict[str | None, list[Visit]] = {key: [] for key in order}
    for visit in visits:
        for key in keys(visit):
            found.setdefault(key, []).append(visit)
    return found if order else dict(sorted(found.items(), key=lambda group: (-len(group[1]), str(group[0]))))


def groups_by(name: str, visits: Iterable[Visit], period: Period) -> dict[str | None, list[Visit]]:
    """As the page and the tables show them: every day, and no segment of fewer than five customers."""
    found = grouped(visits, keys_by(name, period), period.days if name == "day" else ())
    if name != "segment":
        return found
    return {key: of for key, of in found.items() if not key or len({one.person for one in of}) >= FEWEST_CUSTOMERS}


def reasons_of(visits: Iterable[Visit]) -> dict[str, int]:
    """Why people were called, the most frequent first."""
    counts: dict[str, int] = {}
    for visit in visits:
        for each in visit.handovers:
            counts[each.reason] = counts.get(each.reason, 0) + 1
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def against_of(visits: Iterable[Visit], moment: Moment) -> dict[str, int]:
    """What kept settled visits from being contained, the most frequent first; one visit may count under several."""
    counts: dict[str, int] = {}
    for visit in visits:
        for name in moment.why_not(visit) if moment.is_settled(visit) else ():
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def behind(figure: str, moment: Moment) -> Callable[[Visit], bool]:
    """Which visits a figure counts; `name:value` for one value of it. An unknown name takes all."""
    name, _, value = figure.partition(":")
    tests: Mapping[str, Callable[[Visit], bool]] = {
        "contained": moment.is_contained,
        "not_contained": lambda visit: moment.is_settled(visit) and bool(moment.why_not(visit)),
        "because": lambda visit: moment.is_settled(visit) and value in moment.why_not(visit),
        "handed_over": lambda visit: bool(visit.handovers),
        "reason": lambda visit: any(each.reason == value for each in visit.handovers),
        "unanswered": lambda visit: visit.unanswered > 0,
        "returned": moment.came_back,
        "rated": lambda visit: any(given.score is not None for given in visit.ratings),
        "score": lambda visit: any(str(given.score) == value for given in visit.ratings),
        "commented": lambda visit: any(given.comment for given in visit.ratings),
        "worse": lambda visit: _moved(visit) <= -MOVED,
        "better": lambda visit: _moved(visit) >= MOVED,
    }
    return tests.get(name, lambda _visit: True)


def _moved(visit: Visit) -> float:
    return 0.0 if visit.mood_start is None or visit.mood_end is None else visit.mood_end - visit.mood_start


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]
