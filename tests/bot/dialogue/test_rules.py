"""Rules as Rasa 3.1 writes them."""

from tests.bot.dialogue.chat import Chat


def test_a_rule_for_the_start_applies_to_the_first_message_only(chat: Chat) -> None:
    assert chat.says("hello", "greet") == ["Welcome! How can I help?"]
    assert chat.says("hello", "greet") in (["Hello!"], ["Hi there!"])


def test_the_rule_with_more_conditions_wins(chat: Chat) -> None:
    assert chat.says("how long?", "delivery_time") == ["Delivery takes 3 days."]
    chat.slots["is_vip"] = True
    assert chat.says("how long?", "delivery_time") == ["You get it tomorrow."]


def test_rules_part_where_a_slot_tells_them_apart(chat: Chat) -> None:
    assert chat.says("has it moved?", "complaint") == ["The parcel is moving."]


def test_a_rule_that_does_not_wait_is_followed_by_the_next(chat: Chat) -> None:
    assert chat.says("it is lost", "complaint") == ["The parcel is lost.", "I'm sorry."]
