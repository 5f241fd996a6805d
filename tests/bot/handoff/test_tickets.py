"""What becomes of the ticket that a handoff has made, once a person has dealt with it."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.database import Database
from bot.handoff.agents import Agent
from knowledge.shop.shop import Shop
from tests.bot.handoff.shop_floor import Floor


@pytest.fixture
def called(either_database: Database) -> Iterator[Floor]:
    """A customer who waits for a person, with the ticket of it."""
    floor = Floor(either_database)
    asyncio.run(floor.says("person"))
    with either_database.transaction() as session:
        opened = Shop(session).open_ticket("handoff", "asked: person", "person", key=uuid4().hex, actor="customer:c1")
        Shop(session).open_ticket("call_back", "call back: 1", "1", key=uuid4().hex, actor="customer:c1")
        session.execute(text("UPDATE handoffs SET ticket_number = :number"), {"number": opened.facts["ticket_number"]})
    yield floor
    asyncio.run(floor.turns.close())


def open_kinds(floor: Floor) -> list[str]:
    with floor.database.read_session() as session:
        return [ticket.kind for ticket in Shop(session).open_tickets()]


@pytest.mark.parametrize("ending", ["resolve", "hand_back"])
async def test_it_is_solved_with_the_conversation_and_a_call_back_is_not(called: Floor, ending: str) -> None:
    anna = called.agent("Anna")
    await called.does(called.desk.take, anna)
    assert sorted(open_kinds(called)) == ["call_back", "handoff"]
    await called.does(getattr(called.desk, ending), anna)
    assert open_kinds(called) == ["call_back"]


async def test_it_stays_open_while_nobody_has_dealt_with_it(called: Floor) -> None:
    anna, bo = called.agent("Anna"), called.agent("Bo")
    await called.does(called.desk.take, anna)
    await called.does(called.desk.transfer, anna, to_agent=bo.id)
    assert sorted(open_kinds(called)) == ["call_back", "handoff"]


async def test_a_ticket_that_is_gone_keeps_nobody_from_resolving(called: Floor) -> None:
    anna: Agent = called.agent("Anna")
    await called.does(called.desk.take, anna)
    with called.database.transaction() as session:
        session.execute(text("UPDATE handoffs SET ticket_number = 'T-GONE'"))
    resolved = await called.does(called.desk.resolve, anna)
    assert resolved.state == "resolved"
