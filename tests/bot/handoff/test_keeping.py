"""What the clock does: offers, lapses, escalations, giving up, waking, ending wrap-ups, freeing what was deserted."""

import asyncio
from contextlib import suppress

import pytest

from bot.conversation.schema import conversations
from bot.database import Database
from bot.handoff.schema import handoffs
from bot.problem import Problem
from tests.bot.handoff.shop_floor import Clock, Floor, night_contact


async def test_what_waits_is_offered_to_somebody_who_is_there(floor: Floor) -> None:
    floor.agent("Zoe", is_there=False)
    anna = floor.agent("Anna")
    await floor.says("person")
    assert await floor.keeper.round() == 1
    handoff = floor.handoff()
    assert (handoff.state, handoff.offered_to) == ("offered", anna.id)
    assert handoff.epoch == floor.epoch() == 1, "an offer takes nothing from anybody"
    because = [(why["about"], why["en"]) for why in handoff.because]
    assert ("reason", "asked for a person") in because
    assert ("agent", "Anna has 0 of 4 conversations in hand") in because
    assert await floor.keeper.round() == 0, "nothing more is due"


async def test_an_offer_that_lapses_goes_to_the_next_one_and_not_back(floor: Floor) -> None:
    people = {floor.agent("Anna").id, floor.agent("Ben").id}
    await floor.says("person")
    await floor.keeper.round()
    first = floor.handoff().offered_to
    floor.passes(46)
    await floor.keeper.round()
    assert floor.handoff().state == "requested"
    await floor.keeper.round()
    second = floor.handoff().offered_to
    assert {first, second} == people
    assert floor.steps() == ["request", "offer", "expire", "offer"]


async def test_what_another_process_has_seen_to_is_not_done_again(floor: Floor) -> None:
    """Else a second process takes back the offer that the first has just made to the next one."""
    floor.agent("Anna"), floor.agent("Ben")
    await floor.says("person")
    await floor.keeper.round()
    floor.passes(46)
    seen_by_another = floor.keeper.due()
    await floor.keeper.round()
    await floor.keeper.round()
    offered_to = floor.handoff().offered_to
    for due in seen_by_another:
        with pytest.raises(Problem):
            await floor.turns.change(due.conversation_id, due.step)
    assert (floor.handoff().state, floor.handoff().offered_to) == ("offered", offered_to)
    floor.passes(301)
    await floor.keeper.round()
    seen_by_another = floor.keeper.due()
    for due in seen_by_another * 2:
        with suppress(Problem):
            await floor.turns.change(due.conversation_id, due.step)
    assert floor.steps().count("escalate") == 1


async def test_a_declined_offer_goes_to_the_next_one(floor: Floor) -> None:
    anna, ben = floor.agent("Anna", skills=("say",)), floor.agent("Ben")
    await floor.says("person")
    await floor.keeper.round()
    assert floor.handoff().offered_to == anna.id, "knows about the matter"
    await floor.does(floor.desk.decline, anna)
    await floor.keeper.round()
    assert floor.handoff().offered_to == ben.id


async def test_what_nobody_takes_is_offered_to_supervisors_and_in_the_end_the_customer_hears_it(floor: Floor) -> None:
    anna, sam = floor.agent("Anna"), floor.agent("Sam", role="supervisor")
    await floor.says("person")
    await floor.keeper.round()
    assert floor.handoff().offered_to == anna.id
    floor.passes(301)
    for _ in range(3):
        await floor.keeper.round()
    handoff = floor.handoff()
    assert handoff.escalated_at is not None
    assert handoff.offered_to in (anna.id, sam.id)
    floor.passes(46)
    for _ in range(2):
        await floor.keeper.round()
    assert {floor.handoff().offered_to, handoff.offered_to} == {anna.id, sam.id}
    floor.passes(1800)
    await floor.keeper.round()
    floor.delivers()
    assert (floor.handoff().state, floor.owner()) == ("failed", "bot")
    assert "none of my colleagues has become free" in floor.told()[-1]
    assert "phone number or an e-mail" in floor.told()[-1]
    assert await floor.says("hello") == ["You said hello"], "the customer is not left alone"


async def test_who_has_left_a_number_is_not_asked_for_it_again(floor: Floor) -> None:
    await floor.says("person")
    with floor.database.writing() as connection:
        connection.exec_driver_sql("UPDATE handoffs SET call_back = '+1 503 555 0142'")
        connection.commit()
    floor.passes(1801)
    await floor.keeper.round()
    assert floor.stream()[-1].endswith("get back to you at +1 503 555 0142; until then I'm here for anything I can do.")


async def test_nobody_is_blamed_for_the_night(database: Database) -> None:
    floor = Floor(database, night_contact())
    await floor.says("person")
    floor.passes(8 * 3600)
    await floor.keeper.round()
    assert floor.handoff().state == "requested", "it waits for the morning"
    anna = floor.agent("Anna")
    await floor.keeper.round()
    assert floor.handoff().offered_to == anna.id, "whoever is there may take it all the same"
    await floor.turns.close()


