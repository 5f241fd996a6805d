"""Answers about the shop's rules: the figures are the policy's, the words both languages'."""

from datetime import UTC, datetime

import pytest

from actions.base import KefuAction
from actions.service.cancellation_fee import CancellationFee
from actions.service.contact_details import ContactDetails
from actions.service.coupon_question import CouponQuestion
from actions.service.delivery_options import DeliveryOptions
from actions.service.delivery_time import DeliveryTime
from actions.service.loyalty_rules import LoyaltyRules
from actions.service.opening import is_open
from actions.service.payment_options import PaymentOptions
from actions.service.refund_policy import RefundPolicy
from actions.service.repeat import Repeat
from actions.service.shop_hours import ShopHours
from actions.service.warranty import Warranty
from knowledge.shop.policy import load_policy, store_policy
from knowledge.shop.shop import Shop
from tests.actions.products.stage import NOW, Stage


@pytest.mark.parametrize(
    ("action", "figures"),
    [
        (DeliveryOptions(), ["$4.90", "$59.00", "3–5", "$12.90"]),
        (DeliveryTime(), ["3–5", "1–2", "14:00"]),
        (RefundPolicy(), ["30", "5–7"]),
        (CancellationFee(), ["5–7"]),
        (ContactDetails(), ["help@kefu-demo.example", "+1 555 010 0199"]),
        (ShopHours(), ["09:00–21:00"]),
        (Warranty(), ["24"]),
        (PaymentOptions(), ["PayPal"]),
        (LoyaltyRules(), ["$1", "100"]),
    ],
    ids=lambda value: value.name() if isinstance(value, KefuAction) else "",
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_policy_is_told(stage: Stage, action: KefuAction, figures: list[str], language: str) -> None:
    text = stage.speak(language).ask(action, "?").text
    assert [figure for figure in figures if figure not in text] == []


def test_a_shop_with_other_rules_gives_other_answers(stage: Stage) -> None:
    store_policy(stage.session, {"return_items": {"window_days": 14, "shipping_fee": 4}, "cancel_order": {"fee": 2.5}})
    stage.shop = Shop(stage.session)
    assert "within 14 days" in stage.ask(RefundPolicy(), "?").text
    assert "$2.50" in stage.ask(CancellationFee(), "?").text


def test_the_warranty_is_the_products_own(stage: Stage) -> None:
    assert "36 months" in stage.ask(Warranty(), "how long is the warranty on the desk lamp").text
    assert stage.ask(Warranty(), "and the oolong tea?").responses == ["utter_product_without_warranty"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("do you have any coupons?", "utter_coupons"),
        ("is SPRING10 still valid?", "utter_coupon_valid"),
        ("spring10能用吗", "utter_coupon_valid"),
        ("winter5 doesn't work", "utter_coupon_expired"),
        ("can I use SAVE99?", "utter_coupon_unknown"),
        ("优惠码ABC123用不了", "utter_coupon_unknown"),
        ("有什么优惠券", "utter_coupons"),
        ("my code VIP20", "utter_coupon_valid"),
    ],
)
def test_coupons(stage: Stage, text: str, first: str) -> None:
    language = "en" if text.isascii() else "zh"
    answer = stage.speak(language).ask(CouponQuestion(), text)
    assert answer.responses[0] == first
    assert ("SPRING10" in answer.text) == (first != "utter_coupon_valid" or "VIP" not in text)


def test_opening_follows_the_shops_own_clock() -> None:
    contact = load_policy().contact
    assert is_open(contact, NOW)
    assert not is_open(contact, datetime(2026, 3, 10, 6, 0, tzinfo=UTC)), "eleven at night in Portland"


@pytest.mark.parametrize(("language", "text"), [("en", "say that again"), ("zh", "再说一遍")])
def test_the_last_answer_is_said_again(stage: Stage, language: str, text: str) -> None:
    said = stage.speak(language).ask(RefundPolicy(), "?").text
    assert stage.ask(Repeat(), text).text == said


def test_nothing_said_nothing_to_repeat(stage: Stage) -> None:
    assert stage.ask(Repeat(), "what?").responses == ["utter_nothing_to_repeat"]


@pytest.mark.parametrize(
    ("action", "text", "slug"),
    [
        (DeliveryOptions(), "do you ship abroad?", "international-shipping"),
        (DeliveryOptions(), "可以寄到国外吗", "international-shipping"),
        (DeliveryTime(), "how long does international shipping take", "international-shipping"),
        (PaymentOptions(), "可以分期吗", "instalments"),
        (Warranty(), "过了保修还能维修吗", "repairs"),
    ],
)
def test_a_special_case_gets_its_own_article(stage: Stage, action: KefuAction, text: str, slug: str) -> None:
    assert f"/articles/{slug}" in stage.speak("en" if text.isascii() else "zh").ask(action, text).text
