"""The answer follows the customer's language, turn by turn."""

import pytest

from bot.action_runner import LocalActionRunner
from bot.dialogue.assistant import Assistant
from bot.dialogue.language import has_own_language
from tests.bot.dialogue.chat import Chat, understood


def test_the_answer_follows_the_language_of_each_message(chat: Chat) -> None:
    assert chat.says("refunds?", "refund_policy") == ["Refunds take 5 days."]
    assert chat.says("退款呢", "refund_policy") == ["退款五天内到账。"]
    assert chat.says("and delivery?", "delivery_time") == ["Delivery takes 3 days."]


@pytest.mark.parametrize("text", ["ok", "#W1", "a@b.cn", "👍👍", "12", "XL", "OK!", ""])
def test_a_text_without_language_keeps_the_one_so_far(chat: Chat, text: str) -> None:
    chat.says("退款呢", "refund_policy")
    kind = "order_number" if text.startswith("#") else "email" if "@" in text else "quantity"
    chat.sends(understood(text, "delivery_time", language="en", **{kind: text}))  # type: ignore[arg-type]
    assert chat.slots["language"] == "zh"


@pytest.mark.parametrize("text", ["yes", "my order #W1", "好的", "12号"])
def test_words_have_a_language(text: str) -> None:
    assert has_own_language(understood(text))


def test_a_short_text_all_in_chinese_is_chinese_even_when_taken_for_a_name(chat: Chat) -> None:
    chat.says("refunds?", "refund_policy")
    assert chat.says("谢谢", "thank", email="谢谢") == ["不客气。"]


def test_the_locale_decides_the_first_message_that_has_no_language(
    sample: Assistant, runner: LocalActionRunner
) -> None:
    chat = Chat(sample, runner, locale="zh-CN")
    assert chat.says("12", "delivery_time", language="en") == ["三天内送达。"]
    assert chat.says("how long?", "delivery_time") == ["Delivery takes 3 days."]
