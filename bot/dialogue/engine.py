"""The dialogue engine: what to do about a message."""

from dataclasses import dataclass

from nlu.types import Understanding

from bot.action_runner import ActionRunner
from bot.conversation.events import Event
from bot.conversation.tracker import Tracker
from bot.dialogue.assistant import Assistant
from bot.dialogue.decision import Decision
from bot.dialogue.settings import DialogueSettings
from bot.messages import BotMessage, UserMessage


@dataclass(frozen=True)
class TurnOutcome:
    """What a turn comes to. `events` are already folded into the tracker, in this order."""

    events: tuple[Event, ...]
    messages: tuple[BotMessage, ...]
    decision: Decision
    is_handed_off: bool = False
    """The conversation went to a person in this turn (a pause event is among the events)."""
    is_resumed: bool = False
    """The conversation came back to the bot in this turn."""


class DialogueEngine:
    """Pure: the same tracker, understanding and message make the same outcome; the only way out is the runner."""

    def __init__(self, assistant: Assistant, runner: ActionRunner, settings: DialogueSettings | None = None) -> None:
        self.assistant = assistant
        self.runner = runner
        self.settings = settings or DialogueSettings()

    def new_tracker(self, conversation_id: str) -> Tracker:
        return Tracker(conversation_id, self.assistant.initial_slots)

    def handle(self, tracker: Tracker, understanding: Understanding, message: UserMessage) -> TurnOutcome:
        """Answer one message. The tracker is folded forward in place: throw it away if the turn is not committed."""
        raise NotImplementedError
