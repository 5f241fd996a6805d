"""Complaint 5. Where the bot cannot answer, a person is called: the customer is never left with silence."""

import asyncio
import contextlib
import os
import random
import signal
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import text

from bot.conversation.tracker import Tracker
from bot.database import Database, open_database
from bot.messages import UserMessage
from nlu.types import Language, Understanding
from tests.bot.handoff.shop_floor import Floor
from tests.bot.killing import free_port, is_serving, say, start_server, zygote

KILLS = 8
CUSTOMERS = 8


def model_that_is_down(_message: UserMessage, _hint: Language | None = None) -> Understanding:
    raise RuntimeError("no model")


async def test_a_model_that_is_down_calls_a_person_with_a_ticket(floor: Floor) -> None:
    with patch.object(floor.turns, "_parse", model_that_is_down):
        [told] = await floor.says("where is my order?")
        assert await floor.says("hello??") == [], "said once"
    [(ticket, summary)] = floor.rows("SELECT ticket_number, summary FROM tickets")
    assert str(ticket) in told and "getting a colleague" in told
    assert summary == "where is my order?"
    handoff = floor.handoff()
    assert (handoff.state, handoff.reason, handoff.ticket_number) == ("requested", "model_down", ticket)
    assert [why["en"] for why in handoff.because] == ["the bot could not answer at all"]


async def test_it_is_said_in_the_language_of_the_message_that_no_model_has_read(floor: Floor) -> None:
    with patch.object(floor.turns, "_parse", model_that_is_down):
        [told] = await floor.says("我的订单在哪里")
    assert "已为您转接人工客服" in told
    assert floor.handoff().language == "zh"


async def test_the_person_takes_it_and_the_bot_goes_on_when_it_is_up_again(floor: Floor) -> None:
    anna = floor.agent("Anna")
    with patch.object(floor.turns, "_parse", model_that_is_down):
        await floor.says("where is my order?")
        await floor.does(floor.desk.say, anna, "it comes tomorrow")
        assert await floor.says("great") == [], "the words to a person need no model"
    await floor.does(floor.desk.hand_back, anna)
    assert await floor.says("thanks") == ["You said thanks"]


async def test_with_nobody_there_it_does_not_wait_for_ever(database: Database) -> None:
    floor = Floor(database)
    with patch.object(floor.turns, "_parse", model_that_is_down):
        await floor.says("where is my order?")
    floor.passes(1801)
    await floor.keeper.round()
    assert (floor.owner(), floor.handoff().state) == ("bot", "failed")
    assert "none of my colleagues" in floor.stream()[-1]
    await floor.turns.close()


async def test_a_process_killed_while_it_hands_over_leaves_no_half_of_it(tmp_path: Path) -> None:
    """kill -9, again and again: closing line, owner, muting and handoff are all there, or none of them."""
    url, port = f"sqlite:///{tmp_path}/kefu.db", free_port()
    async with zygote("tiny", port, url) as process:
        customers = [asyncio.create_task(asks_for_a_person(port, f"ann{number}")) for number in range(CUSTOMERS)]
        for _ in range(KILLS):
            server = await start_server(process)
            await is_serving(port)
            await asyncio.sleep(random.uniform(0.0, 0.06))
            os.kill(server, signal.SIGKILL)
        server = await start_server(process)
        await asyncio.wait_for(asyncio.gather(*customers), 60)
        os.kill(server, signal.SIGKILL)
    database = open_database(url)
    with database.read() as connection:
        states = connection.execute(
            text(
                "SELECT c.id, c.owner, c.epoch, c.snapshot, (SELECT COUNT(*) FROM handoffs h"
                " WHERE h.conversation_id = c.id AND h.ended_at IS NULL AND h.epoch = c.epoch),"
                " (SELECT COUNT(*) FROM outbox o WHERE o.conversation_id = c.id AND o.role = 'bot'),"
                " (SELECT COUNT(*) FROM handoff_events e WHERE e.conversation_id = c.id) FROM conversations c"
            )
        ).all()
    assert len(states) == CUSTOMERS
    for conversation_id, owner, epoch, snapshot, handoffs, lines, steps in states:
        assert (owner, epoch, handoffs, lines, steps) == ("queue", 1, 1, 1, 1), conversation_id
        assert '"paused":true' in snapshot
    database.close()


async def asks_for_a_person(port: int, sender: str) -> None:
    """Again and again until it is answered, as a client does whose server dies."""
    await asyncio.sleep(random.uniform(0, 0.5))
    while True:
        with contextlib.suppress(TimeoutError):
            if await asyncio.wait_for(say(port, sender, "person", "m1"), 2) is not None:
                return
        await asyncio.sleep(0.01)


def test_a_tracker_knows_whether_somebody_has_come() -> None:
    tracker = Tracker("rest:ann", {})
    tracker.apply({"event": "pause", "timestamp": 1.0})
    assert tracker.waits_for_person
    tracker.apply({"event": "pause", "timestamp": 2.0, "by": "Anna"})
    assert tracker.paused and not tracker.waits_for_person
