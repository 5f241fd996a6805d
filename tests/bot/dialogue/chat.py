"""A customer's side of a conversation, for tests: what is said comes with how it is understood."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from bot.action_runner import ActionRunner, LocalActionRunner
from bot.conversation.tracker import Tracker
from bot.dialogue.assistant import Assistant
from bot.dialogue.engine import DialogueEngine, TurnOutcome
from bot.messages import BotMessage, UserMessage
from nlu.types import Entity, IntentGuess, Language, Sentiment, SentimentLabel, Understanding

SAMPLE = Path(__file__).parent / "sample_assistant"
SAMPLE_ACTIONS = "tests.bot.dialogue.sample_actions"
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def understood(
    text: str,
    intent: str | dict[str, float] = "inform",
    sure: float = 0.95,
    *,
    mood: float = 0.0,
    segments: tuple[Understanding, ...] = (),
    language: str | None = None,
    **entities: str,
) -> Understanding:
    """Entities are given by kind; those whose value stands in the text get its place."""
    ranking = intent if isinstance(intent, dict) else {intent: sure, "other": (1 - sure) / 2}
    guesses = tuple(IntentGuess(name, confidence) for name, confidence in ranking.items())
    guessed = "zh" if any("一" <= character <= "鿿" for character in text) else "en"
    label = "negative" if mood < -0.3 else "positive" if mood > 0.3 else "neutral"
    return Understanding(
        text,
        cast("Language", language or guessed),
        guesses,
        Sentiment(cast("SentimentLabel", label), mood),
        tuple(_entity(text, kind, value) for kind, value in entities.items()),
        segments=segments,
        model_version="test",
    )


def _entity(text: str, kind: str, value: str) -> Entity:
    start = max(text.find(value), 0)
    return Entity(kind, value, value, start, start + len(value) if value in text else 0)


class Chat:
    """One conversation. Every message comes a minute after the one before."""

    def __init__(
        self,
        assistant: Assistant | None = None,
        runner: ActionRunner | None = None,
        channel: str = "web",
        sender: str = "ada",
        locale: str | None = None,
    ) -> None:
        loaded = assistant or Assistant.load(SAMPLE)
        self.engine = DialogueEngine(loaded, runner or LocalActionRunner(SAMPLE_ACTIONS))
        self.channel, self.sender, self.locale = channel, sender, locale
        self.tracker: Tracker = Tracker(f"{channel}:{sender}", loaded.initial_slots)
        self.time = MONDAY
        self.outcome: TurnOutcome | None = None

    def says(self, text: str, intent: str | dict[str, float] = "inform", sure: float = 0.95, **said: Any) -> list[str]:
        """The bot's sentences in answer."""
        return [message.text or "" for message in self.sends(understood(text, intent, sure, **said))]

    def sends(self, understanding: Understanding) -> tuple[BotMessage, ...]:
        self.time += timedelta(minutes=1)
        number = self.tracker.turn_number + 1
        metadata = {"locale": self.locale} if self.locale else {}
        message = UserMessage(self.channel, self.sender, understanding.text, f"m{number}", "", metadata, self.time)
        self.outcome = self.engine.handle(self.tracker, understanding, message)
        return self.outcome.messages

    def waits(self, **time: float) -> None:
        self.time += timedelta(**time)

    @property
    def slots(self) -> dict[str, Any]:
        return self.tracker.slots

    @property
    def last(self) -> TurnOutcome:
        assert self.outcome is not None
        return self.outcome

    @property
    def reasons(self) -> str:
        return "; ".join(step.reason for step in self.last.decision.steps)
