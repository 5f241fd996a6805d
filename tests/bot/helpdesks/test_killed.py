"""kill -9 between what the other system took and our note of it: it is there once, and nothing is lost."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.bot.conftest import API_TOKEN
from tests.bot.helpdesks.conftest import PEERS, until
from tests.bot.helpdesks.peer import Case, Peer
from tests.contracts.emulator import Emulator, Heard, Reply, running
from tests.forking import Forked

PATIENCE_SECONDS = 60.0
"""For a process that starts on a busy machine."""


class Served:
    """A bot in a process of its own."""

    def __init__(self, url: str, process: Forked) -> None:
        self.url = url
        self.process = process

    def customer_says(self, text: str) -> None:
        body = {"sender": "ann", "message": text}
        assert httpx.post(f"{self.url}/webhooks/rest/webhook", json=body, timeout=PATIENCE_SECONDS).status_code == 200

    def the_bot_goes_on(self) -> None:
        path, bearer = "conversations/rest:ann/tracker/events", {"Authorization": f"Bearer {API_TOKEN}"}
        given = httpx.post(f"{self.url}/{path}", json=[{"event": "resume"}], headers=bearer, timeout=PATIENCE_SECONDS)
        assert given.status_code == 200

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def served(name: str, api: str, database: Path) -> Iterator[Served]:
    process = Forked("tests.bot.helpdesks.served", name, api, f"sqlite:///{database}")
    try:
        yield Served(f"http://127.0.0.1:{int(process.stdout.readline())}", process)
    finally:
        process.close()


class Held:
    """The other system takes something, and its answer does not come before the process is dead."""

    def __init__(self, peer: Peer, is_there: Callable[[], bool]) -> None:
        self._peer = peer
        self._is_there = is_there
        self.taken = threading.Event()
        self.released = threading.Event()

    def answer(self, heard: Heard) -> Reply:
        reply = self._peer.answer(heard)
        if self._is_there() and not self.taken.is_set():
            self.taken.set()
            self.released.wait(PATIENCE_SECONDS)
        return reply


def only(peer: Peer) -> Case:
    [case] = peer.cases.values()
    return case


def the_case(peer: Peer) -> bool:
    return bool(peer.cases)


def the_brief(peer: Peer) -> bool:
    return any(case.notes for case in peer.cases.values())


def a_line(peer: Peer) -> bool:
    return any(case.lines for case in peer.cases.values())


def the_last_note(peer: Peer) -> bool:
    return any(len(case.notes) > 1 for case in peer.cases.values())


def the_end(peer: Peer) -> bool:
    return any(not case.is_open for case in peer.cases.values())


MOMENTS: Mapping[str, Callable[[Peer], bool]] = {
    "the case": the_case,
    "the brief": the_brief,
    "a line": a_line,
    "the last note": the_last_note,
    "the end": the_end,
}


def forget_the_claims(database: Path) -> None:
    """As if their time were over."""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE helpdesk_links SET claimed_until = 1 WHERE claimed_until IS NOT NULL")


def links(database: Path) -> list[tuple[str, int, int]]:
    """Of each handoff: how far it is, whether its case is known here, and whether it is being told."""
    query = "SELECT state, external_id IS NOT NULL, claimed_until IS NOT NULL FROM helpdesk_links"
    with sqlite3.connect(database) as connection:
        return connection.execute(query).fetchall()


def is_open(database: Path) -> bool:
    return links(database) in ([("open", 1, 0)], [("open", 1, 1)])


def is_all_told(database: Path) -> bool:
    return links(database) == [("closed", 1, 0)]


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        *(("chatwoot", moment) for moment in ("the case", "the brief", "a line", "the last note")),
        *(("zendesk", moment) for moment in ("the brief", "a line", "the end")),
        *(("webhook", moment) for moment in ("the brief", "a line")),
    ],
)
def test_what_was_taken_is_there_once_and_nothing_is_lost(name: str, moment: str, tmp_path: Path) -> None:
    """The customer writes "one" at any time, also while the answer to the brief is still on its way."""
    peer, database = PEERS[name](), tmp_path / "kefu.db"
    held = Held(peer, lambda: MOMENTS[moment](peer))
    with running(Emulator(held.answer)) as emulator:
        with served(name, emulator.url, database) as bot:
            bot.customer_says("person")
            until(lambda: held.taken.is_set() or the_brief(peer), PATIENCE_SECONDS)
            bot.customer_says("one")
            if moment in ("the last note", "the end"):
                until(lambda: a_line(peer), PATIENCE_SECONDS)
                bot.the_bot_goes_on()
            assert held.taken.wait(PATIENCE_SECONDS)
            bot.kill()
        held.released.set()
        forget_the_claims(database)
        with served(name, emulator.url, database) as bot:
            if moment not in ("the last note", "the end"):
                until(lambda: is_open(database), PATIENCE_SECONDS)
                bot.customer_says("two")
                until(lambda: "two" in only(peer).lines, PATIENCE_SECONDS)
                bot.the_bot_goes_on()
            until(lambda: is_all_told(database) and not only(peer).is_open, PATIENCE_SECONDS)
    case = only(peer)
    told = [*case.lines, *(["one"] if "Customer: one" in case.notes[0] else [])]
    assert sorted(told) == (["one"] if moment in ("the last note", "the end") else ["one", "two"])
    assert len(case.notes) == 2 and len({*case.notes}) == 2
