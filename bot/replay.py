"""Stored conversations, decided once more: by the model that serves, and by a candidate.

Every turn starts from what the conversation really was before it, so that a turn that would have gone otherwise does
not bend those after it. Both models are asked under the same conditions: today's shop, assistant and code; what differs
between their decisions is the models' doing. Nothing is written: the database refuses it, an action that wants to write
comes back without a result, and a remote action server is not called.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson
from sqlalchemy import text

from bot.action_runner import ActionFailed, ActionResult, ActionRunner, LocalActionRunner
from bot.assembly import make_runner, own_dialogue_settings, tracker_maker
from bot.conversation.events import SIGNED, Event
from bot.conversation.tracker import Tracker
from bot.database import Database, UnitOfWork
from bot.dialogue.assistant import Assistant
from bot.dialogue.engine import DialogueEngine
from bot.messages import UserMessage
from bot.settings import Settings
from bot.shop_in_memory import ShopInMemory
from bot.turn import current_unit
from knowledge.articles.index import ArticleIndex, Embed
from nlu.interpreter import Interpreter

_CONVERSATIONS = text("SELECT DISTINCT conversation_id FROM turns WHERE created_at >= :since ORDER BY conversation_id")
_COUNT = text("SELECT count(*) FROM turns WHERE created_at >= :since AND decision IS NOT NULL")
_TURNS = text("SELECT turn, events, decision, created_at FROM turns WHERE conversation_id = :id ORDER BY id")
Record = Mapping[str, Any]
"""`Decision.to_json()`"""


class WouldWrite(Exception):
    """An action wanted to write; in a replay nothing does."""


class ReadingUnit(UnitOfWork):
    """A turn's view of the database that cannot become a write transaction."""

    def begin_writing(self) -> None:
        raise WouldWrite("a replay writes nothing")


class ReadingRunner:
    """Runs this process's actions as far as they read; one that would write has no result."""

    def __init__(self, runner: ActionRunner) -> None:
        self._runner = runner

    def run(self, name: str, tracker_state: Mapping[str, Any], domain: Mapping[str, Any]) -> ActionResult:
        if not isinstance(self._runner, LocalActionRunner):
            return ActionResult([], [])
        try:
            return self._runner.run(name, tracker_state, domain)
        except ActionFailed as failed:
            if isinstance(failed.__cause__, WouldWrite):
                return ActionResult([], [])
            raise


@dataclass(frozen=True)
class Change:
    """A turn that the candidate decides otherwise."""

    conversation_id: str
    turn: int
    at: float
    """When it was, in epoch seconds."""
    text: str
    kinds: tuple[str, ...]
    """What differs: intent, policy, action."""
    recorded: Record
    """The decision that was made and stored then."""
    before: Record
    """What the model that serves would decide today."""
    after: Record
    """What the candidate would decide today."""


@dataclass(frozen=True)
class Report:
    turns: int
    changes: tuple[Change, ...]
    moved: int
    """Turns that even the model that serves would decide otherwise than was recorded: shop, assistant or model have
    changed since."""


