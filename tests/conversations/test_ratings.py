"""The question "how was it?" in whole conversations; nothing else is suggested at their end."""

import time

import pytest
from sqlalchemy import text

from bot.assembly import Kefu
from bot.conversation import outbox
from bot.handoff import agents
from bot.rating.asking import ask_about_person
from knowledge.next_best_action import Action
from tests.actions.service.fixed_policy import prefer
from tests.conversations.conversation import Conversation

ORDERS = {"en": ("bea", "where is my order K4060001?"), "zh": ("na", "我的订单K7093004到哪了")}
QUESTION = {"en": "how did I do today", "zh": "打个分"}


@pytest.fixture
def bot(kefu: Kefu) -> Kefu:
    with kefu.database.transaction() as session:
        prefer(session, Action.SOLVE_ONLY)
    return kefu


async def served(bot: Kefu, language: str = "en") -> Conversation:
    customer, request = ORDERS[language]
    conversation = Conversation(bot, customer)
    assert QUESTION[language] not in await conversation.say(request)
    return conversation


def kept(bot: Kefu) -> list[tuple[object, ...]]:
    query = text("SELECT handoff_id, score, comment FROM ratings ORDER BY id")
    with bot.database.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


async def test_a_score_and_a_word_beside_it_are_kept(bot: Kefu) -> None:
    bea = await served(bot)
    asked = await bea.say("great, thank you")
    assert "how did I do today" in asked
    assert "[1 · bad] [2 · poor] [3 · okay] [4 · good] [5 · great]" in asked
    assert "good to hear" in await bea.say("4")
    assert "put that down" in await bea.say("answers could be a bit shorter")
    assert kept(bot) == [(None, 4, "answers could be a bit shorter")]
    assert "how did I do" not in await bea.say("thanks, bye"), "not twice in a day"


async def test_in_chinese_a_numeral_will_do(bot: Kefu) -> None:
    na = await served(bot, "zh")
    assert "[5 分 非常满意]" in await na.say("好的，谢谢")
    assert "谢谢您的肯定" in await na.say("五")
    assert "记下了" in await na.say("回复很快，挺好的")
    assert kept(bot) == [(None, 5, "回复很快，挺好的")]


async def test_who_says_what_was_bad_after_a_low_score_opens_no_complaint(bot: Kefu) -> None:
    na = await served(bot, "zh")
    await na.say("谢谢，再见")
    assert "如实" in await na.say("不满意")
    assert "记下了" in await na.say("机器人回答得太死板了")
    assert kept(bot) == [(None, 2, "机器人回答得太死板了")]


async def test_a_request_instead_of_an_answer_is_a_request_and_a_later_number_no_score(bot: Kefu) -> None:
    bea = await served(bot)
    assert "how did I do today" in await bea.say("thanks, bye")
    assert "30 days" in await bea.say("what is your return policy?")
    assert "good to hear" not in await bea.say("5")
    assert kept(bot) == [(None, None, None)]
    assert "good to hear" in await bea.say("5 stars"), "that cannot be meant otherwise"


async def test_a_request_instead_of_a_comment_is_a_request(bot: Kefu) -> None:
    bea = await served(bot)
    await bea.say("thanks")
    assert "honestly" in await bea.say("terrible")
    assert "#K4060001" in await bea.say("where is my order K4060001?")
    assert kept(bot) == [(None, 1, None)]


async def test_what_went_wrong_is_kept_also_where_it_reads_like_a_request(bot: Kefu) -> None:
    bea = await served(bot)
    await bea.say("thanks")
    assert "honestly" in await bea.say("2 · poor")
    await bea.say("my parcel K4060001 was very late")
    assert kept(bot) == [(None, 2, "my parcel K4060001 was very late")]


async def test_another_answer_puts_the_first_right(bot: Kefu) -> None:
    bea = await served(bot)
    await bea.say("thank you!")
    await bea.say("2/5")
    assert "changed it to 5" in await bea.say("5/5")
    assert "good day" in await bea.say("no")
    assert kept(bot) == [(None, 5, None)]


async def test_nobody_is_asked_after_nothing_was_done_or_in_anger(bot: Kefu) -> None:
    visitor = Conversation(bot)
    await visitor.say("hello")
    assert "how did I do" not in await visitor.say("thank you, bye")
    bea = await served(bot)
    await bea.say("this is absolutely outrageous, you are the worst shop ever")
    assert "how did I do" not in await bea.say("bye")
    assert kept(bot) == []


async def test_after_a_person_the_answer_is_about_the_person(bot: Kefu) -> None:
    bea = await served(bot)
    with bot.database.writing() as connection:
        asked = ask_about_person(connection, bea.conversation_id, 7, 1, "en", "Anna", time.time())
        again = ask_about_person(connection, bea.conversation_id, 8, 1, "en", "Anna", time.time())
        connection.commit()
    assert asked is not None
    assert "your chat with Anna" in str(asked.text)
    assert again is None
    assert "good to hear" in await bea.say("great!")
    assert kept(bot) == [(7, 5, None)]


async def test_whom_a_person_has_served_is_asked_about_them_and_answers(bot: Kefu) -> None:
    with bot.database.writing() as connection:
        anna = agents.add(connection, "Anna", "anna@shop.example", time.time())
        connection.commit()
    na = await served(bot, "zh")
    await na.say("转人工")
    held = await bot.turns.change(
        na.conversation_id, lambda unit: bot.desk.take(unit, na.conversation_id, anna.id, None)
    )
    await bot.turns.change(na.conversation_id, lambda unit: bot.desk.resolve(unit, na.conversation_id, anna.id, None))
    with bot.database.read() as connection:
        said = [line.message for line in outbox.stream(connection, na.conversation_id, 0)]
    assert "Anna 这次的服务您满意吗" in str(said[-1].text)
    assert len(said[-1].buttons) == 5
    assert "谢谢您的肯定" in await na.say("5分")
    assert kept(bot) == [(held.id, 5, None)]


async def test_with_a_person_nothing_is_heard_as_a_score(bot: Kefu) -> None:
    bea = await served(bot)
    await bea.say("thanks")
    await bea.say("I want to talk to a human agent")
    assert bea.owner() == "queue"
    await bea.say("5 stars")
    assert kept(bot) == [(None, None, None)]
