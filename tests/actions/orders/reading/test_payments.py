"""Which payment method a sentence names."""

import pytest

from actions.orders.reading.payments import Method, read_payment

METHODS = [
    Method("credit_card_1", "credit_card", "mastercard", "9212"),
    Method("credit_card_2", "credit_card", "visa", "1111"),
    Method("paypal_1", "paypal"),
    Method("gift_card_1", "gift_card"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("paypal", ["paypal_1"]),
        ("PayPal please", ["paypal_1"]),
        ("gift card", ["gift_card_1"]),
        ("put it on my giftcard", ["gift_card_1"]),
        ("visa", ["credit_card_2"]),
        ("the card ending 9212", ["credit_card_1"]),
        ("card ending in 1111", ["credit_card_2"]),
        ("credit_card_2", ["credit_card_2"]),
        ("my credit card", ["credit_card_1", "credit_card_2"]),
        ("original payment method", ["paypal_1"]),
        ("the same one I used", ["paypal_1"]),
        ("back to where it came from", ["paypal_1"]),
        ("from paypal to my gift card", ["gift_card_1"]),
        ("gift card instead of paypal", ["gift_card_1"]),
        ("paypal is preferred, otherwise the visa", ["paypal_1", "credit_card_2"]),
        ("礼品卡", ["gift_card_1"]),
        ("原路退回", ["paypal_1"]),
        ("尾号1111的卡", ["credit_card_2"]),
        ("退到信用卡", ["credit_card_1", "credit_card_2"]),
        ("从贝宝换成礼品卡", ["gift_card_1"]),
    ],
)
def test_finds_the_method(text: str, expected: list[str]) -> None:
    said = read_payment(text, METHODS, "paypal_1")
    assert [method.payment_method_id for method in said.methods] == expected


@pytest.mark.parametrize("text", ["支付宝", "wechat pay", "用微信付"])
def test_a_kind_that_is_not_on_file_is_heard_but_not_found(text: str) -> None:
    said = read_payment(text, METHODS)
    assert said.is_said
    assert said.methods == ()


@pytest.mark.parametrize("text", ["where is my order", "the second one", "discard it", "我想退货"])
def test_other_sentences_name_no_method(text: str) -> None:
    assert not read_payment(text, METHODS).is_said
