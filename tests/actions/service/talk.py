"""Whole conversations: the real assistant and engine on the stage's shop; only the understanding is the test's."""

from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from bot.action_runner import LocalActionRunner
from bot.conversation import events as happened
from bot.conversation.tracker import Tracker
from bot.dialogue.assistant import Assistant
from bot.dialogue.engine import DialogueEngine
from bot.messages import UserMessage
from nlu.types import Entity, IntentGuess, Language, Sentiment, Understanding
from tests.actions.products.stage import NOW, Stage

ASSISTANT = Path(__file__).parents[3] / "bot" / "assistant"
_loaded: list[Assistant] = []


class Talk:
    """One customer's conversation."""

    def __init__(self, stage: Stage, customer_id: str | None = None, *, is_signed: bool = True) -> None:
        if not _loaded:
            _loaded.append(Assistant.load(ASSISTANT))
        self.stage = stage
        self.engine = DialogueEngine(_loaded[0], LocalActionRunner("actions", stage.services))
        self.tracker = Tracker("rest:tester", _loaded[0].initial_slots)
        if customer_id:
            self.tracker.apply(happened.session_started(NOW.timestamp()))
            self.tracker.apply(happened.slot_set("customer_id", customer_id, NOW.timestamp()))
            self.tracker.apply(happened.slot_set("is_signed", is_signed, NOW.timestamp()))
        self.turn = 0

    def say(self, text: str, intent: str, *entities: dict[str, Any], mood: float = 0.0) -> str:
        """What the bot answers; entities as {"entity", "value", "details"}."""
        self.turn += 1
        language = "zh" if any("一" <= character <= "鿿" for character in text) else "en"
        understanding = Understanding(
            text,
            cast("Language", language),
            (IntentGuess(intent, 0.95), IntentGuess("out_of_scope", 0.01)),
            Sentiment("negative" if mood < 0 else "neutral", mood),
            tuple(Entity(e["entity"], e["value"], "", 0, 0, details=e.get("details", {})) for e in entities),
        )
        at = NOW + timedelta(minutes=self.turn)
        message = UserMessage("rest", "tester", text, f"m{self.turn}", received_at=at)
        outcome = self.engine.handle(self.tracker, understanding, message)
        return "\n".join(message.text or "" for message in outcome.messages)

    def slot(self, name: str) -> Any:
        return self.tracker.slots.get(name)
