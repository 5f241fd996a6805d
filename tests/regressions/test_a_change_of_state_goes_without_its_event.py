"""Complaint 7. Whatever changes a conversation's state writes state, owner, epoch and event together."""

from bot.database import Database
from bot.handoff.states import OWNERS
from tests.bot.handoff.shop_floor import Floor


def agreed(floor: Floor) -> str:
    """The state, once all that tell of it have been found to agree."""
    handoff = floor.handoff()
    [(kind, after, epoch)] = floor.rows("SELECT kind, after, epoch FROM handoff_events ORDER BY id DESC LIMIT 1")
    assert after == handoff.state, kind
    assert floor.owner() == OWNERS[handoff.state], kind
    assert handoff.epoch == epoch == floor.epoch(), kind
    is_silent = floor.turns.trackers.read
    with floor.database.read() as connection:
        tracker = is_silent(connection, "rest:ann")
    assert tracker.paused == (floor.owner() != "bot"), kind
    assert tracker.waits_for_person == (floor.owner() == "queue"), kind
    return handoff.state


async def test_every_step_is_told_where_it_happens(either_database: Database) -> None:
    floor = Floor(either_database)
    anna, ben, desk = floor.agent("Anna"), floor.agent("Ben"), floor.desk
    states = []
    await floor.says("person")
    states.append(agreed(floor))
    await floor.keeper.round()
    states.append(agreed(floor))
    first, other = (anna, ben) if floor.handoff().offered_to == anna.id else (ben, anna)
    for work, agent, given in (
        (desk.decline, first, ()),
        (desk.take, other, ()),
        (desk.say, other, ("hello",)),
        (desk.snooze, other, (floor.clock() + 60,)),
        (desk.take, other, ()),
        (desk.wrap_up, other, ()),
        (desk.say, other, ("one more thing",)),
        (desk.transfer, other, (first.id,)),
        (desk.take, first, ()),
        (desk.resolve, first, ()),
    ):
        await floor.does(work, agent, *given)
        states.append(agreed(floor))
    assert states == [
        *("requested", "offered", "requested", "agent", "agent", "snoozed", "agent", "wrapup", "agent", "offered"),
        *("agent", "resolved"),
    ]
    assert floor.steps() == [
        *("request", "offer", "decline", "take", "answer", "snooze", "reopen", "wrap_up", "reopen", "transfer"),
        *("take", "resolve"),
    ]
    await floor.turns.close()


async def test_the_customers_own_steps_are_told_too(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    await floor.does(floor.desk.snooze, anna, floor.clock() + 60)
    await floor.says("hello?")
    assert agreed(floor) == "agent"
    assert floor.rows("SELECT actor FROM handoff_events WHERE kind = 'wake'") == [("customer",)]


async def test_what_the_api_does_is_told_too(floor: Floor) -> None:
    await floor.says("hello")
    for event, state in (({"event": "pause"}, "requested"), ({"event": "resume"}, "bot")):
        await floor.appends(event)
        assert agreed(floor) == state
    assert floor.steps() == ["request", "give_up"]
