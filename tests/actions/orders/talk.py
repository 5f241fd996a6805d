"""A conversation with the real engine, the real YAML and the real actions on a real database.

Only the reading of intents is left out: each message says which one it means. Entities are left out as well, so that
the actions show what they understand by themselves.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from actions.base import Services
from bot.action_runner import LocalActionRunner
from bot.conversation.tracker import Tracker
from bot.dialogue.assistant import Assistant
from bot.dialogue.engine import DialogueEngine
from bot.messages import UserMessage
from knowledge.profiles.reading import Profiles
from knowledge.shop.shop import Shop
from nlu.types import IntentGuess, Sentiment, Understanding

ASSISTANT = Path(__file__).parents[3] / "bot" / "assistant"


class Talk:
    """`say` answers with everything the bot said, joined by lines."""

    def __init__(
        self, engine: Engine, loaded: Assistant, now: Callable[[], datetime], language: str = "en", sender: str = "ann"
    ) -> None:
        self._database = engine
        self._now = now
        self._runner = LocalActionRunner(services=self._open)
        self._engine = DialogueEngine(loaded, self._runner)
        self._language = language
        self._sender = sender
        self.tracker = Tracker(f"test:{sender}", loaded.initial_slots)
        self._count = 0

    @contextmanager
    def _open(self) -> Iterator[Services]:
        with Session(self._database) as session, session.begin():
            yield Services(Shop(session, now=self._now), None, None, Profiles(session), None)  # type: ignore[arg-type]

    def say(self, text: str, intent: str = "inform", *, again: bool = False) -> str:
        """`again`: the same message once more, as a platform that got no answer sends it."""
        self._count += 0 if again else 1
        understanding = Understanding(
            text,
            "zh" if self._language == "zh" else "en",
            (IntentGuess(intent, 0.95), IntentGuess("out_of_scope", 0.02)),
            Sentiment("neutral", 0.0),
            (),
        )
        message = UserMessage("test", self._sender, text, f"m{self._count}")
        outcome = self._engine.handle(self.tracker, understanding, message)
        self.buttons = [button.payload for reply in outcome.messages for button in reply.buttons]
        return "\n".join(reply.text or "" for reply in outcome.messages)

    def slot(self, name: str) -> Any:
        return self.tracker.slots.get(name)

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Forget what was said since, as after a turn that was not committed."""
        initial_slots = self._engine.assistant.initial_slots
        self.tracker = type(self.tracker).from_snapshot(self.tracker.conversation_id, snapshot, initial_slots)