class Replay:
    """Two models over one database. Build it once, run it in one thread."""

    def __init__(self, settings: Settings, database: Database, before: Interpreter, after: Interpreter) -> None:
        assistant = Assistant.load(settings.assistant_dir)
        articles = ArticleIndex.load()
        self._database = database
        self._create = tracker_maker(assistant)
        self._deciders = [_Decider(settings, database, assistant, articles, model) for model in (before, after)]

    def count(self, since: float) -> int:
        """How many turns there are to replay."""
        with self._database.read() as connection:
            return int(connection.execute(_COUNT, {"since": since}).scalar_one())

    def run(self, since: float, progress: Callable[[int], None] = lambda _done: None) -> Report:
        """Every turn since then (epoch seconds). `progress` hears how many were replayed since it was last called."""
        turns, moved, changes = 0, 0, []
        for conversation_id in self._conversations(since):
            for replayed in self._conversation(conversation_id, since):
                turns += 1
                moved += bool(_differences(replayed.recorded, replayed.before))
                if replayed.kinds:
                    changes.append(replayed)
                progress(1)
        return Report(turns, tuple(changes), moved)

    def _conversations(self, since: float) -> list[str]:
        with self._database.read() as connection:
            return list(connection.execute(_CONVERSATIONS, {"since": since}).scalars())

    def _conversation(self, conversation_id: str, since: float) -> Iterator[Change]:
        """Each of its turns since then as a Change, be there one or not."""
        with self._database.read() as connection:
            rows = connection.execute(_TURNS, {"id": conversation_id}).all()
        tracker: Tracker = self._create(conversation_id, None)
        for turn, stored, decision, at in rows:
            events: list[Event] = orjson.loads(stored)
            said = next((event for event in events if event["event"] == "user"), None)
            if decision and said and at >= since:
                yield self._replayed(tracker, events, said, turn, orjson.loads(decision))
            tracker.apply_all(events)

    def _replayed(self, tracker: Tracker, events: list[Event], said: Event, turn: int, recorded: Record) -> Change:
        before, after = (decider.decide(_as_it_was(tracker, events), said) for decider in self._deciders)
        kinds = _differences(before, after)
        return Change(tracker.conversation_id, turn, said["timestamp"], said["text"], kinds, recorded, before, after)


class _Decider:
    """One model with the engine that would run with it."""

    def __init__(
        self, settings: Settings, database: Database, assistant: Assistant, articles: ArticleIndex, model: Interpreter
    ) -> None:
        self._database = database
        self._shop = ShopInMemory(database, model, settings.policy_file)
        with_model = articles.reading_with(_one_by_one(model.embed))
        runner = ReadingRunner(make_runner(settings, self._shop, lambda: with_model))
        self._engine = DialogueEngine(assistant, runner, own_dialogue_settings(settings, assistant.intents, model))

    def decide(self, tracker: Tracker, said: Event) -> Record:
        """The decision about the message; `tracker` is folded forward."""
        channel, _, sender = tracker.conversation_id.partition(":")
        at = datetime.fromtimestamp(said["timestamp"], UTC)
        message = UserMessage(channel, sender, said["text"], str(said.get("message_id")), "", said["metadata"], at)
        understanding = self._shop.interpreter.parse(said["text"], now=at, hint=tracker.slot("language"))
        with ReadingUnit(self._database) as unit:
            token = current_unit.set(unit)
            try:
                decision = self._engine.handle(tracker, understanding, message).decision
            finally:
                current_unit.reset(token)
        return dict(orjson.loads(orjson.dumps(decision, default=str)))


def _as_it_was(tracker: Tracker, events: list[Event]) -> Tracker:
    """A copy of the tracker, with what was known of who speaks before the message was heard."""
    copy = Tracker.from_snapshot(tracker.conversation_id, deepcopy(tracker.snapshot()), tracker.initial_slots)
    for event in events:
        is_signed = event["event"] == "slot" and (event.get("metadata") or {}).get("source") == SIGNED
        if not is_signed and event["event"] not in ("restart", "pause"):
            break
        copy.apply(event)
    return copy


def _differences(one: Record, other: Record) -> tuple[str, ...]:
    first, second = _essence(one), _essence(other)
    return tuple(kind for kind in first if first[kind] != second[kind])


def _essence(record: Record) -> dict[str, list[str]]:
    """What a decision comes to."""
    return {
        "intent": [guess["intent"] for guess in record["intents"][:1]],
        "policy": [step["policy"] for step in record["steps"]],
        "action": [step["action"] for step in record["steps"]],
    }


def _one_by_one(embed: Embed) -> Embed:
    """Long texts in one batch would take 90 MB."""
    return lambda texts, language: np.concatenate([embed([one], language) for one in texts])
