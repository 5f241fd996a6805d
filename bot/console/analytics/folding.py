"""Turns → visits. Pure: the same turns make the same visits, so what was folded once may be folded again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.certainty import NO_QUESTION, OUT_OF_SCOPE
from bot.dialogue.exchange import DONT_KNOW
from bot.rating.hearing import POLICY as RATING

GAP_SECONDS = 3600.0
"""Silence after which the next message begins a new visit; not while a person has the conversation."""
UPSET = -0.5
"""A last message below this (-1 to 1) is a bad end."""
UNANSWERED_CODES = frozenset({"unsure", "gave_up", "nothing_follows", "none_of_these"})
ASKED_AGAIN = frozenset({"action_two_stage_fallback", "utter_ask_rephrase"})
COURTESIES = frozenset({"thank", "goodbye", "praise", "deny", "affirm", "nevermind"})
"""Said beside what was asked; nothing about them is left unanswered."""

Record = Mapping[str, Any]


@dataclass(frozen=True)
class StoredTurn:
    """A row of `turns`. `record` is its decision; `heard_at` and `answered_at` are its message's, if it has one."""

    row: int
    turn: int
    at: float
    kinds: frozenset[str]
    """Of its events: user, agent, pause, resume …"""
    record: Record | None
    heard_at: float | None = None
    answered_at: float | None = None

    @property
    def is_message(self) -> bool:
        return "user" in self.kinds and not self.is_rating

    @property
    def is_rating(self) -> bool:
        return bool(self.record and self.record["steps"] and self.record["steps"][0]["policy"] == RATING)

    @property
    def intent(self) -> str | None:
        """What the message meant, if the bot was sure."""
        guesses = self.record["intents"] if self.record else ()
        if not guesses or self.record is None or guesses[0]["confidence"] < self.record["threshold"]:
            return None
        return str(guesses[0]["intent"])

    @property
    def mood(self) -> float | None:
        return None if self.record is None else float(self.record["sentiment_score"])


@dataclass
class Visit:
    """One visit in the making; `turns` are its customer's messages."""

    first: StoredTurn
    last_row: int
    last_turn: int
    ended_at: float
    turns: list[StoredTurn] = field(default_factory=list)

    @property
    def began_at(self) -> float:
        return self.first.heard_at or self.first.at

    @property
    def answered_seconds(self) -> float | None:
        first = self.first
        if first.heard_at is None or first.answered_at is None:
            return None
        return max(first.answered_at - first.heard_at, 0.0)

    @property
    def intent(self) -> str | None:
        """What it was about: the first request in it, else that it was beyond the bot, else what was said at all."""
        named = [turn.intent for turn in self.turns if turn.intent]
        requests = [name for name in named if name not in NO_QUESTION]
        beyond = [OUT_OF_SCOPE] if any(is_gap(turn) for turn in self.turns) else []
        return next(iter([*requests, *beyond, *named]), None)

    @property
    def language(self) -> str | None:
        return next((str(turn.record["language"]) for turn in reversed(self.turns) if turn.record), None)

    @property
    def moods(self) -> list[float]:
        return [turn.mood for turn in self.turns if turn.mood is not None]

    @property
    def unanswered(self) -> list[StoredTurn]:
        return [turn for turn in self.turns if is_unanswered(turn)]

    @property
    def bad_end(self) -> str | None:
        """Why the end was bad: unanswered, failed, complaint or upset; None for a good one."""
        return bad_end_of(self.turns)


def visits_in(turns: Iterable[StoredTurn]) -> Iterator[Visit]:
    """A conversation's visits, from the first turn of one of them on, oldest first."""
    visit: Visit | None = None
    is_with_person = False
    for turn in turns:
        if turn.is_message:
            if visit is None or (not is_with_person and (turn.heard_at or turn.at) - visit.ended_at > GAP_SECONDS):
                if visit:
                    yield visit
                visit = Visit(turn, turn.row, turn.turn, turn.at)
            visit.turns.append(turn)
        if visit:
            visit.last_row = turn.row
        if visit and not turn.is_rating:
            visit.last_turn, visit.ended_at = turn.turn, max(turn.at, visit.ended_at)
        if turn.kinds & {"pause", "resume", "restart"}:
            is_with_person = "pause" in turn.kinds
    if visit:
        yield visit


def is_unanswered(turn: StoredTurn) -> bool:
    """Whether the bot had no answer, or broke down."""
    return turn.record is None or has_failed(turn) or is_gap(turn)


def is_gap(turn: StoredTurn) -> bool:
    """Whether the bot asked what was meant, or said that it does not know."""
    if turn.record is None or turn.intent in COURTESIES:
        return False
    steps, runs = turn.record["steps"], turn.record["actions"]
    is_asking = any(step["action"] in ASKED_AGAIN or step["code"] in UNANSWERED_CODES for step in steps)
    return is_asking or any(DONT_KNOW in run["responses"] for run in runs)


def has_failed(turn: StoredTurn) -> bool:
    return turn.record is not None and any(run["failure"] for run in turn.record["actions"])


def bad_end_of(turns: Sequence[StoredTurn]) -> str | None:
    """What was asked last is what counts: a "no, thanks" after it makes it no better."""
    asked = next((turn for turn in reversed(turns) if turn.intent not in COURTESIES), turns[-1])
    if asked.record is None or has_failed(asked):
        return "failed"
    if is_gap(asked):
        return "unanswered"
    if asked.intent == "complaint":
        return "complaint"
    last = turns[-1]
    return "upset" if (last.mood or 0.0) <= UPSET and last.intent not in COURTESIES else None