async def test_full_hands_are_offered_nothing(floor: Floor) -> None:
    anna = floor.agent("Anna", capacity=1)
    for customer in ("ann", "bob"):
        await floor.says("person", sender=customer)
    await floor.keeper.round()
    await floor.keeper.round()
    states = {sender: floor.handoff(sender).state for sender in ("ann", "bob")}
    assert sorted(states.values()) == ["offered", "requested"]
    assert floor.handoff("ann").offered_to == anna.id, "first come, first served"


async def test_who_is_asked_about_one_is_asked_about_the_next_one_when_they_have_answered(floor: Floor) -> None:
    """Else the offers of somebody who has just signed in lapse while they read the first."""
    anna = floor.agent("Anna")
    customers = ["ann", "bob", "cyd", "dee"]
    for customer in customers:
        await floor.says("person", sender=customer)
        floor.passes(1)

    async def asked_about() -> list[str]:
        while await floor.keeper.round():
            pass
        return [sender for sender in customers if floor.handoff(sender).offered_to == anna.id]

    assert await asked_about() == ["ann"]
    await floor.does(floor.desk.take, anna, sender="ann")
    assert await asked_about() == ["bob"]
    await floor.does(floor.desk.decline, anna, sender="bob")
    assert await asked_about() == ["cyd"]
    floor.passes(46)
    assert await asked_about() == ["dee"], "she has said no to one and let the other lapse"


async def test_who_waits_longest_is_offered_first_however_many_come_later(floor: Floor) -> None:
    anna = floor.agent("Anna", capacity=50)
    taken = []
    for number in range(12):
        for customer in (f"early{number}", f"late{number}"):
            await floor.says("person", sender=customer)
            floor.passes(1)
        await floor.keeper.round()
        [(conversation_id,)] = floor.rows("SELECT conversation_id FROM handoffs WHERE state = 'offered'")
        taken.append(str(conversation_id).removeprefix("rest:"))
        await floor.does(floor.desk.take, anna, sender=taken[-1])
    asked = floor.rows("SELECT conversation_id FROM handoffs ORDER BY queued_at")
    assert taken == [str(row[0]).removeprefix("rest:") for row in asked[:12]]


async def test_who_has_an_offer_before_them_may_be_handed_a_colleagues_conversation(floor: Floor) -> None:
    """The colleague chose them, perhaps by a word across the table; the clock adds nothing to it."""
    anna, ben = floor.agent("Anna"), floor.agent("Ben")
    await floor.says("person", sender="ann")
    await floor.does(floor.desk.take, anna, sender="ann")
    floor.leaves(anna)
    await floor.says("person", sender="bob")
    await floor.keeper.round()
    await floor.does(floor.desk.transfer, anna, ben.id, sender="ann")
    await floor.says("person", sender="cyd")
    assert await floor.keeper.round() == 0
    assert [floor.handoff(sender).offered_to for sender in ("ann", "bob", "cyd")] == [ben.id, ben.id, None]


async def test_several_processes_offer_a_conversation_once_and_an_agent_one_at_a_time(
    either_database: Database,
) -> None:
    floors = [Floor(either_database) for _ in range(3)]
    here = floors[0]
    anna, _ben = here.agent("Anna", capacity=3), here.agent("Ben", capacity=3)
    for number in range(6):
        await here.says("person", sender=f"ann{number}")
    for _ in range(3):
        await asyncio.gather(*(floor.keeper.round() for floor in floors for _ in range(3)))
        offered = here.rows("SELECT offered_to, conversation_id FROM handoffs WHERE state = 'offered'")
        assert len({agent for agent, _ in offered}) == len(offered) == 2, "two people, two offers"
        sender = str(dict(offered)[anna.id]).removeprefix("rest:")
        await here.does(here.desk.take, anna, sender=sender)
    await asyncio.gather(*(floor.keeper.round() for floor in floors))
    offers = here.rows("SELECT conversation_id FROM handoff_events WHERE kind = 'offer'")
    assert len(offers) == len(set(offers)) == 4, "three taken by Anna, whose hands are full now; one before Ben"
    await asyncio.gather(*(floor.turns.close() for floor in floors))


