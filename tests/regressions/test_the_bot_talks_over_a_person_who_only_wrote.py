"""Complaint 2. A person who writes has the conversation, whether or not they clicked "take" before."""

import asyncio

from bot.console.conversations import Conversations
from bot.database import Database
from tests.bot.handoff.shop_floor import Floor


async def test_writing_takes_the_conversation(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("hello")
    await floor.does(floor.desk.say, anna, "I saw your message")
    assert (floor.owner(), floor.handoff().state, floor.handoff().reason) == ("agent", "agent", "agent")
    assert floor.told()[-2:] == ["bot: Anna has joined the chat.", "agent: I saw your message"]
    assert await floor.says("oh, hi!") == []


async def test_writing_into_the_queue_takes_it_too(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.say, anna, "here I am")
    assert (floor.handoff().state, floor.handoff().agent_id) == ("agent", anna.id)


async def test_writing_over_the_api_takes_it_too(floor: Floor) -> None:
    await floor.says("hello")
    await floor.appends({"event": "agent", "text": "hello from our own tool", "agent": "Kim"})
    assert (floor.owner(), floor.handoff().state) == ("agent", "agent")
    assert await floor.says("who is that?") == []
    await floor.appends({"event": "resume"})
    assert (floor.owner(), floor.handoff().ended_as) == ("bot", "bot")


async def test_pausing_and_writing_in_one_is_one_taking(floor: Floor) -> None:
    await floor.says("hello")
    people = Conversations(floor.turns)
    events = [
        {"event": "pause", "timestamp": floor.clock()},
        {"event": "agent", "text": "hello from our own tool", "timestamp": floor.clock()},
    ]
    await floor.turns.change("rest:ann", lambda unit: people.append(unit, "rest:ann", events))
    assert (floor.owner(), floor.handoff().state, floor.steps()) == ("agent", "agent", ["request", "take"])


async def test_writing_while_the_bot_is_at_it(either_database: Database) -> None:
    here, there = Floor(either_database), Floor(either_database)
    anna = there.agent("Anna")
    await here.says("hello")
    here.is_watched = there.is_watched = False
    seen = there.epoch()
    await asyncio.gather(here.says("slow question"), there.does_at(seen, there.desk.say, anna, "let me look"))
    after = there.stream()[there.stream().index("agent: let me look") + 1 :]
    assert not [line for line in after if line.startswith("bot: ")]
    await asyncio.gather(here.turns.close(), there.turns.close())
