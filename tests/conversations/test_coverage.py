"""Whether the dialogues, taken together, hold what they are to hold: in both languages, everything the bot can do."""

from typing import get_args

import pytest

from bot.assembly import Kefu
from bot.dialogue.assistant import Assistant
from tests.conversations.dialogue import Language, dialogues

LEAST_PER_LANGUAGE = 36


@pytest.mark.parametrize("language", get_args(Language))
def test_there_are_dialogues_enough_in_the_language(language: Language) -> None:
    assert len(list(dialogues(language))) >= LEAST_PER_LANGUAGE


@pytest.mark.parametrize("language", get_args(Language))
def test_every_intent_of_the_assistant_is_spoken_of(language: Language, kefu: Kefu) -> None:
    said = {turn.user for _, dialogue in dialogues(language) for turn in dialogue.turns}
    understood = [kefu.parse(text) for text in said]
    heard = {part.intent.name for whole in understood for part in (whole, *whole.segments)}
    missing = Assistant.load(kefu.settings.assistant_dir).intents - heard
    assert not missing, f"no dialogue says anything of {', '.join(sorted(missing))}"


@pytest.mark.parametrize("language", get_args(Language))
def test_no_two_dialogues_of_the_language_have_the_same_name(language: Language) -> None:
    names = [name for name, _ in dialogues(language)]
    assert len(names) == len(set(names))
