"""Complaint 3. However late a status comes and however often somebody asks, each line is said once."""

import asyncio

from bot.database import Database
from bot.handoff.outside import Outside
from tests.bot.handoff.shop_floor import Floor


async def test_asking_twice_is_answered_once(floor: Floor) -> None:
    await floor.says("person")
    await floor.says("person")
    assert floor.told() == ["bot: You said person"]
    assert floor.steps() == ["request"]


async def test_asking_twice_at_the_same_moment_in_two_processes(either_database: Database) -> None:
    here, there = Floor(either_database), Floor(either_database)
    here._count = 100
    await asyncio.gather(*(floor.says("person") for floor in (here, there) for _ in range(3)))
    assert here.told() == ["bot: You said person"]
    assert here.rows("SELECT COUNT(*) FROM handoffs") == [(1,)]
    await asyncio.gather(here.turns.close(), there.turns.close())


async def test_a_status_webhook_that_comes_late_and_again_changes_nothing(floor: Floor) -> None:
    people = Outside(floor.desk, "chatwoot")
    await floor.says("person")
    for _ in range(3):
        await floor.turns.change("rest:ann", lambda unit: people.move(unit, "rest:ann", "agent", "Kim"))
        floor.delivers()
    assert sum("Kim has joined" in line for line in floor.told()) == 1
    for _ in range(3):
        await floor.turns.change("rest:ann", lambda unit: people.move(unit, "rest:ann", "resolved", "Kim"))
        floor.delivers()
    assert sum("Kim has closed this conversation" in line for line in floor.told()) == 1
    assert floor.steps() == ["request", "take", "resolve"]


async def test_two_who_take_at_once_are_one(either_database: Database) -> None:
    """Real threads of two processes: exactly one wins, the other hears who."""
    here, there = Floor(either_database), Floor(either_database)
    anna, ben = here.agent("Anna", capacity=50), here.agent("Ben", capacity=50)
    for number in range(15):
        sender = f"ann{number}"
        await here.says("person", sender=sender)
        seen = here.epoch(sender)
        results = await asyncio.gather(
            here.does_at(seen, here.desk.take, anna, sender=sender),
            there.does_at(seen, there.desk.take, ben, sender=sender),
            return_exceptions=True,
        )
        [refused] = [one for one in results if isinstance(one, BaseException)]
        [taken] = [one for one in results if not isinstance(one, BaseException)]
        winner = {anna.id: "Anna", ben.id: "Ben"}[taken.agent_id]
        assert f"{winner} has this conversation now" in str(refused)
        assert [line for line in here.told(sender) if "joined" in line] == [f"bot: {winner} has joined the chat."]
    await asyncio.gather(here.turns.close(), there.turns.close())
