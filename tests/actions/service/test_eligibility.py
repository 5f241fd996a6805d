""" "Am I eligible for …?": the shop's rules, applied to who asks."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from actions.service.coupon_question import CouponQuestion
from actions.service.delivery_options import DeliveryOptions
from actions.service.eligibility import ASKS
from actions.service.refund_policy import RefundPolicy
from knowledge.shop.policy import store_policy
from knowledge.shop.schema import CouponRow, OrderRow
from knowledge.shop.shop import Shop
from tests.actions.products.stage import NOW, Stage, add_order

SHIPPING, RETURN = "am I eligible for free shipping?", "am I eligible for a refund?"


def delivered(stage: Stage, customer_id: str, products: list[str], days_ago: int) -> str:
    number = add_order(stage.session, customer_id, products, days_ago=days_ago + 3)
    order = stage.session.scalars(select(OrderRow).where(OrderRow.order_number == number)).one()
    order.delivered_at = NOW - timedelta(days=days_ago)
    stage.session.flush()
    return number


def with_policy(stage: Stage, **rules: object) -> None:
    store_policy(stage.session, rules)
    stage.shop = Shop(stage.session, now=lambda: NOW)


@pytest.mark.parametrize(
    "text",
    [
        "Am I eligible for it?",
        "do i qualify?",
        "can I still return it",
        "我有资格吗",
        "我符合包邮的条件吗",
        "我能免运费吗",
        "还能退吗",
    ],
)
def test_these_ask_for_a_verdict(text: str) -> None:
    assert ASKS.search(text)


@pytest.mark.parametrize(
    "text", ["what does shipping cost?", "how do I return it", "运费多少", "怎么退货", "有优惠券吗"]
)
def test_these_ask_for_the_rule(text: str) -> None:
    assert not ASKS.search(text)


def test_the_usual_order_is_compared_with_the_threshold(stage: Stage) -> None:
    for days_ago in (20, 50):
        delivered(stage, "ann", ["kettle", "tee"], days_ago)  # $20 each, and the $10 of the stage
    below = stage.identify("ann").ask(DeliveryOptions(), SHIPPING)
    assert below.responses[:2] == ["utter_eligible_delivery", "utter_eligible_delivery_below"]
    assert "about $16.67" in below.text
    assert "$42.33 more" in below.text
    cheap = {"code": "standard", "name_en": "Standard", "name_zh": "标准", "fee": 5, "free_from": 15, "days": [3, 5]}
    with_policy(stage, delivery=[cheap])
    assert "mostly travel free" in stage.ask(DeliveryOptions(), SHIPPING).text


def test_one_order_is_no_habit(stage: Stage) -> None:
    assert "usually" not in stage.identify("ann").ask(DeliveryOptions(), SHIPPING).text


def test_a_shop_without_free_delivery_says_so(stage: Stage) -> None:
    with_policy(stage, delivery=[{"code": "s", "name_en": "Standard", "name_zh": "标准", "fee": 5, "days": [3, 5]}])
    assert stage.ask(DeliveryOptions(), SHIPPING).responses == ["utter_eligible_delivery_never"]


def test_only_what_is_in_its_window_can_go_back_and_food_never(stage: Stage) -> None:
    fresh = delivered(stage, "ann", ["lamp", "oolong"], days_ago=5)
    old = delivered(stage, "ann", ["tee"], days_ago=31)
    food = delivered(stage, "ann", ["matcha"], days_ago=2)
    answer = stage.identify("ann").ask(RefundPolicy(), RETURN).text
    assert f"{fresh} (lamp), until April 4" in answer
    assert old not in answer
    assert food not in answer
    assert "oolong" not in answer


def test_without_a_limit_no_date_is_told(stage: Stage) -> None:
    old = delivered(stage, "ann", ["lamp"], days_ago=300)
    with_policy(stage, return_items={"window_days": None})
    answer = stage.identify("ann").speak("zh").ask(RefundPolicy(), "我还能退货吗").text
    assert f"{old}（lamp）" in answer
    assert "前" not in answer.split(old)[1].split("\n")[0]


def test_who_is_not_known_hears_the_rule_and_nobody_elses_orders(stage: Stage) -> None:
    theirs = delivered(stage, "wei", ["lamp"], days_ago=5)
    answer = stage.ask(RefundPolicy(), RETURN)
    assert answer.responses == ["utter_refund_policy"]
    assert theirs not in stage.identify("ann").ask(RefundPolicy(), RETURN).text


def test_vouchers_are_those_of_today(stage: Stage) -> None:
    answer = stage.ask(CouponQuestion(), "am I eligible for a voucher?")
    assert answer.responses == ["utter_eligible_coupons"]
    assert "SPRING10" in answer.text
    assert "VIP20" not in answer.text
    stage.session.execute(delete(CouponRow))
    assert stage.ask(CouponQuestion(), "am I eligible for a voucher?").responses == ["utter_no_coupons"]
