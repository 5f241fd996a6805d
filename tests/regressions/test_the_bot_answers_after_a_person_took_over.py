"""Complaint 1. Whatever the bot was doing, once a person has the conversation it says nothing any more."""

import asyncio
from itertools import pairwise

from bot.database import Database
from bot.problem import Problem
from tests.bot.handoff.shop_floor import Floor

RACES = 12


async def test_the_bot_is_silent_once_a_person_has_it(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("hello")
    await floor.does(floor.desk.take, anna)
    for words in ("where is my order?", "person", "buy tea", "break"):
        assert await floor.says(words) == []
    assert floor.rows("SELECT COUNT(*) FROM ledger") == [(0,)], "and does nothing either"


async def test_a_reply_that_was_on_its_way_is_refused(floor: Floor) -> None:
    floor.is_watched = False
    anna = floor.agent("Anna")
    await floor.says("hello")
    await floor.does(floor.desk.take, anna)
    assert floor.told() == ["bot: Anna has joined the chat."]
    assert floor.rows("SELECT status FROM outbox WHERE seq = 2") == [("refused",)]


async def test_taking_while_the_bot_is_at_it(either_database: Database) -> None:
    """An agent of another process clicks "take" while a slow turn runs: never a word of the bot's afterwards."""
    here, there = Floor(either_database), Floor(either_database)
    anna = there.agent("Anna", capacity=RACES)
    for number in range(RACES):
        sender = f"ann{number}"
        await here.says("hello", sender=sender)
        here.is_watched = there.is_watched = False
        await asyncio.gather(here.says("slow question", sender=sender), takes_after(there, anna, sender, 0.02 * number))
        after = there.stream(sender)[there.stream(sender).index("bot: Anna has joined the chat.") + 1 :]
        assert not [line for line in after if line.startswith("bot: ")], there.stream(sender)
        assert (there.owner(sender), there.handoff(sender).state) == ("agent", "agent")
        assert await here.says("and now?", sender=sender) == []
    seqs = here.rows("SELECT conversation_id, seq FROM outbox ORDER BY conversation_id, seq")
    assert all(one != other for one, other in pairwise(seqs))
    await asyncio.gather(here.turns.close(), there.turns.close())


async def takes_after(floor: Floor, agent: object, sender: str, seconds: float) -> None:
    """Clicks when the page shows the conversation; and again, as one does, where it has changed meanwhile."""
    await asyncio.sleep(seconds)
    while True:
        try:
            await floor.does(floor.desk.take, agent, sender=sender)  # type: ignore[arg-type]
        except Problem as problem:
            assert problem.title == "Changed", problem
        else:
            return
