"""Complaint 6. Who answers when a customer writes again after "resolved" is the shop's to say."""

from bot.database import Database
from tests.bot.handoff.shop_floor import Floor


async def resolved(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.say, anna, "done!")
    await floor.does(floor.desk.resolve, anna)


async def test_to_the_bot(floor: Floor) -> None:
    await resolved(floor)
    assert await floor.says("one more thing") == ["You said one more thing"]
    assert floor.owner() == "bot"


async def test_or_to_the_same_person_again(database: Database) -> None:
    floor = Floor(database, handoff_reopened="agent")
    await resolved(floor)
    floor.agent("Aaron")
    [told] = await floor.says("it broke again")
    assert "handing you over to a colleague" in told
    handoff = floor.handoff()
    assert (handoff.state, handoff.reason, floor.owner()) == ("requested", "reopened", "queue")
    await floor.keeper.round()
    [(name,)] = floor.rows("SELECT name FROM agents WHERE id = :id", id=floor.handoff().offered_to)
    assert name == "Anna", "who knows the matter"
    await floor.turns.close()


async def test_also_where_they_come_back_with_nothing_but_a_picture(database: Database) -> None:
    """They are told who has it now, and the record holds why the bot fell silent."""
    floor = Floor(database, handoff_reopened="agent")
    await resolved(floor)
    [told] = await floor.says("", problem="files")
    assert "handing you over to a colleague" in told
    assert (floor.handoff().state, floor.handoff().reason, floor.owner()) == ("requested", "reopened", "queue")
    assert "pause" in [event["event"] for event in floor.events()][-5:]
    await floor.turns.close()


async def test_but_only_for_so_long(database: Database) -> None:
    floor = Floor(database, handoff_reopened="agent", handoff_reopen_hours=24)
    await resolved(floor)
    floor.passes(24 * 3600 + 1)
    assert await floor.says("hello") == ["You said hello"]
    await floor.turns.close()


async def test_and_not_after_a_hand_back(database: Database) -> None:
    floor = Floor(database, handoff_reopened="agent")
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    await floor.does(floor.desk.hand_back, anna)
    assert await floor.says("hello") == ["You said hello"]
    await floor.turns.close()
