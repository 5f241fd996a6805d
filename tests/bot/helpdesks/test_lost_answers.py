"""The other system does what it is asked, and its answer gets lost: it is asked first before anything is told again."""

import asyncio
import time
from dataclasses import astuple

import httpx
import pytest

from bot.helpdesks.choosing import open_helpdesk
from bot.helpdesks.helpdesk import HelpDesk, Opening, Said
from bot.settings import Settings
from tests.bot.conftest import API_TOKEN
from tests.bot.helpdesks.conftest import PEERS, Pair, until
from tests.bot.helpdesks.peer import Peer
from tests.contracts.emulator import Emulator, Hangup, Heard, Reply, running


def seen(peer: Peer) -> object:
    return {name: str(astuple(case)) for name, case in peer.cases.items()}


def lose_every_answer(pair: Pair) -> None:
    """To whatever changes something there."""

    def answer(heard: Heard) -> Reply:
        before = seen(pair.peer)
        reply = pair.peer.answer(heard)
        if seen(pair.peer) != before:
            raise Hangup
        return reply

    pair.emulator.answer = answer


def test_everything_is_there_once_and_in_order_though_every_answer_is_lost(pair: Pair) -> None:
    lose_every_answer(pair)
    pair.customer_says("person")
    name, case = pair.case()
    pair.customer_says("one")
    pair.customer_says("two")
    until(lambda: len(case.lines) == 2)
    path, bearer = "/conversations/rest:ann/tracker/events", {"Authorization": f"Bearer {API_TOKEN}"}
    assert pair.client.post(path, json=[{"event": "resume"}], headers=bearer).status_code == 200
    until(lambda: pair.rows("SELECT state, tries FROM helpdesk_links") == [("closed", 0)])
    assert case.lines == ["one", "two"] and not case.is_open
    assert len(case.notes) == len({*case.notes}) == 2 and [*pair.peer.cases] == [name]


def test_what_the_customer_writes_before_the_brief_is_known_to_be_there_is_not_lost(pair: Pair) -> None:
    """The brief that arrived does not tell of it, and the one that would is not sent."""
    written: list[str] = []

    def answer(heard: Heard) -> Reply:
        reply = pair.peer.answer(heard)
        if any(case.notes for case in pair.peer.cases.values()) and not written:
            written.append("one")
            pair.customer_says("one")
            raise Hangup
        return reply

    pair.emulator.answer = answer
    pair.customer_says("person")
    _name, case = pair.case()
    until(lambda: case.lines == ["one"])
    assert "Customer: one" not in case.notes[0] and len(case.notes) == 1


def test_that_an_answer_did_not_reach_the_customer_is_said_once_however_often_it_comes(pair: Pair) -> None:
    pair.customer_says("person")
    name, case = pair.case()
    empty = pair.peer.says(name, "   ", 7, time.time())
    assert [pair.deliver(empty) for _ in range(3)] == [200] * 3
    assert len([note for note in case.notes if "The customer did not get this" in note]) == 1


@pytest.mark.parametrize("name", ["chatwoot", "zendesk"])
def test_a_line_is_found_behind_many_that_came_after_it(name: str) -> None:
    peer = PEERS[name]()
    opening = Opening("kefu-1-1", "rest:ann", "en", "s", "brief", "Ann", "normal", {})

    async def play(desk: HelpDesk) -> list[bool]:
        async with httpx.AsyncClient() as http:
            case = (await desk.open(http, opening)).case
            for number in range(45):
                await desk.tell(http, case, Said(f"kefu-1-1-{number}", "the same words"))
            return [await desk.has(http, case, f"kefu-1-1-{number}") for number in (0, 21, 44, 45)]

    with running(Emulator(peer.answer)) as emulator:
        desk = open_helpdesk(Settings(**peer.settings(emulator.url)))
        assert desk and asyncio.run(play(desk)) == [True, True, True, False]
