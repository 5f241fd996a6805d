"""Forms survive people: everything at once, corrections, second thoughts, refusals."""

import pytest

from tests.bot.dialogue.chat import Chat


def asked_to_confirm(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says("it is too expensive") == ["Shall I cancel #W1?"]


def test_a_form_asks_for_what_is_missing_and_then_does_it(chat: Chat) -> None:
    assert chat.says("I want to cancel", "cancel_order") == ["Which order?"]
    assert chat.says("#W1", order_number="#W1") == ["Why do you want to cancel?"]
    assert chat.says("too expensive") == ["Shall I cancel #W1?"]
    assert chat.says("yes", "affirm") == ["#W1 is cancelled."]
    assert chat.tracker.active_loop is None


def test_a_form_speaks_chinese(chat: Chat) -> None:
    assert chat.says("我要取消订单", "cancel_order") == ["请问是哪个订单？"]
    assert chat.says("#W1", order_number="#W1") == ["请问取消的原因是？"]
    assert chat.says("买贵了") == ["确认取消订单#W1吗？"]
    assert chat.says("确认", "affirm") == ["订单#W1已取消。"]


def test_several_slots_in_one_sentence_are_not_asked_for(chat: Chat) -> None:
    text = "return the red lamp from #W7"
    assert chat.says(text, "return_item", order_number="#W7", product="red lamp") == ["Send back the red lamp."]


def test_an_earlier_slot_is_corrected_in_the_middle(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says("sorry, I meant #W2", order_number="#W2") == ["Why do you want to cancel?"]
    assert chat.slots["order_number"] == "#W2"


@pytest.mark.parametrize(
    ("text", "question"), [("no, #W2", "Shall I cancel #W2?"), ("不对，是#W2", "确认取消订单#W2吗？")]
)
def test_a_correction_at_the_confirmation_is_confirmed_again(chat: Chat, text: str, question: str) -> None:
    asked_to_confirm(chat)
    assert chat.says(text, "deny", order_number="#W2") == [question]
    assert chat.slots["confirmed"] is None


def test_a_changed_mind_at_the_confirmation_changes_nothing(chat: Chat) -> None:
    asked_to_confirm(chat)
    assert chat.says("no, better not", "deny") == ["I left the order as it is."]


def test_yes_and_the_same_number_again_is_a_yes(chat: Chat) -> None:
    asked_to_confirm(chat)
    assert chat.says("yes, #W1", "affirm", order_number="#W1") == ["#W1 is cancelled."]


def test_an_old_yes_never_confirms_a_new_request(chat: Chat) -> None:
    chat.says("hi", "greet")
    chat.tracker.slots.update(confirmed=True, order_number="#W1", cancel_reason="old")
    assert chat.says("cancel it", "cancel_order") == ["Shall I cancel #W1?"]


@pytest.mark.parametrize(
    ("text", "goodbye"),
    [
        ("never mind", "No problem, I've dropped that. Nothing was changed."),
        ("算了不弄了", "好的，那就先不办了，没有做任何改动。"),
    ],
)
def test_never_mind_leaves_the_form_and_forgets_its_slots(chat: Chat, text: str, goodbye: str) -> None:
    asked_to_confirm(chat)
    assert chat.says(text, "nevermind") == [goodbye]
    assert (chat.tracker.active_loop, chat.slots["order_number"], chat.slots["requested_slot"]) == (None, None, None)


@pytest.mark.parametrize(
    "text", ["Okay, never mind, forget it.", "那算了吧，不办了", "ok leave it, thanks", "changed my mind, keep it"]
)
def test_plain_words_leave_the_form_whatever_the_model_takes_them_for(chat: Chat, text: str) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    chat.says(text, {"affirm": 0.6, "nevermind": 0.2})
    assert (chat.tracker.active_loop, chat.slots["cancel_reason"]) == (None, None)


@pytest.mark.parametrize(
    ("text", "intent"), [("never mind", "nevermind"), ("first I want to cancel", "cancel_order"), ("no", "deny")]
)
def test_a_proven_identity_outlives_the_form_that_asked_for_it(chat: Chat, text: str, intent: str) -> None:
    assert chat.says("another card for #W1", "change_payment", order_number="#W1") == ["Who are you?"]
    chat.tracker.slots["customer_id"] = "c1"
    chat.says(text, intent)
    assert chat.tracker.active_loop != "change_payment_form"
    assert chat.slots["customer_id"] == "c1"


def test_refusing_a_slot_leaves_the_form(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says("I won't tell you", "deny") == ["No problem, I've dropped that. Nothing was changed."]
    assert chat.tracker.active_loop is None


def test_a_wrong_value_is_explained_and_asked_for_again(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says("12", order_number="12") == ["I can't find 12.", "Which order?"]
    assert chat.says("99", order_number="99") == ["I can't find 99.", "Which order?"]


def test_what_the_form_cannot_use_is_asked_for_again_and_then_a_person_is_offered(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says("hmm", {"inform": 0.3}) == ["Sorry, I didn't catch that.", "Which order?"]
    chat.says("hmm hmm", {"inform": 0.3})
    assert chat.says("hm", {"inform": 0.3}) == [
        "I don't seem to be getting this right. Would you like to speak to a colleague?"
    ]
    assert chat.says("yes please", "affirm") == ["A colleague takes over."]
    assert chat.slots["handoff_reason"] == "repeated_failure"


def test_declining_the_person_goes_on_with_the_form(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    for _ in range(3):
        chat.says("hmm", {"inform": 0.3})
    assert chat.says("no", "deny") == ["Which order?"]
    assert chat.says("#W1", order_number="#W1") == ["Why do you want to cancel?"]


def test_asking_for_the_same_again_goes_on(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    assert chat.says("I said cancel it!", "cancel_order") == ["Which order?"]
    assert chat.slots["failed_turns"] == 0


def test_saying_what_is_known_already_is_no_failure(chat: Chat) -> None:
    chat.says("return from #W1", "return_item", order_number="#W1")
    assert chat.says("#W1", order_number="#W1") == ["Which item?"]
