import pytest

from nlu.components.glossary import in_chinese, in_english
from nlu.interpreter import Interpreter


@pytest.mark.parametrize(
    ("mixed", "chinese"),
    [
        ("我的 order 想 cancel", "我的 订单想 取消"),
        ("还没收到 tracking number", "还没收到 快递单号"),
        ("My PACKAGE 呢", "我的包裹呢"),
        ("订单 order-77 和 a@order.com", "订单 order-77 和 a@order.com"),
        ("border 和 reorder", "border 和 reorder"),
    ],
)
def test_english_words_of_the_trade_are_read_in_chinese_and_others_stay(mixed: str, chinese: str) -> None:
    assert in_chinese(mixed) == chinese


@pytest.mark.parametrize(
    ("mixed", "english"),
    [
        ("where is my 包裹", "where is my parcel"),
        ("I want to 退货 please", "I want to return please"),
        ("do you have 榴莲", "do you have 榴莲"),
        ("where is my parcel", "where is my parcel"),
    ],
)
def test_chinese_words_of_the_trade_are_read_in_english_and_others_stay(mixed: str, english: str) -> None:
    assert in_english(mixed) == english


@pytest.mark.parametrize(
    ("text", "intent", "language"),
    [
        ("where is my 包裹?", "track_order", "en"),
        ("帮我 cancel 一下这个 order", "cancel_order", "zh"),
        ("can you send me the 发票", "request_invoice", "en"),
        ("我忘记了 password，怎么办", "reset_password", "zh"),
    ],
)
def test_a_sentence_in_two_languages_is_understood_in_the_one_it_mostly_is(
    text: str, intent: str, language: str
) -> None:
    understood = Interpreter.load().parse(text)
    assert (understood.intent.name, understood.language) == (intent, language)
