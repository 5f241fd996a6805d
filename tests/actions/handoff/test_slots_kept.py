"""What a person is not shown: the engine's own slots say nothing about the customer's matter."""

from actions.handoff.summary import NOT_FOR_A_PERSON
from bot.dialogue.slots import ENGINE_SLOTS


def test_no_slot_of_the_engine_stands_in_a_ticket() -> None:
    assert ENGINE_SLOTS.keys() <= NOT_FOR_A_PERSON
