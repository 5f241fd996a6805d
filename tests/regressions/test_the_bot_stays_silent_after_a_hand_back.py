"""Complaint 4. After a hand back the bot is there, says so, and knows what was said meanwhile."""

import asyncio

from bot.database import Database
from tests.bot.handoff.shop_floor import Floor


async def test_the_bot_says_that_it_is_back_and_answers(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    await floor.says("my order broke")
    await floor.does(floor.desk.say, anna, "I have sent a new one")
    await floor.does(floor.desk.hand_back, anna, "replacement sent")
    assert "I'm back: Anna has handed over to me again" in floor.told()[-1]
    assert await floor.says("thanks, and one question") == ["You said thanks, and one question"]
    assert (floor.owner(), floor.handoff().note) == ("bot", "replacement sent")


async def test_the_record_holds_an_explicit_end_of_the_human_stretch(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.say, anna, "hello")
    await floor.does(floor.desk.hand_back, anna, "knows the price now")
    ends = [event for event in floor.events() if event["event"] == "resume"]
    assert [(end["by"], end["note"], end["handoff"]) for end in ends] == [
        ("Anna", "knows the price now", floor.handoff().id)
    ]
    assert not any("knows the price now" in line for line in floor.stream()), "a note is for colleagues"


async def test_handing_back_while_the_customer_writes(either_database: Database) -> None:
    """Whoever is first, the customer's next message is answered by the bot, and nothing is answered twice."""
    here, there = Floor(either_database), Floor(either_database)
    anna = there.agent("Anna", capacity=20)
    for number in range(10):
        sender = f"ann{number}"
        await here.says("person", sender=sender)
        await there.does(there.desk.take, anna, sender=sender)
        await asyncio.gather(
            here.says("are you there?", sender=sender), there.does(there.desk.hand_back, anna, sender=sender)
        )
        assert await here.says("hello", sender=sender) == ["You said hello"]
        answers = [line for line in here.told(sender) if line == "bot: You said are you there?"]
        assert len(answers) <= 1
        assert (here.owner(sender), here.handoff(sender).state) == ("bot", "bot")
    await asyncio.gather(here.turns.close(), there.turns.close())
