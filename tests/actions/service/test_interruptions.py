"""Questions and courtesies in the middle of a form are answered, and the form asks again."""

import pytest

from tests.actions.products.stage import Stage, add_order, named
from tests.actions.service.talk import Talk


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("what is your refund policy?", "refund_policy", "30 days"),
        ("when are you open?", "shop_hours", "09:00"),
        ("do you have coupons?", "coupon_question", "SPRING10"),
        ("thank you", "thank", ""),
        ("are you a robot?", "bot_challenge", "digital assistant"),
        ("保修多久", "warranty", "24 个月"),
    ],
)
def test_a_question_in_a_form(stage: Stage, text: str, intent: str, answer: str) -> None:
    talk = Talk(stage)
    talk.say("I forgot my password", "reset_password")
    assert answer in talk.say(text, intent)
    assert (talk.tracker.active_loop, talk.slot("requested_slot")) == ("reset_password_form", "account_email")


def test_product_talk_in_both_languages(stage: Stage) -> None:
    talk = Talk(stage)
    assert "Desk Lamp" in talk.say("do you sell desk lamps?", "product_search", named("lamp"))
    assert "$38.00" in talk.say("in blue?", "product_availability")
    assert "护眼台灯" in talk.say("这个多少钱", "product_price")
    assert "36" in talk.say("how long is the warranty on it?", "warranty")


@pytest.mark.parametrize(("yes", "no"), [("yes", "no"), ("好的", "不用")])
def test_yes_and_no_with_nothing_pending_are_taken_kindly(stage: Stage, yes: str, no: str) -> None:
    talk = Talk(stage)
    assert talk.say(yes, "affirm")
    assert talk.say(no, "deny")
    assert talk.tracker.active_loop is None


def test_an_order_is_picked_from_the_list_as_well(stage: Stage) -> None:
    newest = add_order(stage.session, "ann", ["lamp"], days_ago=3, status="pending")
    talk = Talk(stage, "ann")
    talk.say("list my orders", "list_orders")
    assert newest in talk.say("the first one", "choose_option")
    assert talk.tracker.active_loop is None
