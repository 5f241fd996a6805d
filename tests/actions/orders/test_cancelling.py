"""Cancelling, and what every write has in common: identity, confirmation, doing it once."""

from collections.abc import Callable

import pytest

from actions.orders.steps.confirmation import CLEARED
from knowledge.shop.errors import RefusalCode
from knowledge.shop.types import Order, OrderStatus
from tests.actions.orders.conftest import TalkFactory

Read = Callable[[str], Order]
WHO = "#K1000001, ann@example.com"


def test_cancels_after_a_yes(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    assert "order number" in ann.say("I want to cancel an order", "cancel_order")
    assert "why" in ann.say(WHO).lower() or "reason" in ann.say(WHO).lower()
    preview = ann.say("I ordered it by mistake")
    assert "#K1000001" in preview
    assert "ordered by mistake" in preview
    assert "$56.00 back to Visa ending in 9212, in 5–7 business days" in preview
    assert order("#K1000001").status == OrderStatus.PENDING
    assert "cancelled" in ann.say("yes", "affirm")
    assert order("#K1000001").status == OrderStatus.CANCELLED
    assert order("#K1000001").cancel_reason == "ordered_by_mistake"


def test_cancels_in_chinese_with_everything_said_at_once(talk: TalkFactory, order: Read) -> None:
    wei = talk("zh")
    preview = wei.say("取消订单K2000001，拍错了，我的邮箱是wei@example.com", "cancel_order")
    assert "台灯（白色、亮度高）" in preview
    assert "退回支付宝" in preview
    assert "已经取消" in wei.say("好的", "affirm") or order("#K2000001").status == OrderStatus.CANCELLED


def test_the_same_yes_delivered_twice_cancels_once(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"cancel {WHO}, changed my mind", "cancel_order")
    before = ann.tracker.snapshot()
    ann.say("yes", "affirm")
    ann.restore(before)
    assert "cancelled" in ann.say("yes", "affirm", again=True)
    assert len([payment for payment in order("#K1000001").payments if payment.kind == "refund"]) == 1


def test_a_wrong_pair_a_foreign_order_and_no_order_get_the_same_answer(talk: TalkFactory) -> None:
    answers = {talk().say(f"cancel {number}, ann@example.com", "cancel_order") for number in ("#K2000001", "#K9999999")}
    wrong_mail = talk().say("cancel #K1000001, wei@example.com", "cancel_order")
    first_lines = {answer.splitlines()[0] for answer in {*answers, wrong_mail}}
    assert len(first_lines) == 1


def test_three_wrong_tries_end_with_the_offer_of_a_person(talk: TalkFactory) -> None:
    ann = talk()
    ann.say("cancel #K1000001", "cancel_order")
    for mail in ("a@example.com", "b@example.com", "c@example.com"):
        answer = ann.say(f"#K1000001 {mail}")
    assert "person" in answer
    assert ann.tracker.active_loop is None


def test_name_and_postcode_prove_as_well(talk: TalkFactory) -> None:
    ann = talk()
    ann.say("cancel #K1000001", "cancel_order")
    ann.say("Ann Meyer, 78701")
    assert ann.slot("customer_id") == "ann"


def test_identity_sticks_and_somebody_elses_order_stays_hidden(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"where is {WHO}", "track_order")
    assert "can't find order #K2000001" in ann.say("where is #K2000001", "track_order")


def test_an_order_that_has_left_is_refused_with_the_alternative(talk: TalkFactory, order: Read) -> None:
    answer = talk().say("cancel #K1000005, ann@example.com", "cancel_order")
    assert "on its way" in answer
    assert "return or exchange" in answer
    assert order("#K1000005").status == OrderStatus.SHIPPED


def test_no_at_the_confirmation_asks_what_to_change_and_keeps_the_rest(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"cancel {WHO}, by mistake", "cancel_order")
    assert "nothing has been changed" in ann.say("no", "deny")
    assert "no longer needed" in ann.say("the reason is that I don't need it any more")
    ann.say("yes", "affirm")
    assert order("#K1000001").cancel_reason == "no_longer_needed"


def test_a_yes_after_a_no_is_asked_again(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"cancel {WHO}, by mistake", "cancel_order")
    ann.say("no", "deny")
    assert "Shall I go ahead" in ann.say("yes", "affirm")
    assert order("#K1000001").status == OrderStatus.PENDING


def test_a_second_no_leaves_everything_as_it_is(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"cancel {WHO}, by mistake", "cancel_order")
    ann.say("no", "deny")
    ann.say("no", "deny")
    assert ann.tracker.active_loop is None
    assert order("#K1000001").status == OrderStatus.PENDING


def test_yes_but_is_no_yes(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"cancel {WHO}, by mistake", "cancel_order")
    ann.say("yes, but wait a moment", "affirm")
    assert order("#K1000001").status == OrderStatus.PENDING


def test_the_other_order_at_the_confirmation(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"cancel {WHO}, by mistake", "cancel_order")
    assert "#K1000002" in ann.say("no, the other order", "deny")
    ann.say("yes", "affirm")
    assert order("#K1000001").status == OrderStatus.PENDING
    assert order("#K1000002").status == OrderStatus.CANCELLED


def test_never_mind_drops_it(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"cancel {WHO}, by mistake", "cancel_order")
    ann.say("never mind", "nevermind")
    assert ann.tracker.active_loop is None
    assert ann.slot("customer_id") == "ann"
    assert order("#K1000001").status == OrderStatus.PENDING


@pytest.mark.parametrize("text", ["nope, I changed my mind", "改变主意了，还是要吧"])
def test_a_changed_mind_at_the_confirmation_is_no_other_reason(talk: TalkFactory, order: Read, text: str) -> None:
    ann = talk()
    ann.say(f"cancel {WHO}, by mistake", "cancel_order")
    ann.say(text, "inform")
    assert ann.tracker.active_loop is None
    assert order("#K1000001").status == OrderStatus.PENDING


def test_orders_are_offered_and_chosen_by_place_or_by_what_is_in_them(talk: TalkFactory) -> None:
    for answer, number in (
        ("the second one", "#K1000001"),
        ("the one with the tea", "#K1000002"),
        ("the lamp", "#K1000001"),
    ):
        ann = talk()
        ann.say(f"where is {WHO}", "track_order")
        ann.tracker.slots["recent_order"] = None
        offered = ann.say("I'd like to cancel an order", "cancel_order")
        assert "1. #K1000002" in offered
        assert "2. #K1000001" in offered
        ann.say(answer, "choose_option")
        assert ann.slot("order_number") == number


def test_a_question_in_between_comes_back_to_the_form(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"cancel {WHO}", "cancel_order")
    answer = ann.say("wait, where is #K1000005?", "track_order")
    assert "March 11" in answer
    assert "back to" in answer or "pick up" in answer
    assert "#K1000001" in answer
    ann.say("I don't need it")
    ann.say("yes", "affirm")
    assert order("#K1000001").status == OrderStatus.CANCELLED
    assert order("#K1000005").status == OrderStatus.SHIPPED


def test_every_refusal_that_clears_a_slot_is_one_the_shop_knows() -> None:
    assert set(CLEARED) <= {code.value for code in RefusalCode} | {"same_address"}


def test_several_orders_are_cancelled_one_after_the_other(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say("cancel #K1000001 and #K1000002, ann@example.com, I don't need them", "cancel_order")
    answer = ann.say("yes", "affirm")
    assert "#K1000001 is cancelled" in answer
    assert "I'll cancel order #K1000002" in answer
    assert order("#K1000002").status == OrderStatus.PENDING
    ann.say("yes", "affirm")
    assert order("#K1000002").status == OrderStatus.CANCELLED


def test_all_my_orders_means_those_that_can_be_cancelled(talk: TalkFactory, order: Read) -> None:
    ann = talk("zh")
    ann.say("K1000001，ann@example.com 到哪了", "track_order")
    ann.tracker.slots["recent_order"] = None
    ann.say("把所有订单都取消，不想要了", "cancel_order")
    ann.say("确认", "affirm")
    ann.say("确认", "affirm")
    assert {order(number).status for number in ("#K1000001", "#K1000002")} == {OrderStatus.CANCELLED}
    assert order("#K1000005").status == OrderStatus.SHIPPED


@pytest.mark.parametrize(
    ("language", "already"), [("en", "#K1000001 is cancelled already"), ("zh", "#K1000001已取消，不能再办理了")]
)
def test_who_comes_second_is_told_what_the_order_is_by_now(talk: TalkFactory, language: str, already: str) -> None:
    first, second = talk(), talk(language, "second")
    for asking in (first, second):
        asking.say(f"cancel {WHO}, ordered by mistake", "cancel_order")
    first.say("yes", "affirm")
    assert already in second.say("yes" if language == "en" else "确认", "affirm")


@pytest.mark.parametrize(
    ("language", "request_", "question"),
    [
        ("en", "cancel #K1000002, ordered by mistake. ann@example.com", "are there better deals?"),
        ("zh", "取消#K1000002，拍错了，ann@example.com", "有优惠券吗"),
    ],
)
def test_a_question_in_between_changes_no_reason(
    talk: TalkFactory, language: str, request_: str, question: str
) -> None:
    customer = talk(language)
    customer.say(request_, "cancel_order")
    assert customer.slot("cancel_reason") == "ordered_by_mistake"
    customer.say(question, "coupon_question")
    assert customer.slot("cancel_reason") == "ordered_by_mistake"
