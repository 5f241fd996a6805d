"""Sending back and exchanging."""

from collections.abc import Callable

import pytest

from knowledge.shop.types import Order, OrderStatus
from tests.actions.orders.conftest import TalkFactory

Read = Callable[[str], Order]
WHO = "#K1000003, ann@example.com"


def test_returns_what_is_named_to_the_method_that_is_named(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    preview = ann.say(f"I want to return the shirt from {WHO}, refund to my gift card", "return_item")
    assert "Linen Shirt (blue, size M)" in preview
    assert "$20.00 back to gift card, right away" in preview
    assert "is set up" in ann.say("yes please", "affirm")
    (request,) = order("#K1000003").returns
    assert request.line_ids == ("K1000003-1",)
    assert request.payment_method_id == "gift_ann"


def test_asks_which_items_and_where_to(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    asked = ann.say(f"I want to return something from {WHO}", "return_item")
    assert "2. Desk Lamp (black, brightness medium)" in asked
    asked = ann.say("the first two", "choose_option")
    assert "1. Visa ending in 9212 (the original one)" in asked
    assert "2. gift card (balance $12.00)" in asked
    assert "PayPal" not in asked
    ann.say("the original one", "choose_option")
    ann.say("yes", "affirm")
    (request,) = order("#K1000003").returns
    assert request.line_ids == ("K1000003-1", "K1000003-2")
    assert request.payment_method_id == "card_ann"


def test_words_said_before_identification_are_not_forgotten(talk: TalkFactory) -> None:
    ann = talk()
    ann.say("I'd like to send back the lamp, money to the gift card", "return_item")
    assert "Desk Lamp" in ann.say(WHO)


def test_also_adds_only_replaces_and_not_takes_away(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"return the shirt from {WHO} to the original card", "return_item")
    assert "Linen Shirt (blue, size M) and Desk Lamp" in ann.say("also the lamp")
    assert "Linen Shirt" not in ann.say("no, only the lamp", "deny")
    assert ann.slot("items") == ["K1000003-2"]


def test_a_refund_to_another_method_is_refused_with_what_is_possible(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"return the shirt from {WHO}", "return_item")
    answer = ann.say("paypal")
    assert "original payment method or to a gift card" in answer
    assert "1. Visa" in answer


def test_food_is_not_taken_back_and_says_why(talk: TalkFactory, order: Read) -> None:
    answer = talk().say(f"return the tea from {WHO} to my gift card", "return_item")
    assert "food" in answer
    assert order("#K1000003").returns == ()


def test_after_the_window_a_person_is_offered(talk: TalkFactory) -> None:
    answer = talk().say("return the lamp from #K1000004, ann@example.com, to the original card", "return_item")
    assert "30 days" in answer


def test_what_has_not_arrived_cannot_be_sent_back(talk: TalkFactory) -> None:
    answer = talk().say("return #K1000005, ann@example.com", "return_item")
    assert "on its way" in answer


def test_returns_in_chinese(talk: TalkFactory, order: Read) -> None:
    ann = talk("zh")
    asked = ann.say("我想退货，订单K1000003，邮箱ann@example.com", "return_item")
    assert "亚麻衬衫（蓝色、M）" in asked or "亚麻衬衫" in asked
    assert "退款退到哪里" in ann.say("台灯")
    assert "退回尾号9212的Visa卡" in ann.say("原路退回")
    ann.say("确认", "affirm")
    assert order("#K1000003").returns[0].line_ids == ("K1000003-2",)


def test_exchanges_two_items_said_in_one_breath(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    preview = ann.say(
        f"exchange the shirt for a red one and the lamp for a brighter one in {WHO}, use my paypal", "exchange_item"
    )
    assert "• Linen Shirt: blue, size M → red, size M" in preview
    assert "• Desk Lamp: black, brightness medium → black, brightness high" in preview
    assert "$3.00 charged to PayPal" in preview
    assert "e-mail" in ann.say("go ahead", "affirm")
    placed = order("#K1000003")
    assert placed.status == OrderStatus.EXCHANGE_REQUESTED
    assert placed.returns[0].new_variant_ids == ("shirt-red-M", "lamp-black-high")
    assert placed.returns[0].payment_method_id == "paypal_ann"


def test_offers_the_variants_that_fit_and_takes_one_by_place(talk: TalkFactory) -> None:
    ann = talk()
    offered = ann.say(f"I'd like to exchange the lamp from {WHO}", "exchange_item")
    assert "1. " in offered
    assert "same price" not in offered.splitlines()[1]
    assert len(ann.buttons) == 5
    ann.say("the last one", "choose_option")
    assert ann.slot("changes")[0]["variant_id"] == ann.slot("choices")[-1]["id"] or ann.slot("changes")


def test_a_wish_is_narrowed_down_step_by_step(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"exchange the lamp for a white one with other brightness from {WHO}", "exchange_item")
    ann.say("actually make that low, in white")
    assert [change["variant_id"] for change in ann.slot("changes")] == ["lamp-white-low"]


def test_the_blue_one_instead_at_the_confirmation(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"exchange the shirt for a red one from {WHO} with my visa", "exchange_item")
    assert "→ red, size L" in ann.say("actually in L", "inform")
    assert "→ blue, size L" in ann.say("no, the blue one", "deny")


def test_what_does_not_exist_is_said_so(talk: TalkFactory) -> None:
    ann = talk()
    answer = ann.say(f"exchange the lamp for a low white one from {WHO}, paypal", "exchange_item")
    assert "white, brightness low" in answer
    answer = ann.say("a cheaper one please")
    assert ann.slot("confirmed") is None
    assert answer


def test_exchanges_in_chinese(talk: TalkFactory, order: Read) -> None:
    ann = talk("zh")
    preview = ann.say("订单K1000003，ann@example.com，衬衫换成红色L码，台灯换亮一点的，用贝宝付差价", "exchange_item")
    assert "• 亚麻衬衫: 蓝色、尺码M → 红色、尺码L" in preview
    assert "亮度高" in preview
    assert "用PayPal支付$4.00" in preview
    ann.say("可以", "affirm")
    assert order("#K1000003").returns[0].new_variant_ids == ("shirt-red-L", "lamp-black-high")


def test_an_order_is_exchanged_only_once(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"exchange the shirt for a red one from {WHO} with my visa", "exchange_item")
    ann.say("yes", "affirm")
    assert "only once" in ann.say("exchange the lamp from #K1000003 for a white one", "exchange_item")


def test_it_means_the_item_spoken_of_last(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"the lamp from {WHO} is broken", "report_damaged_item")
    ann.say("yes", "affirm")
    preview = ann.say("can I exchange it for a brighter one, with my visa?", "exchange_item")
    assert "Desk Lamp: black, brightness medium → black, brightness high" in preview


def test_returns_one_of_two(talk: TalkFactory) -> None:
    ann = talk()
    preview = ann.say("return one of the lamps from #K1000006, ann@example.com, to the original card", "return_item")
    assert "$38.00" in preview
    assert "× 2" not in preview
    assert "$38.00" in ann.say("yes", "affirm")
    both = talk("zh").say("K1000006的台灯都退了，ann@example.com，原路退", "return_item")
    assert "退货" in both


def test_just_one_of_them_at_the_confirmation(talk: TalkFactory) -> None:
    ann = talk()
    assert "× 2" in ann.say("return the lamp from #K1000006, ann@example.com, to the original card", "return_item")
    assert "$38.00" in ann.say("just one of them")


def test_an_exchange_before_the_order_has_left_is_a_change(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    answer = ann.say("exchange the shirt in #K1000001 for size L, ann@example.com, with my visa", "exchange_item")
    assert "hasn't left us yet" in answer
    assert "blue, size M → blue, size L" in answer
    ann.say("yes", "affirm")
    assert order("#K1000001").status == OrderStatus.PENDING_ITEM_MODIFIED


def test_a_change_after_delivery_is_an_exchange(talk: TalkFactory, order: Read) -> None:
    ann = talk("zh")
    answer = ann.say("K1000003的衬衫改成L码，差价用贝宝，ann@example.com", "change_order_items")
    assert "按换货来办理" in answer
    ann.say("确认", "affirm")
    assert order("#K1000003").status == OrderStatus.EXCHANGE_REQUESTED


def test_a_yes_that_repeats_what_was_agreed_is_a_yes(talk: TalkFactory, order: Read) -> None:
    ann = talk()
    ann.say(f"return the shirt from {WHO} to my gift card", "return_item")
    ann.say("yes, the shirt, to my gift card", "affirm")
    assert order("#K1000003").status == OrderStatus.RETURN_REQUESTED


def test_says_at_once_that_the_time_is_over(talk: TalkFactory) -> None:
    ann = talk()
    assert "30 days" in ann.say("I want to return #K1000004, ann@example.com", "return_item")
    assert ann.tracker.active_loop is None


def test_says_at_once_that_food_stays_and_goes_on_with_the_rest(talk: TalkFactory) -> None:
    ann = talk()
    said = ann.say("I want to return everything in #K1000003, ann@example.com", "return_item")
    assert "Jasmine Green Tea can't be sent back" in said
    assert "Where should the refund go" in said
    preview = ann.say("back to the visa", "choose_option")
    assert "Linen Shirt" in preview
    assert "Tea" not in preview


def test_food_alone_ends_it_at_once(talk: TalkFactory) -> None:
    wei = talk("zh")
    said = wei.say("K1000003里的绿茶想退，ann@example.com", "return_item")
    assert "茉莉绿茶不支持退换" in said
    assert "退到哪里" not in said


def test_naming_the_same_card_again_is_understood(talk: TalkFactory) -> None:
    ann = talk()
    ann.say("return the shirt of #K1000003, ann@example.com, refund to my visa", "return_item")
    for _ in range(2):
        said = ann.say("the original card please", "choose_option")
        assert "catch" not in said
        assert "Shall I go ahead" in said
    assert "is set up" in ann.say("great", "affirm")


@pytest.mark.parametrize(
    ("language", "request_", "told", "answer"),
    [
        ("en", "exchange the shirt in #K1000003, ann@example.com, for a green L", "in green", "the red one"),
        ("zh", "#K1000003的衬衫换成绿色的L码，ann@example.com", "没有绿色的", "那要红色"),
    ],
)
def test_a_wish_that_cannot_be_had_is_told_and_the_rest_of_it_kept(
    talk: TalkFactory, language: str, request_: str, told: str, answer: str
) -> None:
    customer = talk(language)
    assert told in customer.say(request_, "exchange_item")
    assert customer.slot("confirmed") is None
    customer.say(answer)
    assert [change["variant_id"] for change in customer.slot("changes")] == ["shirt-red-L"]
