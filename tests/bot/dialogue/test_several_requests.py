"""Two requests in one message are handled one after the other."""

from tests.bot.dialogue.chat import Chat, understood


def test_two_questions_are_answered_at_once(chat: Chat) -> None:
    parts = understood("refunds?", "refund_policy"), understood("and delivery?", "delivery_time")
    assert chat.says("refunds? and delivery?", "refund_policy", segments=parts) == [
        "Refunds take 5 days.",
        "Delivery takes 3 days.",
    ]


def test_the_second_task_waits_for_the_first(chat: Chat) -> None:
    parts = (
        understood("退掉#W7的灯", "return_item", order_number="#W7"),
        understood("再取消#W8", "cancel_order", order_number="#W8"),
    )
    assert chat.says("退掉#W7的灯，再取消#W8", "return_item", segments=parts) == ["请问是哪件商品？"]
    assert [waiting["text"] for waiting in chat.slots["waiting_requests"]] == ["再取消#W8"]
    assert chat.says("台灯", product="台灯") == ["请寄回台灯。", "接下来处理您的另一个问题。", "请问取消的原因是？"]
    assert (chat.slots["order_number"], chat.slots["waiting_requests"]) == ("#W8", [])


def test_a_question_beside_a_task_is_answered_before_the_task_asks(chat: Chat) -> None:
    parts = understood("cancel my order", "cancel_order"), understood("when do I get my money?", "refund_policy")
    assert chat.says("cancel my order. when do I get my money?", "cancel_order", segments=parts) == [
        "Refunds take 5 days.",
        "Which order?",
    ]


def test_an_answer_and_a_question_are_both_heard(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    parts = understood("it's #W1", order_number="#W1"), understood("how long is delivery?", "delivery_time")
    assert chat.says("it's #W1, and how long is delivery?", "delivery_time", segments=parts) == [
        "Delivery takes 3 days.",
        "Why do you want to cancel?",
    ]
    assert chat.slots["order_number"] == "#W1"


def test_what_only_says_a_detail_of_the_task_beside_it_is_no_request_of_its_own(chat: Chat) -> None:
    parts = (
        understood("swap the lamp in #W1 for a red one", "exchange_item", order_number="#W1", product="lamp"),
        understood("Use my Mastercard for the difference.", "change_payment"),
    )
    text = "swap the lamp in #W1 for a red one. Use my Mastercard for the difference."
    chat.says(text, {"change_payment": 0.5, "exchange_item": 0.4}, segments=parts, order_number="#W1", product="lamp")
    assert (chat.tracker.active_loop, chat.slots["waiting_requests"]) == ("exchange_form", [])


def test_a_clause_that_asks_nothing_is_no_question_beside_a_task(chat: Chat) -> None:
    parts = (
        understood("return the lamp", "return_item", product="lamp"),
        understood("put the money on my gift card, #W1", "refund_policy", order_number="#W1"),
    )
    text = "return the lamp, put the money on my gift card, #W1"
    said = chat.says(text, "return_item", segments=parts, order_number="#W1", product="lamp")
    assert said == ["Send back the lamp."]


def test_what_is_said_once_counts_for_every_request(chat: Chat) -> None:
    parts = (
        understood("return the lamp", "return_item", product="lamp"),
        understood("what about refunds for #W7?", "refund_policy", order_number="#W7"),
    )
    said = chat.says("return the lamp, and what about refunds for #W7?", "return_item", segments=parts)
    assert sorted(said) == ["Refunds take 5 days.", "Send back the lamp."]


def test_an_order_that_another_task_asks_for_stays_with_it(chat: Chat) -> None:
    parts = (
        understood("cancel my puzzle order", "cancel_order"),
        understood("and swap the lamp in #W1", "exchange_item", order_number="#W1", product="lamp"),
    )
    assert chat.says("cancel my puzzle order and swap the lamp in #W1", "cancel_order", segments=parts) == [
        "Noted, one after the other: cancel an order, then exchange an item.",
        "Which order?",
    ]


def test_parts_that_are_one_request_stay_one(chat: Chat) -> None:
    parts = (
        understood("hello", "greet"),
        understood("cancel my order", "cancel_order"),
        understood("#W1", order_number="#W1"),
    )
    said = chat.says("hello, cancel my order, #W1", "cancel_order", segments=parts, order_number="#W1")
    assert said == ["Why do you want to cancel?"]


def test_the_same_task_for_two_orders_is_two_requests(chat: Chat) -> None:
    parts = (
        understood("cancel #W1", "cancel_order", order_number="#W1"),
        understood("and cancel #W2", "cancel_order", order_number="#W2"),
    )
    chat.says("cancel #W1 and cancel #W2", "cancel_order", segments=parts)
    chat.says("too expensive")
    assert chat.says("yes", "affirm") == [
        "#W1 is cancelled.",
        "Now to your other request.",
        "Why do you want to cancel?",
    ]
    assert chat.slots["order_number"] == "#W2"


def test_what_has_to_wait_is_said_back_before_the_first_question(chat: Chat) -> None:
    parts = understood("取消订单", "cancel_order"), understood("再帮我换货", "exchange_item")
    said = chat.says("取消订单，再帮我换货", "cancel_order", segments=parts)
    assert said[0] == "好的，都记下了：先取消订单，再换货。"
    assert chat.slots["waiting_requests"]


def test_nothing_is_said_back_where_nothing_has_to_wait(chat: Chat) -> None:
    parts = understood("cancel my order", "cancel_order"), understood("when do I get my money?", "refund_policy")
    said = chat.says("cancel my order. when do I get my money?", "cancel_order", segments=parts)
    assert not any("one after the other" in sentence for sentence in said)
