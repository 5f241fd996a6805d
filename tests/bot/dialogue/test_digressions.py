"""Another request in the middle of a form, and the way back."""

import pytest

from tests.bot.dialogue.chat import Chat


@pytest.mark.parametrize(
    ("text", "answer", "question"),
    [
        ("what about refunds?", "Refunds take 5 days.", "Which order?"),
        ("多久退款？", "退款五天内到账。", "请问是哪个订单？"),
    ],
)
def test_a_question_is_answered_and_the_form_asks_again(chat: Chat, text: str, answer: str, question: str) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says(text, "refund_policy") == [answer, question]
    assert chat.slots["requested_slot"] == "order_number"


def test_a_clear_request_is_followed_though_the_form_could_use_its_number(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says("where is my parcel #W5?", "track_order", order_number="#W5") == [
        "#W5 is on its way.",
        "Which order?",
    ]
    assert chat.slots["order_number"] is None


def test_a_clear_request_is_followed_though_any_text_would_do(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says("how long does delivery take?", "delivery_time") == [
        "Delivery takes 3 days.",
        "Why do you want to cancel?",
    ]


def test_an_unclear_request_does_not_interrupt_an_answer(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says("delivery is slow", "delivery_time", 0.6) == ["Shall I cancel #W1?"]
    assert chat.slots["cancel_reason"] == "delivery is slow"


def test_a_bare_number_is_an_answer_whatever_it_is_taken_for(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says("#W1", "track_order", order_number="#W1") == ["Why do you want to cancel?"]


def test_thanks_beside_an_answer_is_not_worth_missing_the_answer(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says("thanks, it is #W1", "thank", order_number="#W1") == ["Why do you want to cancel?"]


def test_the_validation_says_nothing_when_another_request_is_meant(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says("where is 77?", "track_order", 0.7, order_number="77") == ["77 is on its way.", "Which order?"]


@pytest.mark.parametrize("text", ["by the way, where is #W5?", "对了，#W5到哪了"])
def test_a_question_about_another_order_is_no_correction_of_this_one(chat: Chat, text: str) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert "#W5" in chat.says(text, "order_status", 0.63, order_number="#W5")[0]
    assert (chat.tracker.active_loop, chat.slots["order_number"]) == ("cancel_order_form", "#W1")


def test_a_plain_question_is_answered_though_the_form_could_use_its_words(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says("how long does delivery take?", "delivery_time", 0.99)[0] == "Delivery takes 3 days."
    assert chat.slots["cancel_reason"] is None


def test_a_question_that_waits_is_dropped_for_a_task(chat: Chat) -> None:
    chat.says("where is my order?", "order_status")
    assert chat.says("cancel #W1", "cancel_order", order_number="#W1") == ["Why do you want to cancel?"]
    assert chat.slots["suspended_forms"] == []


def test_a_question_in_between_is_about_the_order_at_hand(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    said = chat.says("what state is the order in?", "order_status")
    assert said == ["#W1 is on its way.", "Back to cancelling.", "Why do you want to cancel?"]


def test_what_does_not_answer_a_question_in_between_may_answer_the_task(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says("what state is the other order in?", "order_status") == ["Which order?"]
    assert chat.says("hm, never ordered it", {"out_of_scope": 0.3})[0] == "Back to cancelling."
    assert chat.slots["suspended_forms"] == []


def test_another_form_puts_this_one_aside_and_gives_the_floor_back(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says("wait, I want to return something of it first", "return_item") == ["Which item?"]
    assert chat.slots["suspended_forms"][0]["name"] == "cancel_order_form"
    assert chat.says("the lamp", "inform", product="lamp") == [
        "Send back the lamp.",
        "Back to cancelling.",
        "Why do you want to cancel?",
    ]
    assert (chat.slots["order_number"], chat.slots["suspended_forms"]) == ("#W1", [])


@pytest.mark.parametrize(
    ("task", "other", "enough"),
    [("取消#W1", "我还想退货", "算了"), ("cancel #W1", "I'd like to return something", "never mind")],
)
def test_giving_up_an_interruption_that_got_nowhere_drops_what_it_interrupted_too(
    chat: Chat, task: str, other: str, enough: str
) -> None:
    chat.says(task, "cancel_order", order_number="#W1")
    chat.says(other, "return_item")
    assert len(chat.says(enough, "nevermind")) == 1
    assert (chat.tracker.active_loop, chat.slots["suspended_forms"]) == (None, [])
    assert "nothing had come of it" in chat.reasons


def test_giving_up_an_interruption_that_got_somewhere_returns_to_what_it_interrupted(chat: Chat) -> None:
    chat.says("return the lamp", "return_item", product="lamp")
    chat.says("first I want to cancel #W1", "cancel_order", order_number="#W1")
    chat.says("too expensive")
    assert chat.says("算了", "nevermind") == [
        "好的，那就先不办了，没有做任何改动。",
        "好的，我们接着刚才的来。",
        "请问是哪个订单？",
    ]


def test_asking_for_the_form_put_aside_takes_it_up_with_what_the_message_says(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    chat.says("I want to return something", "return_item")
    assert chat.says("no, cancel #W3 now", "cancel_order", order_number="#W3") == [
        "Back to cancelling.",
        "Why do you want to cancel?",
    ]
    assert [form["name"] for form in chat.slots["suspended_forms"]] == ["return_item_form"]


def test_an_open_question_is_looked_up_before_the_form_goes_on(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says("do you offer gift wrapping?", "out_of_scope") == [
        "From our articles: we wrap gifts",
        "Which order?",
    ]


def test_who_says_goodbye_is_not_asked_again_but_may_come_back(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says("bye", "goodbye") == ["Goodbye!"]
    assert chat.says("#W1", order_number="#W1") == ["Why do you want to cancel?"]


def test_ok_bye_is_no_yes(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says("ok bye", "goodbye") == ["Goodbye!"]
    assert chat.slots["cancel_reason"] is None


def test_where_is_it_speaks_of_the_order_at_hand(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says("I'd like to return something of it first", "return_item") == ["Which item?"]
    assert chat.slots["order_number"] == "#W1"


@pytest.mark.parametrize(
    ("text", "question", "done"),
    [
        ("I'd like to return the lamp instead", "Which item?", "Send back the lamp."),
        ("不取消了，改退货吧", "请问是哪件商品？", "请寄回lamp。"),
    ],
)
def test_a_request_instead_takes_the_place_of_the_form(chat: Chat, text: str, question: str, done: str) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says(text, "return_item") == [question]
    assert chat.says("lamp", product="lamp", language="en") == [done]
    assert chat.slots["cancel_reason"] is None


def test_a_request_about_something_else_starts_clean(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says("I'd like to return a lamp", "return_item") == ["Which order?"]
    assert chat.slots["order_number"] is None
    assert chat.says("#W2, the lamp", order_number="#W2", product="lamp")[0] == "Send back the lamp."
    assert chat.slots["order_number"] == "#W1"


@pytest.mark.parametrize(
    ("opening", "reason", "text", "question"),
    [
        ("cancel #W1", "bought twice", "what about refunds?", "Shall I cancel #W1?"),
        ("取消#W1", "买重了", "多久退款？", "确认取消订单#W1吗？"),
    ],
)
def test_a_yes_or_no_question_is_put_three_times_at_most(
    chat: Chat, opening: str, reason: str, text: str, question: str
) -> None:
    chat.says(opening, "cancel_order", order_number="#W1")
    assert chat.says(reason) == [question]
    for _ in range(2):
        assert chat.says(text, "refund_policy")[-1] == question
    assert question not in chat.says(text, "refund_policy")
    assert chat.tracker.active_loop is None
    assert "#W1" not in "".join(chat.says("yes", "affirm"))
