"""The checks themselves: each must complain when something is wrong, or every dialogue would pass."""

import pytest
from pydantic import ValidationError

from bot.assembly import Kefu
from tests.conversations.checking import wrong_answer, wrong_shop, wrong_state
from tests.conversations.conversation import Conversation
from tests.conversations.dialogue import Dialogue, ShopFacts, Turn


def turn(**keys: object) -> Turn:
    return Turn.model_validate({"user": "hi", "bot": [], **keys})


def test_a_missing_word_an_unwanted_one_and_an_unwanted_answer_are_told() -> None:
    answer = "Order #K1 is cancelled. [Yes]"
    assert list(wrong_answer(turn(bot=["#k1", "/is (cancelled|gone)/", "[Yes]"]), answer)) == []
    assert list(wrong_answer(turn(bot=["refund"], **{"not": ["cancelled"]}), answer)) == [
        "missing: refund",
        "should not be there: cancelled",
    ]
    assert list(wrong_answer(turn(), answer)) == ["the bot should have said nothing"]
    assert list(wrong_answer(turn(bot=["/./"]), "")) == ["missing: /./"]


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="shops"):
        Dialogue.model_validate({"dialogue": "x", "turns": [{"user": "hi", "bot": []}], "shops": {}})


async def test_a_slot_a_form_and_an_owner_that_are_not_so_are_told(kefu: Kefu) -> None:
    conversation = Conversation(kefu, "ann")
    await conversation.say("I want to cancel order K2041001")
    right = turn(slots={"customer_id": "ann", "requested_slot": "cancel_reason"}, form="cancel_order_form")
    assert list(wrong_state(right, conversation)) == []
    assert list(wrong_state(turn(slots={"customer_id": "wei"}, form="none", owner="queue"), conversation)) == [
        "slot customer_id: should be 'wei', is 'ann'",
        "form: should be 'none', is 'cancel_order_form'",
        "owner: should be 'queue', is 'bot'",
    ]


async def test_whatever_is_not_so_in_the_shop_is_told(kefu: Kefu) -> None:
    conversation = Conversation(kefu, "ann")
    await conversation.say("cancel order K2041002, ordered by mistake")
    await conversation.say("yes")
    with kefu.database.read_session() as session:
        order = {"status": "cancelled", "payments": ["payment 25.00 paypal_ann", "refund 25.00 paypal_ann"]}
        right = {"orders": {"#K2041002": order}, "writes": ["cancel_order"]}
        assert list(wrong_shop(ShopFacts.model_validate(right), session)) == []
        wrong = {
            "orders": {"#K2041002": {"status": "pending", "address": ["Paris"]}, "#K0": {}},
            "customers": {"ann": {"newsletter": True}},
            "tickets": [{"kind": "handoff"}],
        }
        complaints = list(wrong_shop(ShopFacts.model_validate(wrong), session))
    assert [complaint.partition(":")[0] for complaint in complaints] == [
        "#K2041002 status",
        "#K2041002 address",
        "there is no order #K0",
        "ann newsletter",
        "tickets",
        "writes",
    ]


async def test_each_conversation_finds_the_shop_untouched(kefu: Kefu) -> None:
    with kefu.database.read_session() as session:
        assert (
            list(wrong_shop(ShopFacts.model_validate({"orders": {"#K2041002": {"status": "pending"}}}), session)) == []
        )
