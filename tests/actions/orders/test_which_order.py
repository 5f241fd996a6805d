"""Which order a request is about, when it does not say a number: what is named, what was spoken of, what is newest."""

import pytest

from tests.actions.orders.conftest import TalkFactory
from tests.actions.orders.talk import Talk

KNOWN = {
    "en": "where is #K1000005? I am ann@example.com",
    "zh": "#K1000005到哪了，邮箱ann@example.com",
}


def known(talk: TalkFactory, language: str) -> Talk:
    """A customer who has proven who they are, and spoke of #K1000005, which holds a shirt and nothing else."""
    customer = talk(language)
    customer.say(KNOWN[language], "track_order")
    assert customer.slot("recent_order") == "#K1000005"
    return customer


@pytest.mark.parametrize(
    ("language", "text"), [("en", "my parcel came but the tea is missing"), ("zh", "少了茉莉绿茶")]
)
def test_a_named_product_beats_the_order_spoken_of_last(talk: TalkFactory, language: str, text: str) -> None:
    said = known(talk, language).say(text, "report_missing_parcel")
    assert "#K1000003" in said
    assert "#K1000005" not in said


@pytest.mark.parametrize(("language", "text"), [("en", "the lamp is missing"), ("zh", "台灯没收到")])
def test_of_several_orders_that_hold_it_the_customer_chooses(talk: TalkFactory, language: str, text: str) -> None:
    said = known(talk, language).say(text, "report_missing_parcel")
    assert all(number in said for number in ("#K1000003", "#K1000004", "#K1000006"))
    assert "#K1000005" not in said


@pytest.mark.parametrize(("language", "text"), [("en", "return the lamp"), ("zh", "台灯要退")])
def test_of_several_orders_that_hold_it_the_one_spoken_of_is_meant(talk: TalkFactory, language: str, text: str) -> None:
    customer = talk(language)
    customer.say("#K1000006 ann@example.com", "track_order")
    customer.say(text, "return_item")
    assert customer.slot("order_number") == "#K1000006"


@pytest.mark.parametrize(
    ("language", "late", "text"),
    [
        ("en", "#K1000001 is late", "I want to send back the tea, my aunt hates it"),
        ("zh", "#K1000001怎么还没到", "它不急，茉莉绿茶我要退"),
    ],
)
def test_a_named_product_beats_the_order_of_the_form_that_was_open(
    talk: TalkFactory, language: str, late: str, text: str
) -> None:
    customer = known(talk, language)
    customer.say(late, "report_late_parcel")
    said = customer.say(text, "return_item")
    assert customer.slot("recent_order") == "#K1000003", said


@pytest.mark.parametrize(("language", "text"), [("en", "cancel the lamp order"), ("zh", "取消台灯那单")])
def test_an_order_that_suits_is_looked_for_before_one_that_does_not(
    talk: TalkFactory, language: str, text: str
) -> None:
    customer = talk(language)
    customer.say("#K1000006 ann@example.com", "track_order")
    customer.say(text, "cancel_order")
    assert customer.slot("order_number") == "#K1000001"


@pytest.mark.parametrize(
    ("language", "ask", "text"),
    [("en", "where is my parcel", "please cancel my last order"), ("zh", "查物流", "帮我取消最近的订单")],
)
def test_another_task_is_no_answer_to_which_order(talk: TalkFactory, language: str, ask: str, text: str) -> None:
    customer = known(talk, language)
    customer.say(ask + (", not that order" if language == "en" else "，不是这个订单"), "track_order")
    customer.say(text, "cancel_order")
    assert customer.tracker.active_loop == "cancel_order_form"
    assert customer.slot("order_number") == "#K1000002"


@pytest.mark.parametrize(
    ("language", "ask", "text"),
    [("en", "cancel an order", "track #K1000005"), ("zh", "我要取消订单", "查一下#K1000005")],
)
def test_a_question_about_an_order_is_no_answer_to_which_order(
    talk: TalkFactory, language: str, ask: str, text: str
) -> None:
    customer = known(talk, language)
    customer.say(ask, "cancel_order")
    assert "UPS" in customer.say(text, "track_order")
    assert customer.tracker.active_loop == "cancel_order_form"


@pytest.mark.parametrize(("language", "text"), [("en", "how do i reach a higher tier"), ("zh", "会员等级咋升")])
def test_words_that_name_no_order_settle_none(talk: TalkFactory, language: str, text: str) -> None:
    customer = known(talk, language)
    customer.say("I want to return something" if language == "en" else "我要退货", "return_item")
    customer.say(text, "loyalty_points")
    assert customer.slot("order_number") is None
