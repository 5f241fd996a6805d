"""The next best action in whole conversations, with a stored profile and a policy that prefers one action."""

from bot.assembly import Kefu
from knowledge.next_best_action import Action
from knowledge.shop.schema import CustomerRow
from tests.actions.service.fixed_policy import prefer
from tests.conversations.conversation import Conversation


def set_on(kefu: Kefu, action: Action) -> None:
    with kefu.database.transaction() as session:
        prefer(session, action)


async def test_a_plain_yes_at_the_end_is_consent(kefu: Kefu) -> None:
    set_on(kefu, Action.ASK_CONSENT)
    bea = Conversation(kefu, "bea")
    assert "#K4060001" in await bea.say("where is my order K4060001?")
    assert "may we e-mail you news" in await bea.say("great, thank you")
    assert "on the list" in await bea.say("yes please")
    assert "may we e-mail" not in await bea.say("bye")
    with kefu.database.read_session() as session:
        assert session.get_one(CustomerRow, "bea").newsletter_consent


async def test_an_apology_in_chinese_names_the_voucher(kefu: Kefu) -> None:
    set_on(kefu, Action.APOLOGISE_WITH_VOUCHER)
    na = Conversation(kefu, "na")
    await na.say("订单K7093004的台灯收到时已经碎了")
    answer = await na.say("可以，麻烦登记一下")
    assert "工单" in answer
    assert "结算时填上 WELCOME10" in answer
