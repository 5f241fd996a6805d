"""What a short message means depends on what went before it."""

import pytest

from bot.conversation import events as happened
from bot.dialogue.context import repeats_question
from tests.bot.dialogue.chat import Chat

LISTED = [{"id": "P1", "kind": "product", "label": "lamp"}, {"id": "P2", "kind": "product", "label": "table"}]


@pytest.mark.parametrize(
    ("question", "more", "answer"),
    [("where is #W1?", "and #W2?", "#W2 is on its way."), ("#W1到哪了", "那#W2的呢", "#W2在路上。")],
)
def test_an_ellipsis_asks_the_last_question_again(chat: Chat, question: str, more: str, answer: str) -> None:
    chat.says(question, "order_status", order_number="#W1")
    assert chat.says(more, "inform", order_number="#W2") == [answer]
    assert "only names something else" in chat.reasons


def test_a_code_alone_asks_the_last_question_again(chat: Chat) -> None:
    chat.says("what is the lamp made of?", "product_details", product="lamp")
    assert chat.says("and SPRING12?", {"choose_option": 0.58}) == ["It is made of wood."]


def test_a_question_about_no_order_is_not_asked_again_about_one(chat: Chat) -> None:
    chat.says("how long is delivery?", "delivery_time")
    assert chat.says("and #W2?", order_number="#W2") == ["Thanks, noted. What would you like me to do?"]


def test_with_nothing_asked_a_question_beside_details_is_a_question(chat: Chat) -> None:
    guesses = {"inform": 0.55, "order_status": 0.4}
    assert chat.says("where's #W1, a@b.com", guesses, order_number="#W1", email="a@b.com") == ["#W1 is on its way."]


def test_details_alone_are_no_question(chat: Chat) -> None:
    guesses = {"inform": 0.55, "order_status": 0.4}
    said = chat.says("#W1, a@b.com", guesses, order_number="#W1", email="a@b.com")
    assert said == ["Thanks, noted. What would you like me to do?"]


def test_with_nothing_asked_a_yes_is_the_wish_beside_it(chat: Chat) -> None:
    chat.says("那退货吧", {"affirm": 0.57, "return_item": 0.37}, order_number="#W1")
    assert chat.tracker.active_loop == "return_item_form"
    assert "nothing was asked" in chat.reasons


def test_with_nothing_asked_a_yes_is_no_wish_that_writes_at_once(chat: Chat) -> None:
    assert chat.says("yes, the mails", {"affirm": 0.55, "subscribe": 0.42}) != ["You are on the list."]


def test_after_a_task_a_bare_number_asks_nothing_again(chat: Chat) -> None:
    chat.says("where is #W1?", "order_status", order_number="#W1")
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    chat.says("never mind", "nevermind")
    assert chat.says("and #W2?", order_number="#W2") == ["Thanks, noted. What would you like me to do?"]


def test_with_a_list_before_it_a_question_about_one_of_it_wins_over_choosing(chat: Chat) -> None:
    chat.says("hi", "greet")
    chat.tracker.slots["choices"] = LISTED
    said = chat.says("第一个有黑色的吗", {"choose_option": 0.43, "product_details": 0.37}, ordinal="第一个")
    assert said == ["是木头做的。"]
    assert "points at something that was just offered" in chat.reasons


def test_what_no_intent_covers_but_points_at_the_list_is_a_choice(chat: Chat) -> None:
    chat.says("hi", "greet")
    chat.tracker.slots["choices"] = LISTED
    assert chat.says("the big wooden one, perhaps", "out_of_scope") == ["That one."]


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("发一份吧", "要把完整的一份发到您的邮箱吗？"),
        ("嗯，转给同事看看", "需要我转给同事核查吗？"),
        ("yes, pass it on", "Shall I pass it on to a colleague?"),
        ("please send it", "Shall I send the copy?"),
    ],
)
def test_a_yes_may_repeat_the_question(said: str, question: str) -> None:
    assert repeats_question(said, question)


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("cancel", "Shall I cancel it?"),
        ("don't send it", "Shall I send the copy?"),
        ("yes, get me a person", "Shall I cancel #W1?"),
        ("先别取消吧", "确认取消订单吗？"),
        ("转人工吧", "确认取消订单吗？"),
        ("send it?", "Shall I send the copy?"),
        ("是哪一单啊", "确认取消这一单吗？"),
        ("ok which order", "Shall I cancel the order?"),
    ],
)
def test_what_is_no_plain_repetition_is_no_yes(said: str, question: str) -> None:
    assert not repeats_question(said, question)


@pytest.mark.parametrize(("text", "intent"), [("yes, cancel it", "human_handoff"), ("ok thanks", "thank")])
def test_a_yes_to_the_question_is_no_other_request(chat: Chat, text: str, intent: str) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    chat.says("too expensive")
    assert chat.says(text, intent, 0.7) == ["#W1 is cancelled."]


@pytest.mark.parametrize(
    ("guesses", "is_yes"), [({"ask_help": 0.4, "cancel_order": 0.2}, True), ({"return_item": 0.9}, False)]
)
def test_only_an_unclear_wish_in_the_words_of_the_question_is_a_yes(
    chat: Chat, guesses: dict[str, float], is_yes: bool
) -> None:
    chat.says("取消#W1", "cancel_order", order_number="#W1")
    chat.says("太贵了")
    assert ("订单#W1已取消。" in chat.says("那你帮我取消", guesses)) is is_yes


@pytest.mark.parametrize("text", ["点错了，不是取消，是要退货", "not cancel, but return it"])
def test_not_this_but_that_changes_the_task(chat: Chat, text: str) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    chat.says(text, {"deny": 0.4, "return_item": 0.35})
    assert (chat.tracker.active_loop, chat.slots["suspended_forms"]) == ("return_item_form", [])
    assert (chat.slots["order_number"], chat.slots["cancel_reason"]) == ("#W1", None)


def test_i_meant_the_other_order_changes_no_task(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    chat.says("sorry, I meant #W2", {"inform": 0.7, "return_item": 0.2}, order_number="#W2")
    assert (chat.tracker.active_loop, chat.slots["order_number"]) == ("cancel_order_form", "#W2")


@pytest.mark.parametrize(
    ("question", "told", "is_answer"),
    [
        ("what is the lamp made of?", "the tall kind", True),
        ("what is the lamp made of?", "do you sell fish?", False),
        ("台灯是什么做的", "高的那种", True),
        ("台灯是什么做的", "你们卖鱼吗", False),
    ],
)
def test_what_an_answer_asked_for_goes_on_with_it(chat: Chat, question: str, told: str, is_answer: bool) -> None:
    chat.says(question, "product_details", product="lamp")
    asked = {"intent": "product_details", "answers": ["out_of_scope"]}
    chat.tracker.apply(happened.slot_set("open_question", asked, chat.time.timestamp()))
    chat.says(told, "out_of_scope")
    assert ("had asked for more" in chat.reasons) is is_answer
    chat.says("what about refunds?" if question.isascii() else "退款多久", "refund_policy")
    chat.says("the tall kind" if question.isascii() else "高的那种", "out_of_scope")
    assert "had asked for more" not in chat.reasons, "another question was answered since"
