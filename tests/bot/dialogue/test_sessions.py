"""A conversation that went quiet begins anew."""

from pathlib import Path

from bot.conversation import events as happened
from bot.dialogue.assistant import Assistant
from tests.bot.dialogue.chat import SAMPLE, Chat


def without_carrying_over(directory: Path) -> Assistant:
    for source in SAMPLE.iterdir():
        text = source.read_text(encoding="utf-8").replace("new_session: true", "new_session: false")
        (directory / source.name).write_text(text, encoding="utf-8")
    return Assistant.load(directory)


def kinds(chat: Chat) -> list[str]:
    return [event["event"] for event in chat.last.events]


def test_the_first_message_starts_a_session(chat: Chat) -> None:
    chat.says("hello", "greet")
    assert kinds(chat)[:3] == ["action", "session_started", "action"]


def test_an_expired_session_closes_the_form_and_keeps_the_facts(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    chat.waits(minutes=61)
    assert chat.says("hello", "greet") == ["Welcome! How can I help?"]
    assert (chat.tracker.active_loop, chat.slots["requested_slot"], chat.slots["order_number"]) == (None, None, "#W1")


def test_a_session_that_is_not_expired_goes_on(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    chat.waits(minutes=58)
    assert chat.says("too expensive") == ["Shall I cancel #W1?"]


def test_slots_are_not_carried_over_when_the_assistant_says_so(tmp_path: Path) -> None:
    chat = Chat(without_carrying_over(tmp_path))
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    chat.waits(hours=2)
    chat.says("hello", "greet")
    assert chat.slots["order_number"] is None


def test_what_was_set_from_outside_for_this_turn_survives_the_new_session(chat: Chat) -> None:
    chat.tracker.apply(happened.slot_set("customer_id", "c7", chat.time.timestamp()))
    chat.says("hello", "greet")
    assert chat.slots["customer_id"] == "c7"


def test_a_signed_identity_outlives_the_session_and_a_restart(tmp_path: Path) -> None:
    chat = Chat(without_carrying_over(tmp_path))
    chat.tracker.apply(happened.slot_signed("customer_id", "c7", chat.time.timestamp()))
    chat.says("hello", "greet")
    chat.waits(hours=2)
    assert chat.says("hello", "greet") == ["Welcome! How can I help?"]
    assert chat.says("start over", "restart") == ["Let's start over. What can I do for you?"]
    assert chat.slots["customer_id"] == "c7"
