"""A bot small enough to start in no time, around the real turn: it repeats what it hears and keeps a ledger.

buy X      an action that writes a row of the ledger, in the turn's transaction
break      an engine that raises
person     hands over
slow       takes a moment; or until `released`, where a test holds it with `hold`
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from bot.assembly import Kefu
from bot.console.operations import Metrics
from bot.conversation.events import bot_uttered, paused, slot_set, user_uttered
from bot.conversation.live import Live
from bot.conversation.tracker import Tracker
from bot.conversation.tracker_store import TrackerStore
from bot.database import Database, open_database, upgrade
from bot.dialogue.decision import Decision, Versions
from bot.dialogue.engine import TurnOutcome
from bot.handoff.following import Handoffs
from bot.handoff.lines import Lines, default_responses
from bot.messages import BotMessage, Button, UserMessage
from bot.settings import Settings
from bot.turn import Turns, current_unit
from knowledge.shop.shop import Shop
from nlu.types import IntentGuess, Language, Sentiment, Understanding

SLOTS = {"language": None, "customer_id": None, "heard": None}


def parse(message: UserMessage, _hint: Language | None = None) -> Understanding:
    language: Language = "zh" if any("\u4e00" <= sign <= "\u9fff" for sign in message.text) else "en"
    return Understanding(message.text, language, (IntentGuess("say", 1.0),), Sentiment("neutral", 0.0), ())


class TinyEngine:
    def __init__(self) -> None:
        self.is_broken = True
        self.running: set[str] = set()
        self.overlaps = 0
        self._mutex = threading.Lock()
        self.released: threading.Event | None = None

    @contextmanager
    def hold(self) -> Iterator[None]:
        """What is slow does not end before this does."""
        self.released = threading.Event()
        try:
            yield
        finally:
            self.released.set()

    async def has_begun(self, turns: int) -> None:
        """So many turns run."""
        async with asyncio.timeout(30):
            while len(self.running) < turns:
                await asyncio.sleep(0.005)

    def handle(self, tracker: Tracker, understanding: Understanding, message: UserMessage) -> TurnOutcome:
        with self._mutex:
            self.overlaps += message.conversation_id in self.running
            self.running.add(message.conversation_id)
        try:
            return self._handle(tracker, understanding, message)
        finally:
            with self._mutex:
                self.running.discard(message.conversation_id)

    def _handle(self, tracker: Tracker, understanding: Understanding, message: UserMessage) -> TurnOutcome:
        at = time.time()
        events = [user_uttered(message, understanding.to_rasa(), at), slot_set("language", understanding.language, at)]
        messages: list[BotMessage] = []
        if not tracker.paused:
            messages.append(self._reply(message))
        if message.text == "person":
            events.append(paused(at))
        heard = int(tracker.slot("heard") or 0) + 1
        events += [slot_set("heard", heard, at), *(bot_uttered(reply, at) for reply in messages)]
        tracker.apply_all(events)
        return TurnOutcome(tuple(events), tuple(messages), decision(tracker))

    def _reply(self, message: UserMessage) -> BotMessage:
        if message.text == "break" and self.is_broken:
            raise RuntimeError("the engine broke")
        if message.text.startswith("buy "):
            write_ledger(message.message_id, message.text)
        if message.text.startswith("slow"):
            self.released.wait(60) if self.released else time.sleep(0.2)
        return BotMessage(text=reply_to(message.text), buttons=(Button("Again", message.text),))


def reply_to(words: str) -> str:
    return f"You said {words}"


def write_ledger(key: str, what: str) -> None:
    unit = current_unit.get()
    unit.begin_writing()
    unit.session.execute(text("INSERT INTO ledger (key, what) VALUES (:key, :what)"), {"key": key, "what": what})


def decision(tracker: Tracker) -> Decision:
    return Decision(
        turn_number=tracker.turn_number,
        language="en",
        sentiment_label="neutral",
        sentiment_score=0.0,
        intents=(),
        threshold=0.5,
        entities=(),
        active_form_before=None,
        active_form_after=None,
        steps=(),
        actions=(),
        notes=(),
        versions=Versions("tiny", "tiny", "tiny"),
    )


def make_tracker(conversation_id: str, snapshot: dict[str, object] | None) -> Tracker:
    return Tracker.from_snapshot(conversation_id, snapshot, SLOTS) if snapshot else Tracker(conversation_id, SLOTS)


def open_tiny_database(url: str | Path) -> Database:
    database = open_database(f"sqlite:///{url}" if isinstance(url, Path) else url)
    upgrade(database)
    with database.transaction() as session:
        # no unique key: a write that is repeated must show
        session.execute(text("CREATE TABLE IF NOT EXISTS ledger (key TEXT NOT NULL, what TEXT NOT NULL)"))
    return database


def tiny_turns(database: Database, engine: TinyEngine | None = None, cache_size: int = 100, **options: object) -> Turns:
    trackers = TrackerStore(make_tracker, cache_size)
    known = {"sofia@example.com": "customer-1", "customer-1": "customer-1", "customer-2": "customer-2"}
    return Turns(
        database,
        parse,
        engine or TinyEngine(),
        trackers,
        lambda _session, subject: known.get(subject),
        **{"handoffs": Handoffs(Lines(default_responses()), Settings(), Shop), **options},  # type: ignore[arg-type]
    )


def tiny_kefu(settings: Settings) -> Kefu:
    """The real web app's parts around the tiny engine."""
    database = open_tiny_database(settings.database_url)
    live, metrics = Live(settings.redis_url), Metrics()
    turns = tiny_turns(database, on_change=live.changed, observer=metrics, threads=settings.turn_threads)
    versions = {"kefu": "0", "model": "tiny"}
    return Kefu(settings, database, lambda words: parse(UserMessage("", "", words, "")), turns, live, metrics, versions)
