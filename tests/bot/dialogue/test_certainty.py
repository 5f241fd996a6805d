"""The more a request would change, the surer the bot must be."""

from dataclasses import replace

import pytest

from tests.bot.dialogue.chat import Chat, understood


def test_a_write_without_a_question_is_not_begun_on_a_guess(chat: Chat) -> None:
    unsure = {"subscribe": 0.6, "greet": 0.1}
    assert chat.says("stop mails for order #W1", unsure) == [
        "Just to check, is this what you're after: get the newsletter?"
    ]
    assert chat.last.decision.threshold == 0.75
    assert chat.says("yes", "affirm") == ["You are on the list."]


def test_a_single_meaning_that_writes_is_asked_about_and_a_no_leaves_it(chat: Chat) -> None:
    assert chat.says("邮件", {"subscribe": 0.6}, language="zh") == ["跟您确认一下，您是想订阅资讯，对吗？"]
    assert [button.title for button in chat.last.messages[0].buttons] == ["是的", "不是"]
    assert chat.says("不是", "deny") != ["订阅好了。"]


def test_a_sure_write_is_done(chat: Chat) -> None:
    assert chat.says("sign me up", "subscribe", 0.9) == ["You are on the list."]


def test_a_bare_yes_never_picks_a_write_of_two(chat: Chat) -> None:
    question = chat.says("取消 a@b.cn", {"subscribe": 0.58, "cancel_order": 0.24}, language="zh")
    assert chat.says("确认", "affirm") == question


def test_of_two_tasks_that_give_way_to_each_other_nobody_is_asked_which(chat: Chat) -> None:
    chat.says("I want the other one, #W1", {"return_item": 0.45, "exchange_item": 0.4}, order_number="#W1")
    assert chat.tracker.active_loop == "return_item_form"


@pytest.mark.parametrize("sure", [0.42, 0.6])
def test_a_question_needs_less(chat: Chat, sure: float) -> None:
    assert chat.says("refunds", {"refund_policy": sure, "delivery_time": 0.3}) == ["Refunds take 5 days."]


def test_a_question_is_not_followed_when_a_task_is_about_as_likely(chat: Chat) -> None:
    chat.says("my order", {"track_order": 0.42, "cancel_order": 0.4})
    assert chat.slots["clarify_intents"] == ["track_order", "cancel_order"]


def test_out_of_scope_is_never_offered(chat: Chat) -> None:
    (message,) = chat.sends(understood("hm", {"cancel_order": 0.4, "out_of_scope": 0.35, "track_order": 0.2}))
    assert "out_of_scope" not in chat.slots["clarify_intents"]
    assert len(message.buttons) == 2


def test_the_threshold_of_the_model_that_read_the_message_holds(chat: Chat) -> None:
    sure = understood("cancel order #W1", "cancel_order", 0.7, order_number="#W1")
    chat.sends(replace(sure, threshold=0.8))
    assert chat.tracker.active_loop is None
    assert chat.last.decision.threshold == 0.8
    chat.sends(replace(sure, threshold=0.6))
    assert chat.tracker.active_loop == "cancel_order_form"


def test_under_a_promise_a_question_needs_as_much_as_a_task(chat: Chat) -> None:
    chat.engine.settings = replace(chat.engine.settings, lookup_threshold=1.0)
    asked = replace(understood("refunds", {"refund_policy": 0.6, "delivery_time": 0.1}), threshold=0.7)
    assert chat.sends(asked)[0].text != "Refunds take 5 days."
    assert chat.sends(replace(asked, threshold=0.5))[0].text == "Refunds take 5 days."
