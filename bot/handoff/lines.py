"""The one line that a customer is told when a conversation changes hands, in their language.

The words are the assistant's (`bot/assistant/handoff`), else the engine's own (`bot/dialogue/default_responses.yml`).
Each carries a notice, so that a widget can show it as an event and not as something that somebody said.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation.tracker import Tracker
from bot.dialogue.assistant import DEFAULT_RESPONSES
from bot.dialogue.reading import Contents, read_file
from bot.dialogue.responses import Response, rendered
from bot.dialogue.yaml_source import Problems
from bot.messages import BotMessage


def default_responses() -> Mapping[str, Response]:
    """The engine's own words alone, for where no assistant is loaded."""
    contents, problems = Contents(), Problems()
    read_file(DEFAULT_RESPONSES, DEFAULT_RESPONSES.name, contents, problems)
    return contents.responses


LETTERS = frozenset({"email"})
"""Channels whose every line is a letter of its own: nobody wants one that only says who has come or gone."""
COMING_AND_GOING = frozenset({"person_joined", "person_transfers", "person_resolved", "back_from_person"})


class Lines:
    def __init__(self, responses: Mapping[str, Response]) -> None:
        self._responses = responses

    def told(self, name: str, tracker: Tracker, notice: str, **facts: object) -> tuple[BotMessage, ...]:
        """The line about a change of hands; none where it would be a letter that says nothing else."""
        if name in COMING_AND_GOING and tracker.conversation_id.partition(":")[0] in LETTERS:
            return ()
        return (self.say(name, tracker, notice, **facts),)

    def say(self, name: str, tracker: Tracker, notice: str = "", **facts: object) -> BotMessage:
        """`utter_<name>` with its placeholders filled; what has no value is left out, with its sentence's variation."""
        given = {key: value for key, value in facts.items() if value not in (None, "")}
        values = {**tracker.slots, **given}
        language = "zh" if tracker.slot("language") == "zh" else "en"
        channel = tracker.conversation_id.partition(":")[0]
        known = [key for key, value in values.items() if value is not None]
        seed = f"{tracker.conversation_id}|{tracker.turn_number}|{name}"
        slots = {**tracker.slots, "language": language}
        variation = self._responses[f"utter_{name}"].choose(slots, channel, seed, None, known)
        assert variation is not None, "a response without a variation stops the start"
        message, _missing = rendered(variation, values, language)
        return replace(message, notice=notice)
