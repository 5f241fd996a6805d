"""Who is next, and how long it takes, said honestly."""

from bot.handoff import agents, queue
from tests.bot.handoff.shop_floor import Floor


def standing(floor: Floor, sender: str) -> tuple[int, float | None]:
    with floor.database.read() as connection:
        found = queue.standing(connection, f"rest:{sender}", floor.clock())
    return found.position, found.wait_seconds


async def test_first_come_first_served(floor: Floor) -> None:
    for sender in ("ann", "bob", "cyd"):
        await floor.says("person", sender=sender)
        floor.passes(1)
    assert [standing(floor, sender)[0] for sender in ("ann", "bob", "cyd", "new")] == [1, 2, 3, 4]


async def test_who_is_urgent_is_sooner_but_nobody_is_overtaken_for_good(floor: Floor) -> None:
    await floor.says("person", sender="ann")
    floor.passes(1)
    await floor.says("person", sender="bob")
    with floor.database.writing() as connection:
        connection.exec_driver_sql("UPDATE handoffs SET priority = 'urgent' WHERE conversation_id = 'rest:bob'")
        connection.commit()
    assert standing(floor, "bob")[0] == 1
    with floor.database.writing() as connection:
        connection.exec_driver_sql("UPDATE handoffs SET queued_at = queued_at - 900 WHERE conversation_id = 'rest:ann'")
        connection.commit()
    assert standing(floor, "ann")[0] == 1


async def test_nothing_is_said_about_time_where_too_little_is_known(floor: Floor) -> None:
    await floor.says("person")
    assert standing(floor, "ann") == (1, None), "nobody is there"
    floor.agent("Anna")
    assert standing(floor, "ann") == (1, None), "somebody is, but how fast?"


async def handled(floor: Floor, count: int, waited: float, took: float) -> None:
    """So many handoffs that waited and took so long."""
    anna = floor.agent("Anna", capacity=2)
    for number in range(count):
        sender = f"old{number}"
        await floor.says("person", sender=sender)
        floor.passes(waited)
        await floor.does(floor.desk.take, anna, sender=sender)
        floor.passes(took)
        await floor.does(floor.desk.resolve, anna, sender=sender)


async def test_with_a_free_hand_it_takes_as_long_as_it_lately_took(floor: Floor) -> None:
    await handled(floor, 5, waited=120, took=600)
    await floor.says("person")
    assert standing(floor, "ann") == (1, 120.0)


async def test_with_full_hands_somebody_must_be_done_first(floor: Floor) -> None:
    await handled(floor, 5, waited=120, took=600)
    [(agent_id,)] = floor.rows("SELECT id FROM agents")
    for sender in ("bob", "cyd"):
        await floor.says("person", sender=sender)
        with floor.database.read() as connection:
            anna = agents.get(connection, agent_id)
        await floor.does(floor.desk.take, anna, sender=sender)
    await floor.says("person", sender="ann")
    await floor.says("person", sender="eve")
    place, first = standing(floor, "ann")
    assert (place, first) == (1, 120 + 600 / 2)
    assert standing(floor, "eve") == (2, 120 + 2 * 600 / 2)


async def test_it_is_never_less_than_a_minute(floor: Floor) -> None:
    await handled(floor, 5, waited=2, took=60)
    assert standing(floor, "new") == (1, 60.0)


async def test_the_queue_can_be_narrowed(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person", sender="ann")
    await floor.says("person", sender="bob")
    await floor.does(floor.desk.take, anna, sender="bob")
    with floor.database.read() as connection:
        names = [one.conversation_id for one in queue.queue(connection)]
        mine = [one.conversation_id for one in queue.queue(connection, agent_id=anna.id)]
        chinese = queue.queue(connection, language="zh")
    assert (names, mine, chinese) == (["rest:ann", "rest:bob"], ["rest:bob"], [])
