"""Whole conversations, from dialogues/*/*.yml, with the real model, the real actions and a real database."""

import pytest

from bot.assembly import Kefu
from tests.conversations.checking import wrong_answer, wrong_shop, wrong_state
from tests.conversations.conversation import Conversation
from tests.conversations.dialogue import Dialogue, Misreading, dialogues, known_misreadings

ALL = [*dialogues("en"), *dialogues("zh")]


@pytest.mark.parametrize("dialogue", [pytest.param(dialogue, id=name) for name, dialogue in ALL])
async def test_the_conversation_goes_as_written(dialogue: Dialogue, kefu: Kefu) -> None:
    await hold(dialogue, kefu)


def _must_fail(dialogue: Misreading) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, raises=AssertionError, reason=dialogue.misread)


@pytest.mark.parametrize(
    "dialogue", [pytest.param(one, id=one.dialogue, marks=_must_fail(one)) for one in known_misreadings()]
)
async def test_what_the_model_misreads_is_known(dialogue: Dialogue, kefu: Kefu) -> None:
    await hold(dialogue, kefu)


async def hold(dialogue: Dialogue, kefu: Kefu) -> None:
    """Hold the conversation; a failure prints it with what is wrong beneath each answer."""
    conversation = Conversation(kefu, dialogue.signed_in_as)
    transcript: list[str] = []
    complaints: list[str] = []
    for turn in dialogue.turns:
        if turn.handed_back:
            await conversation.hand_back()
        answer = await conversation.say(turn.user, turn.message_id)
        wrong = [*wrong_answer(turn, answer), *wrong_state(turn, conversation)]
        transcript += [f"> {turn.user}  ({conversation.intents()[-1]})", answer, *(f"    !! {one}" for one in wrong)]
        complaints += wrong
    with kefu.database.read_session() as session:
        in_the_end = [*wrong_shop(dialogue.shop, session)]
    transcript += [f"    !! in the end: {one}" for one in in_the_end]
    assert not [*complaints, *in_the_end], "\n" + "\n".join(transcript)