async def test_what_is_snoozed_wakes_in_time(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    await floor.does(floor.desk.snooze, anna, floor.clock() + 3600)
    floor.passes(3599)
    assert await floor.keeper.round() == 0
    floor.passes(2)
    assert await floor.keeper.round() == 1
    assert (floor.handoff().state, floor.handoff().agent_id) == ("agent", anna.id)


async def test_a_wrap_up_ends_by_itself(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    await floor.does(floor.desk.wrap_up, anna)
    floor.passes(599)
    assert await floor.keeper.round() == 0
    floor.passes(2)
    await floor.keeper.round()
    assert (floor.handoff().state, floor.owner()) == ("resolved", "bot")


async def test_a_customer_whose_agent_has_gone_is_looked_after_by_somebody_else(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    await floor.does(floor.desk.say, anna, "one moment")
    floor.leaves(anna)
    floor.passes(3600)
    assert await floor.keeper.round() == 0, "nothing is asked of anybody"
    await floor.says("are you still there?")
    floor.passes(301)
    await floor.keeper.round()
    assert floor.handoff().state == "requested"
    ben = floor.agent("Ben")
    await floor.keeper.round()
    assert floor.handoff().offered_to == ben.id


async def test_who_takes_somebody_that_has_waited_long_has_time_to_answer(floor: Floor) -> None:
    sam = floor.agent("Sam")
    floor.leaves(sam)  # takes it from somewhere else than the console
    await floor.says("person")
    floor.passes(1200)
    await floor.does(floor.desk.take, sam)
    await floor.keeper.round()
    assert floor.handoff().state == "agent"
    floor.passes(301)
    await floor.keeper.round()
    assert floor.handoff().state == "requested"


async def test_an_offer_to_somebody_who_just_left_is_not_made(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    [due] = floor.keeper.due()
    floor.leaves(anna)
    with pytest.raises(Problem, match="cannot be offered"):
        await floor.turns.change("rest:ann", due.step)
    assert floor.handoff().state == "requested"


async def test_who_says_no_is_not_asked_again_by_another_process_that_looked_before(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    [seen_by_another] = floor.keeper.due()
    await floor.keeper.round()
    await floor.does(floor.desk.decline, anna)
    with pytest.raises(Problem, match="cannot be offered"):
        await floor.turns.change("rest:ann", seen_by_another.step)
    assert floor.handoff().state == "requested"


async def test_nobody_is_given_up_while_somebody_is_asked(floor: Floor) -> None:
    floor.agent("Anna")
    await floor.says("person")
    floor.passes(1795)
    while await floor.keeper.round():
        pass
    assert floor.handoff().state == "offered"
    floor.passes(10)
    assert await floor.keeper.round() == 0, "they may say yes at this moment"
    floor.passes(40)
    await floor.keeper.round()
    assert floor.handoff().state == "failed"


async def test_after_a_start_people_have_time_to_come_back(floor: Floor) -> None:
    """Else a restart takes every conversation from agents whose consoles are just connecting again."""
    anna = floor.agent("Anna")
    for customer in ("ann", "bob"):
        await floor.says("person", sender=customer)
    await floor.does(floor.desk.take, anna, sender="ann")
    await floor.says("are you there?", sender="ann")
    floor.clock.now += 3600  # nothing runs, nobody is seen
    again = Floor(floor.database, clock=Clock(floor.clock()))
    while await again.keeper.round():
        pass
    assert (again.handoff("ann").state, again.handoff("bob").state) == ("agent", "requested")
    again.passes(91)  # Anna is back, and had time to show it
    await again.keeper.round()
    assert again.handoff("ann").state == "agent"
    again.leaves(anna)
    again.clock.now += 91
    await again.keeper.round()
    assert again.handoff("ann").state == "requested"
    await again.turns.close()


async def test_a_clock_that_jumps_makes_nobody_gone(floor: Floor) -> None:
    """A machine that slept, or whose time was wrong."""
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    await floor.says("are you there?")
    floor.steady = Clock(floor.clock())
    assert await floor.keeper.round() == 0
    floor.clock.now += 3600
    assert await floor.keeper.round() == 0
    assert floor.handoff().state == "agent"
    for clock in (floor.clock, floor.steady):
        clock.now += 91
    assert await floor.keeper.round() == 1
    assert floor.handoff().state == "requested", "she did not come back"


async def test_a_conversation_that_cannot_be_offered_keeps_no_other_waiting(floor: Floor) -> None:
    floor.agent("Anna"), floor.agent("Ben")
    for customer in ("ann", "bob"):
        await floor.says("person", sender=customer)
        floor.passes(1)
    with floor.database.writing() as connection:
        connection.exec_driver_sql("UPDATE conversations SET snapshot = 'broken' WHERE id = 'rest:ann'")
        connection.commit()
    with pytest.raises(ValueError, match=r"."):
        await floor.keeper.round()
    assert (floor.handoff("ann").state, floor.handoff("bob").state) == ("requested", "offered")


async def test_what_is_set_aside_for_months_does_not_stand_before_those_who_wait(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person", sender="old")
    await floor.does(floor.desk.take, anna, sender="old")
    await floor.does(floor.desk.snooze, anna, floor.clock() + 30 * 86400, sender="old")
    with floor.database.writing() as connection:
        copy = connection.exec_driver_sql("SELECT * FROM handoffs").mappings().one()
        whose = connection.exec_driver_sql("SELECT * FROM conversations WHERE id = 'rest:old'").mappings().one()
        for number in range(1001):
            connection.execute(conversations.insert().values({**whose, "id": f"rest:old{number}"}))
            row = {name: value for name, value in copy.items() if name != "id"}
            connection.execute(handoffs.insert().values({**row, "conversation_id": f"rest:old{number}"}))
        connection.commit()
    floor.passes(60)
    await floor.says("person", sender="new")
    await floor.keeper.round()
    assert floor.handoff("new").offered_to == anna.id
