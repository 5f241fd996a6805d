"""What agents do at the desk: each operation, what the customer hears of it, and who is refused."""

from datetime import UTC, datetime

import pytest

from bot.conversation.forgetting import forget_conversations
from bot.handoff import agents
from bot.handoff.states import ENDS, MOVES, OPEN, OWNERS
from bot.messages import UserMessage
from bot.problem import Problem
from knowledge.profiles.schema import ProfileRow
from tests.bot.handoff.shop_floor import Floor


async def test_asking_for_a_person_makes_a_handoff_in_the_same_transaction(floor: Floor) -> None:
    await floor.says("person")
    handoff = floor.handoff()
    assert (handoff.state, handoff.reason, handoff.channel, handoff.language) == ("requested", "asked", "rest", "en")
    assert (floor.owner(), handoff.epoch, floor.epoch()) == ("queue", 1, 1)
    assert [why["en"] for why in handoff.because] == ["asked for a person"]
    assert floor.steps() == ["request"]


async def test_an_agent_takes_answers_and_resolves(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    taken = await floor.does(floor.desk.take, anna)
    assert (taken.state, taken.agent_id, floor.owner()) == ("agent", anna.id, "agent")
    answered, lines = await floor.does(floor.desk.say, anna, "Hello, Anna here")
    assert answered.first_answer_at is not None
    assert lines[0].role == "agent"
    await floor.says("thanks")
    resolved = await floor.does(floor.desk.resolve, anna, note="sent a new one")
    assert (resolved.state, resolved.ended_as, resolved.note, floor.owner()) == (
        "resolved",
        "resolved",
        "sent a new one",
        "bot",
    )
    told = floor.told()
    assert told[:4] == [
        "bot: You said person",
        "bot: Anna has joined the chat.",
        "agent: Hello, Anna here",
        "bot: Anna has closed this conversation. If anything else comes up, just write here.",
    ]
    assert "how was your chat with Anna" in told[4]
    assert await floor.says("hello") == ["You said hello"]
    assert floor.steps() == ["request", "take", "answer", "resolve"]


async def test_the_notices_are_marked_as_such(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    [(body,)] = floor.rows("SELECT body FROM outbox WHERE role = 'bot' AND seq = 3")
    assert '"notice":"joined"' in body
    [(agent_id,)] = floor.rows("SELECT agent_id FROM outbox WHERE seq = 3")
    assert agent_id is None, "the bot says it"
    await floor.does(floor.desk.say, anna, "hi")
    assert floor.rows("SELECT agent_id FROM outbox WHERE role = 'agent'") == [(anna.id,)]


async def test_a_chinese_customer_is_told_in_chinese(floor: Floor) -> None:
    anna = floor.agent("安娜")
    await floor.says("person")
    await floor.says("我要人工")
    await floor.does(floor.desk.take, anna)
    await floor.does(floor.desk.hand_back, anna)
    assert "bot: 安娜 已接入，为您服务。" in floor.told()
    assert any("我回来了：安娜 已把后续交给我" in line for line in floor.told())


async def test_who_acts_on_what_they_no_longer_see_is_told_who_has_it(floor: Floor) -> None:
    anna, ben = floor.agent("Anna"), floor.agent("Ben")
    await floor.says("person")
    seen = floor.epoch()
    await floor.does(floor.desk.take, anna)
    for work, given in (
        (floor.desk.take, ()),
        (floor.desk.say, ("mine?",)),
        (floor.desk.hand_back, ()),
        (floor.desk.resolve, ()),
        (floor.desk.transfer, ()),
        (floor.desk.snooze, (floor.clock() + 60,)),
        (floor.desk.wrap_up, ()),
    ):
        with pytest.raises(Problem) as refused:
            await floor.does_at(seen, work, ben, *given)
        assert (refused.value.status, refused.value.title) == (409, "Taken")
        assert "Anna has this conversation now" in refused.value.detail
        with pytest.raises(Problem) as refused:
            await floor.does(work, ben, *given)
        assert refused.value.status == 409, "with the present epoch it is still Anna's"
    assert floor.handoff().agent_id == anna.id
    assert not any("mine?" in line for line in floor.stream())


async def test_an_agent_who_gave_it_away_cannot_write_any_more(floor: Floor) -> None:
    anna, ben = floor.agent("Anna"), floor.agent("Ben")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    seen = floor.epoch()
    await floor.does(floor.desk.transfer, anna, ben.id, note="knows lamps")
    await floor.does(floor.desk.take, ben)
    with pytest.raises(Problem, match="Ben has this conversation now"):
        await floor.does_at(seen, floor.desk.say, anna, "one more thing")
    assert floor.handoff().note == "knows lamps"
    assert sum("passing you on" in line for line in floor.told()) == 1


async def test_a_transfer_is_offered_and_may_be_declined(floor: Floor) -> None:
    anna, ben = floor.agent("Anna"), floor.agent("Ben")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    offered = await floor.does(floor.desk.transfer, anna, ben.id)
    assert (offered.state, offered.offered_to, offered.agent_id, floor.owner()) == ("offered", ben.id, None, "queue")
    declined = await floor.does(floor.desk.decline, ben)
    assert (declined.state, declined.offered_to, declined.tried) == ("requested", None, (anna.id, ben.id))
    with pytest.raises(Problem, match="This offer is over"):
        await floor.does(floor.desk.decline, ben)


async def test_a_transfer_needs_somebody_who_is_there(floor: Floor) -> None:
    anna, ben = floor.agent("Anna"), floor.agent("Ben", is_there=False)
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    with pytest.raises(Problem, match="Ben is not there just now"):
        await floor.does(floor.desk.transfer, anna, ben.id)
    with pytest.raises(Problem, match="yours already"):
        await floor.does(floor.desk.transfer, anna, anna.id)
    skilled = await floor.does(floor.desk.transfer, anna, to_skill="returns")
    assert (skilled.state, skilled.skills) == ("requested", ("returns",))


async def test_snoozing_keeps_it_and_the_customers_next_message_wakes_it(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    await floor.does(floor.desk.snooze, anna, floor.clock() + 3600)
    assert (floor.handoff().state, floor.owner()) == ("snoozed", "agent")
    assert await floor.says("any news?") == []
    assert (floor.handoff().state, floor.handoff().agent_id, floor.handoff().snoozed_until) == ("agent", anna.id, None)
    with pytest.raises(Problem, match="within a year"):
        await floor.does(floor.desk.snooze, anna, floor.clock() - 1)


async def test_a_wrap_up_is_taken_up_again_by_the_customers_next_message(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    await floor.does(floor.desk.wrap_up, anna)
    assert floor.handoff().state == "wrapup"
    assert await floor.says("oh, and one more thing") == []
    assert floor.handoff().state == "agent"


async def test_writing_nothing_is_refused(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    with pytest.raises(Problem, match="nothing to send"):
        await floor.does(floor.desk.say, anna, "  ")
    assert floor.handoff().state == "requested"


async def test_a_disabled_agent_does_nothing(floor: Floor) -> None:
    anna = floor.agent("Anna")
    with floor.database.writing() as connection:
        agents.change(connection, anna.id, is_active=False)
        connection.commit()
    await floor.says("person")
    with pytest.raises(Problem, match="disabled"):
        await floor.does(floor.desk.take, anna)


async def test_a_supervisor_may_give_others_conversations_away(floor: Floor) -> None:
    anna, sam = floor.agent("Anna"), floor.agent("Sam", role="supervisor")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    freed = await floor.does(floor.desk.transfer, sam)
    assert (freed.state, freed.agent_id) == ("requested", None)


async def test_only_one_handoff_of_a_conversation_is_open_at_a_time(floor: Floor) -> None:
    anna = floor.agent("Anna")
    for _ in range(2):
        await floor.says("person")
        await floor.does(floor.desk.take, anna)
        await floor.does(floor.desk.hand_back, anna)
    assert floor.rows("SELECT state, ended_as FROM handoffs ORDER BY id") == [("bot", "bot"), ("bot", "bot")]
    assert floor.rows("SELECT COUNT(*) FROM handoffs WHERE ended_at IS NULL") == [(0,)]


def test_every_state_has_an_owner_and_every_open_one_a_way_to_an_end() -> None:
    assert OWNERS.keys() == {*OPEN, *ENDS}
    for state in OPEN:
        reached, seen = {state}, set[str]()
        while reached:
            current = reached.pop()
            seen.add(current)
            reached |= {after for after in MOVES.get(current, ()) if after not in seen}
        assert seen & ENDS, f"{state} leads nowhere"


async def test_what_the_bot_had_under_way_is_the_persons_now(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("hello")
    await floor.appends({"event": "active_loop", "name": "cancel_order_form"})
    await floor.appends({"event": "slot", "name": "waiting_requests", "value": [{"text": "and another thing"}]})
    await floor.does(floor.desk.take, anna)
    with floor.database.read() as connection:
        tracker = floor.turns.trackers.read(connection, "rest:ann")
    assert (tracker.active_loop, tracker.slot("waiting_requests"), tracker.with_person) == (None, None, "Anna")


async def test_the_closing_line_is_marked_as_one(floor: Floor) -> None:
    await floor.says("hello")
    await floor.says("person")
    bodies = [str(body) for (body,) in floor.rows("SELECT body FROM outbox ORDER BY seq")]
    assert ['"notice":"waiting"' in body for body in bodies] == [False, True]


async def test_a_forgotten_conversation_takes_its_handoffs_with_it(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    with floor.database.writing() as connection:
        forget_conversations(connection, ["rest:ann"])
        connection.commit()
    assert floor.rows("SELECT COUNT(*) FROM handoffs") == floor.rows("SELECT COUNT(*) FROM handoff_events") == [(0,)]


async def test_nobody_gets_a_letter_that_only_says_who_has_come(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.turns.receive(UserMessage("email", "ann@shop.example", "person", "m1"))
    conversation_id = "email:ann@shop.example"
    for work in (
        lambda unit: floor.desk.say(unit, conversation_id, anna.id, None, "Dear Ann, …"),
        lambda unit: floor.desk.hand_back(unit, conversation_id, anna.id, None),
    ):
        await floor.turns.change(conversation_id, work)
    assert floor.rows("SELECT role FROM outbox ORDER BY seq") == [("bot",), ("agent",)]


async def test_why_it_was_one_agents_is_not_told_of_the_next(floor: Floor) -> None:
    anna, ben = floor.agent("Anna"), floor.agent("Ben", is_there=False)

    def named() -> list[str]:
        return [why["en"] for why in floor.handoff().because if why["about"] == "agent"]

    await floor.says("person")
    await floor.keeper.round()
    assert "Anna has 0 of 4 conversations in hand" in named()
    await floor.does(floor.desk.take, anna)
    assert named(), "she has it for these reasons"
    with floor.database.writing() as connection:
        agents.set_presence(connection, ben.id, "online", floor.clock())
        connection.commit()
    await floor.does(floor.desk.transfer, anna, ben.id)
    assert named() == []
    await floor.does(floor.desk.decline, ben)
    await floor.keeper.round()
    assert floor.handoff().offered_to is None, "both have had it"
    assert [why["en"] for why in floor.handoff().because] == ["asked for a person"]


async def test_an_agent_who_begins_it_sees_what_the_customer_is_worth(floor: Floor) -> None:
    with floor.database.transaction() as session:
        moment = datetime.fromtimestamp(floor.clock(), UTC)
        known = {"features": {"spend_rank": 0.95}, "predictions": []}
        session.add(ProfileRow(customer_id="c_1", computed_at=moment, version="v", **known))
    await floor.says("hello")
    await floor.appends({"event": "slot", "name": "customer_id", "value": "c_1"})
    await floor.does(floor.desk.say, floor.agent("Anna"), "Anna here.")
    handoff = floor.handoff()
    assert (handoff.reason, handoff.value, handoff.customer_id) == ("agent", 0.95, "c_1")
    assert "vip" in handoff.skills
