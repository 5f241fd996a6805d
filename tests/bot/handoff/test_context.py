"""The context package of real conversations with the real bot: all that a person needs, nothing invented."""

import time
from typing import Any

from bot.assembly import Kefu
from bot.handoff import agents, rows
from bot.handoff.context import VERSION, Language, Packing
from knowledge.articles.facts import shop_facts
from knowledge.articles.index import ArticleIndex
from tests.conversations.conftest import assembled, kefu, template
from tests.conversations.conversation import Conversation

__all__ = ["assembled", "kefu", "template"]


def package(kefu: Kefu, conversation: Conversation, language: Language = "en") -> dict[str, Any]:
    packing = Packing(
        kefu.turns.trackers, ArticleIndex.load, kefu.policy, lambda language: shop_facts(kefu.policy(), language)
    )
    with kefu.database.read_session() as session:
        return packing.of(session, conversation.conversation_id, language)


async def test_everything_that_was_said_tried_and_felt_is_in_it(kefu: Kefu) -> None:
    customer = Conversation(kefu, signed_in_as="wei")
    await customer.say("K6081003到哪了")
    await customer.say("气死我了，说好昨天到的！！")
    await customer.say("转人工")
    found = package(kefu, customer, "zh")
    assert (found["version"], found["language"], found["owner"], found["channel"]) == (VERSION, "zh", "queue", "rest")
    assert found["reason"]["text"] in ("客户要求人工", "客户情绪不满")
    assert found["reason"]["text"] not in found["because"], "said once"
    assert found["identity"] == {"is_proven": True, "text": "王伟（已登录）"}
    assert found["summary"][0] == "事由：track order"
    assert found["summary"][-1].startswith("机器人已答复：")
    assert any("气死我了" in line for line in found["summary"])
    assert {"slot": "recent_order", "name": "最近谈到的订单", "value": "#K6081003"} in found["collected"]
    assert [one["actions"] for one in found["tried"]][:1] == [["action_track_order"]]
    assert "运输中" in found["tried"][0]["text"]
    moods = [one["score"] for one in found["sentiment"]]
    assert len(moods) == 3 and min(moods) == moods[1] < -0.3
    assert "#K6081003" in [order["order_number"] for order in found["orders"]]
    assert found["customer"]["name"] == "王伟"
    transcript = [(one["role"], one["text"]) for one in found["transcript"]]
    assert transcript[0] == ("user", "K6081003到哪了")
    assert found["transcript"][0]["intent"] == "track_order" and found["transcript"][0]["confidence"] > 0.5
    assert found["handoff"]["intent"] == "track_order"
    assert found["note"] is None


async def test_articles_and_replies_are_about_what_was_said_last_in_the_customers_language(kefu: Kefu) -> None:
    customer = Conversation(kefu)
    await customer.say("hello")
    await customer.say("how long do I have to return something?")
    await customer.say("a person please")
    found = package(kefu, customer, "zh")
    assert found["language"] == "en"
    assert "return" in found["articles"][0]["text"].casefold()
    assert found["articles"][0]["url"].endswith("?lang=en")
    assert found["suggested_replies"][0] == found["articles"][0]["text"]
    assert "{" not in found["suggested_replies"][0], "the shop's facts are filled in"
    assert found["identity"] == {"is_proven": False, "text": "顾客身份未验证"}
    assert any("/articles/" in one["text"] and one["sources"] for one in found["transcript"]) or all(
        not one["sources"] for one in found["transcript"]
    )


async def test_it_is_as_new_as_the_conversation(kefu: Kefu) -> None:
    customer = Conversation(kefu, signed_in_as="ann")
    await customer.say("a person please")
    with kefu.database.writing() as connection:
        anna = agents.add(connection, "Anna", "anna@shop.example", time.time())
        connection.commit()
    conversation_id = customer.conversation_id
    await kefu.turns.change(conversation_id, lambda unit: kefu.desk.say(unit, conversation_id, anna.id, None, "hello!"))
    await customer.say("my lamp from order K1234567 flickers")
    found = package(kefu, customer)
    assert [(one["role"], one["agent"]) for one in found["transcript"] if one["role"] == "agent"] == [("agent", "Anna")]
    assert found["handoff"]["agent_id"] == anna.id
    assert any("flickers" in line for line in found["summary"])
    await kefu.turns.change(
        conversation_id, lambda unit: kefu.desk.hand_back(unit, conversation_id, anna.id, None, "sent a bulb")
    )
    after = package(kefu, customer)
    assert (after["owner"], after["note"], after["handoff"]["ended_as"]) == ("bot", "sent a bulb", "bot")


async def test_after_a_hand_back_the_bot_knows_the_order_that_was_spoken_of(kefu: Kefu) -> None:
    """It asks neither who the customer is nor which order again."""
    customer = Conversation(kefu, signed_in_as="wei")
    await customer.say("转人工")
    with kefu.database.writing() as connection:
        anna = agents.add(connection, "安娜", "anna@shop.example", time.time())
        connection.commit()
    conversation_id = customer.conversation_id
    await kefu.turns.change(
        conversation_id, lambda unit: kefu.desk.say(unit, conversation_id, anna.id, None, "您好，是哪个订单？")
    )
    await customer.say("K6081003")
    await kefu.turns.change(conversation_id, lambda unit: kefu.desk.hand_back(unit, conversation_id, anna.id, None))
    assert customer.slots()["recent_order"] == "#K6081003"
    assert "K6081003" in await customer.say("到哪了")


async def test_a_visitor_need_not_name_the_order_again_either(kefu: Kefu) -> None:
    visitor = Conversation(kefu)
    await visitor.say("转人工")
    with kefu.database.writing() as connection:
        anna = agents.add(connection, "安娜", "anna@shop.example", time.time())
        connection.commit()
    conversation_id = visitor.conversation_id
    await kefu.turns.change(
        conversation_id, lambda unit: kefu.desk.say(unit, conversation_id, anna.id, None, "您好，是哪个订单？")
    )
    await visitor.say("#K6081003")
    await kefu.turns.change(conversation_id, lambda unit: kefu.desk.hand_back(unit, conversation_id, anna.id, None))
    asked = await visitor.say("我的包裹到哪了")
    assert visitor.slots()["order_number"] == "#K6081003"
    assert "邮箱" in asked and "订单号" not in asked, "only the other half of the proof"


async def test_what_a_handoff_asks_of_people_is_read_off_the_conversation(kefu: Kefu) -> None:
    customer = Conversation(kefu, signed_in_as="ann")
    await customer.say("where is my parcel?")
    answer = await customer.say("a person please")
    assert "[Stay with the bot]" in answer
    with kefu.database.read() as connection:
        handoff = rows.of_conversation(connection, customer.conversation_id)
    assert handoff is not None
    assert handoff.customer_id == "ann"
    assert handoff.ticket_number and handoff.ticket_number in answer
    assert (handoff.intent, handoff.skills[0]) == ("track_order", "track_order")
    assert "back" in await customer.say("I'd rather go on with the bot")
    with kefu.database.read() as connection:
        ended = rows.latest(connection, customer.conversation_id)
    assert ended is not None and (ended.state, customer.owner()) == ("bot", "bot")
