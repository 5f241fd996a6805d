"""Not sure: ask which was meant, look into the articles, ask for other words, offer a person. Never guess."""

import pytest

from tests.bot.dialogue.chat import Chat, understood

TORN = {"cancel_order": 0.4, "track_order": 0.35, "greet": 0.1}


def test_the_two_likeliest_meanings_are_offered_as_buttons(chat: Chat) -> None:
    (message,) = chat.sends(understood("my order #W1", TORN, order_number="#W1"))
    assert [(button.title, button.payload) for button in message.buttons] == [
        ("Cancel an order", "Cancel an order"),
        ("Track an order", "Track an order"),
    ]
    assert chat.tracker.active_loop is None


def test_a_third_meaning_that_is_likely_too_is_offered_and_can_be_picked_by_its_place(chat: Chat) -> None:
    chat.says("#W1", {"cancel_order": 0.4, "track_order": 0.25, "refund_policy": 0.2}, order_number="#W1")
    assert chat.slots["clarify_intents"] == ["cancel_order", "track_order", "refund_policy"]
    assert chat.says("the third one", {"inform": 0.4}) == ["Refunds take 5 days."]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Track an order", {"out_of_scope": 0.4}),
        ("the second one", {"out_of_scope": 0.4}),
        ("2", {"inform": 0.4}),
        ("第二个", {"inform": 0.4}),
        ("I want to know where it is", {"track_order": 0.9}),
    ],
)
def test_a_click_an_ordinal_or_the_words_pick_a_meaning(chat: Chat, text: str, intent: dict[str, float]) -> None:
    chat.says("my order #W1", TORN, order_number="#W1")
    (said,) = chat.says(text, intent)
    assert said.startswith("#W1")


@pytest.mark.parametrize("answer", ["嗯，取消", "对，取消那个"])
def test_yes_and_a_name_take_that_one_and_keep_what_the_first_message_said(chat: Chat, answer: str) -> None:
    chat.says("我的订单#W1", {"track_order": 0.4, "cancel_order": 0.38}, order_number="#W1")
    assert chat.says(answer, "affirm") == ["请问取消的原因是？"]
    assert chat.slots["order_number"] == "#W1"
    assert chat.reasons == "that settles it: cancel_order is wanted"


@pytest.mark.parametrize(("text", "answer"), [("my order", "yes"), ("我的订单", "对")])
def test_a_bare_yes_to_two_meanings_is_asked_which(chat: Chat, text: str, answer: str) -> None:
    question = chat.says(text, TORN)
    assert chat.says(answer, "affirm") == question
    assert chat.slots["clarify_intents"] == ["cancel_order", "track_order"]


def test_neither_asks_for_other_words(chat: Chat) -> None:
    chat.says("my order", TORN)
    assert chat.says("no", "deny") == ["Sorry, I didn't quite get that. Could you put it another way?"]
    assert chat.slots["failed_turns"] == 2


def test_another_sure_request_is_followed_instead(chat: Chat) -> None:
    chat.says("my order", TORN)
    assert chat.says("what about refunds", "refund_policy") == ["Refunds take 5 days."]
    assert (chat.slots["failed_turns"], chat.slots["clarify_intents"]) == (0, [])


def test_with_no_likely_meaning_the_articles_are_asked(chat: Chat) -> None:
    assert chat.says("gift wrapping", {"greet": 0.2}) == ["From our articles: we wrap gifts"]
    assert chat.slots["failed_turns"] == 0


def test_what_no_intent_covers_goes_to_the_articles(chat: Chat) -> None:
    assert chat.says("有礼品包装吗", "out_of_scope") == ["帮助文档：we wrap gifts"]


def test_yes_to_a_person_after_i_do_not_know_hands_over(chat: Chat) -> None:
    assert chat.says("what is the meaning of life?", "out_of_scope") == ["I don't know. Shall I get a person?"]
    assert chat.says("yes", "affirm") == ["A colleague takes over."]
    assert chat.slots["handoff_reason"] == "low_confidence"


def test_three_failures_offer_a_person_and_the_fourth_calls_one(chat: Chat) -> None:
    unclear = {"greet": 0.2}
    assert chat.says("blorp", unclear) == ["I don't know. Shall I get a person?"]
    assert chat.says("blarp", unclear) == ["Sorry, I didn't quite get that. Could you put it another way?"]
    assert chat.says("blurp", unclear) == [
        "I don't seem to be getting this right. Would you like to speak to a colleague?"
    ]
    assert chat.says("blirp", unclear) == ["A colleague takes over."]
    assert chat.tracker.paused


def test_no_to_the_person_goes_on(chat: Chat) -> None:
    for _ in range(3):
        chat.says("哦", {"greet": 0.2}, language="zh")
    assert chat.says("不用了", "deny") == ["好的，那还有什么可以帮您的吗？"]
    assert (chat.slots["failed_turns"], chat.tracker.paused) == (0, False)


def test_an_unsure_write_is_never_begun(chat: Chat) -> None:
    chat.says("cancel", {"cancel_order": 0.45, "greet": 0.05})
    assert chat.tracker.active_loop is None


@pytest.mark.parametrize(
    ("text", "reply", "wish", "next_question"),
    [
        ("#W1", "Thanks, noted. What would you like me to do?", "cancel it", "Why do you want to cancel?"),
        ("单号#W1", "好的，收到。请问需要我帮您办什么呢？", "取消吧", "请问取消的原因是？"),
    ],
)
def test_what_is_told_with_nothing_pending_is_noted(
    chat: Chat, text: str, reply: str, wish: str, next_question: str
) -> None:
    assert chat.says(text, order_number="#W1") == [reply]
    assert chat.says(wish, "cancel_order") == [next_question]
