"""Conversations written straight into the tables, as turns leave them: who said what when, how it was understood."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import text

from bot.conversation.events import bot_uttered, paused, resumed, user_uttered
from bot.database import Database
from bot.dialogue.decision import ActionRun, Decision, Guess, Step, Versions
from bot.messages import BotMessage, UserMessage

ZONE = ZoneInfo("America/Los_Angeles")
HOUR = 3600.0


def at(moment: str) -> float:
    """Seconds since 1970 of `2026-03-08 09:30` by the shop's clock."""
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE).timestamp()


def decision(intent: str, mood: float = 0.0, kind: str = "rule", language: str = "en") -> dict[str, object]:
    """`kind`: rule, fallback (asked what was meant), dont_know, failure, person (the bot is silent) or rating."""
    step = {
        "fallback": Step("fallback", "action_two_stage_fallback", "", "unsure", {}),
        "person": Step("handoff", "action_listen", "", "person_owns", {}),
        "rating": Step("rating", "action_listen", "", "rated", {}),
    }.get(kind, Step("rule", "utter_answer", "", "means", {}))
    run = ActionRun(
        "utter_answer",
        responses=("utter_dont_know",) if kind == "dont_know" else ("utter_answer",),
        failure="it broke" if kind == "failure" else None,
    )
    guess = Guess(intent, 0.3 if kind == "fallback" else 0.95)
    return Decision(
        turn_number=1,
        language=language,
        sentiment_label="neutral",
        sentiment_score=mood,
        intents=(guess,),
        threshold=0.5,
        entities=(),
        active_form_before=None,
        active_form_after=None,
        steps=(step,),
        actions=(run,),
        notes=(),
        versions=Versions("m", "d", "c"),
    ).to_json()


@dataclass
class MadeUp:
    """One conversation, written as it goes."""

    database: Database
    conversation_id: str
    customer_id: str | None = None
    language: str = "en"
    turn: int = 0
    seq: int = 0
    handoff: int | None = None
    _rows: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        channel, _, sender = self.conversation_id.partition(":")
        self._write(
            "INSERT INTO conversations (id, channel, account, sender_id, created_at, updated_at, customer_id, language)"
            " VALUES (:id, :channel, '', :sender, 0, 0, :customer_id, :language)",
            id=self.conversation_id,
            channel=channel,
            sender=sender,
            customer_id=self.customer_id,
            language=self.language,
        )

    def says(
        self, moment: float, words: str, intent: str = "track_order", mood: float = 0.0, kind: str = "rule",
        answered_after: float = 1.0,
    ) -> "MadeUp":  # fmt: skip
        """A message of the customer, answered so many seconds later."""
        self.turn += 1
        channel, _, sender = self.conversation_id.partition(":")
        said = user_uttered(UserMessage(channel, sender, words, str(self.turn)), {}, moment)
        answer = bot_uttered(BotMessage(text="An answer."), moment)
        events = [said] if kind == "person" else [said, answer]
        self._turn(moment + answered_after, events, decision(intent, mood, kind, self.language))
        inbox_id = self._write(
            "INSERT INTO inbox (channel, account, message_id, conversation_id, seq, text, metadata, received_at,"
            " status, turn) VALUES (:channel, '', :mid, :id, :seq, :words, '{}', :at, 'done', :turn) RETURNING id",
            channel=channel,
            mid=f"m{self.turn}",
            id=self.conversation_id,
            seq=self._next(),
            words=words,
            at=moment,
            turn=self.turn,
        )
        if kind != "person":
            self._line(moment + answered_after, "bot", inbox_id)
        return self

    def calls_person(self, moment: float, reason: str = "asked") -> "MadeUp":
        self._turn(moment, [paused(moment)], None)
        self.handoff = self._write(
            "INSERT INTO handoffs (conversation_id, state, reason, channel, requested_at, queued_at, epoch)"
            " VALUES (:id, 'requested', :reason, :channel, :at, :at, 1) RETURNING id",
            id=self.conversation_id,
            reason=reason,
            channel=self.conversation_id.partition(":")[0],
            at=moment,
        )
        return self

    def taken(self, moment: float, agent_id: str, answers: float | None = None) -> "MadeUp":
        self._write(
            "UPDATE handoffs SET state = 'agent', agent_id = :agent, taken_at = :at, first_answer_at = :answers"
            " WHERE id = :id",
            agent=agent_id,
            at=moment,
            answers=answers,
            id=self.handoff,
        )
        if answers is not None:
            self._turn(answers, [{"event": "agent", "text": "Hello", "timestamp": answers}], None)
            self._line(answers, "agent", None)
        return self

    def resolved(self, moment: float, ended_as: str = "resolved") -> "MadeUp":
        self._turn(moment, [resumed(moment)], None)
        self._write(
            "UPDATE handoffs SET state = :as, ended_as = :as, ended_at = :at WHERE id = :id",
            at=moment,
            id=self.handoff,
            **{"as": ended_as},
        )
        return self

    def rated(self, moment: float, score: int | None, comment: str | None = None, is_person: bool = False) -> "MadeUp":
        self._write(
            "INSERT INTO ratings (conversation_id, handoff_id, turn, asked_at, score, comment)"
            " VALUES (:id, :handoff, :turn, :at, :score, :comment)",
            id=self.conversation_id,
            handoff=self.handoff if is_person else None,
            turn=self.turn,
            at=moment,
            score=score,
            comment=comment,
        )
        return self

    def _turn(self, moment: float, events: list[dict[str, object]], record: dict[str, object] | None) -> None:
        self._write(
            "INSERT INTO turns (conversation_id, turn, events, decision, created_at)"
            " VALUES (:id, :turn, :events, :decision, :at)",
            id=self.conversation_id,
            turn=self.turn,
            events=orjson.dumps(events).decode(),
            decision=orjson.dumps(record).decode() if record else None,
            at=moment,
        )

    def _line(self, moment: float, role: str, inbox_id: int | None) -> None:
        self._write(
            "INSERT INTO outbox (conversation_id, seq, inbox_id, epoch, role, body, created_at, status)"
            " VALUES (:id, :seq, :inbox, 0, :role, :body, :at, 'delivered')",
            id=self.conversation_id,
            seq=self._next(),
            inbox=inbox_id,
            role=role,
            body='{"text":"An answer."}',
            at=moment,
        )

    def _next(self) -> int:
        self.seq += 1
        return self.seq

    def _write(self, sql: str, **values: object) -> int | None:
        with self.database.transaction() as session:
            result = session.execute(text(sql), values)
            return int(result.scalar_one()) if "RETURNING" in sql else None


def hire(database: Database, agent_id: str, name: str) -> None:
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO agents (id, name, email, created_at) VALUES (:id, :name, :email, 0)"
                " ON CONFLICT (id) DO NOTHING"
            ),
            {"id": agent_id, "name": name, "email": f"{agent_id}@shop.example"},
        )
