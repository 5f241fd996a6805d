"""A platform that is asked and does not deliver: nothing lost, nothing twice, one process at a time."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

from bot.conversation import cursors
from bot.database import Database, open_database, upgrade
from bot.messages import UserMessage
from bot.messaging import pulling
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Channel, ChannelSettings, Inbound, Part, Pulled, Recipient
from bot.messaging.errors import NotNow, SendError
from bot.messaging.intake import Intake
from bot.messaging.pulling import Pulling
from bot.messaging.sending import Call


class Mailbox(Channel[ChannelSettings]):
    """Holds numbered messages; gives two at a time."""

    name = "mailbox"
    can = Capabilities()
    Settings = ChannelSettings
    pull_seconds = 0.01
    letters: ClassVar[list[str]] = []

    def __init__(self) -> None:
        super().__init__(ChannelSettings())
        self.failures: list[Exception] = []
        self.asked: list[str | None] = []

    def verify(self, request: Inbound, now: float) -> None: ...

    def decode(self, request: Inbound) -> Sequence[UserMessage]:  # noqa: ARG002
        return []

    def render(self, part: Part, to: Recipient) -> Call:  # noqa: ARG002
        raise AssertionError

    def sent_id(self, response: httpx.Response) -> str:  # noqa: ARG002
        raise AssertionError

    async def pull(self, http: httpx.AsyncClient, cursor: str | None) -> Pulled:  # noqa: ARG002
        self.asked.append(cursor)
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        start = int(cursor or 0)
        found = self.letters[start : start + 2]
        messages = [UserMessage(self.name, "ann", text, f"m{start + n}") for n, text in enumerate(found)]
        return Pulled(messages, str(start + len(found)), is_more=len(self.letters) > start + 2)


class Answering:
    """The turns, as far as they are needed."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    async def accept(self, message: UserMessage) -> Any:
        raise AssertionError(message)

    async def finish(self, accepted: Any) -> list[Any]:
        self.seen.append(accepted.inbox_id)
        return []

    async def run(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        return work(*args, **kwargs)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    upgrade(database)
    yield database
    database.close()


def texts(database: Database) -> list[str]:
    with database.read() as connection:
        return [str(row[0]) for row in connection.exec_driver_sql("SELECT text FROM inbox ORDER BY seq")]


def held_until(database: Database) -> float:
    with database.read() as connection:
        return float(connection.exec_driver_sql("SELECT held_until FROM cursors").scalar_one())


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.01)


def puller(database: Database, box: Mailbox, outcomes: list[str] | None = None) -> tuple[Pulling, Answering]:
    turns = Answering()
    heard = outcomes if outcomes is not None else []
    http = httpx.AsyncClient()
    return Pulling(database, {"mailbox": box}, http, Intake(turns, database), lambda _, how: heard.append(how)), turns


async def serve(*running: Pulling, end: Callable[[], bool], longer: float = 0.1) -> None:
    """Until `end` is so, and a little longer: what must not happen has time to."""
    tasks = [asyncio.create_task(one.run()) for one in running]
    await until(end)
    await asyncio.sleep(longer)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_everything_is_stored_once_and_answered_and_the_cursor_outlives_the_process(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mailbox, "letters", ["one", "two", "three"])
    first, turns = puller(database, Mailbox())
    asyncio.run(serve(first, end=lambda: len(turns.seen) == 3))
    assert texts(database) == ["one", "two", "three"] and turns.seen == [1, 2, 3]
    monkeypatch.setattr(Mailbox, "letters", [*Mailbox.letters, "four"])
    box = Mailbox()
    asyncio.run(serve(puller(database, box)[0], end=lambda: len(texts(database)) == 4))
    assert texts(database)[3:] == ["four"] and box.asked[0] == "3"


def test_two_processes_read_one_after_the_other_and_nothing_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mailbox, "letters", [f"letter {n}" for n in range(40)])
    monkeypatch.setattr(pulling, "BUSY_SECONDS", 0.005)
    both = [puller(database, Mailbox()) for _ in range(2)]
    asyncio.run(serve(*(one for one, _ in both), end=lambda: sum(len(turns.seen) for _, turns in both) >= 40))
    assert texts(database) == Mailbox.letters
    assert sorted(both[0][1].seen + both[1][1].seen) == list(range(1, 41))


def test_failures_are_counted_waited_out_and_end_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mailbox, "letters", ["one"])
    waits: list[tuple[Exception, int]] = []

    def no_pause(error: Exception, failures: int, _usual: float) -> float:
        waits.append((error, failures))
        return 0.0

    monkeypatch.setattr(pulling, "pause_seconds", no_pause)
    box, outcomes = Mailbox(), list[str]()
    box.failures = [NotNow("HTTP 429", 7.0), KeyError("shape")]
    asyncio.run(serve(puller(database, box, outcomes)[0], end=lambda: "pulled" in outcomes))
    assert outcomes[:3] == ["failed", "failed", "pulled"] and [failures for _, failures in waits] == [1, 2]


def test_a_pause_is_the_platforms_or_grows() -> None:
    assert pulling.pause_seconds(NotNow("later", 40.0), 1, 5.0) == 40.0
    assert [pulling.pause_seconds(SendError("away"), n, 5.0) for n in (1, 3, 20)] == [5.0, 8.0, 300.0]


def test_a_process_that_lost_its_hold_stores_nothing(database: Database) -> None:
    with database.writing() as connection:
        assert cursors.hold(connection, "mailbox", "a", 1.0)
        assert cursors.hold(connection, "mailbox", "b", 2.0) is None
        assert cursors.hold(connection, "mailbox", "b", 2.0 + cursors.HELD_SECONDS)
        with pytest.raises(cursors.LostHold):
            cursors.advance(connection, "mailbox", "a", "9", 3.0 + cursors.HELD_SECONDS)
        connection.commit()


def test_a_long_read_keeps_its_hold(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mailbox, "letters", ["one"])
    monkeypatch.setattr(cursors, "HELD_SECONDS", 2.0)
    monkeypatch.setattr(pulling, "BUSY_SECONDS", 0.05)
    slow, other = Mailbox(), Mailbox()
    pull_at_once = slow.pull

    async def play() -> None:
        has_begun, may_end = asyncio.Event(), asyncio.Event()

        async def pull(http: httpx.AsyncClient, cursor: str | None) -> Pulled:
            has_begun.set()
            await may_end.wait()
            return await pull_at_once(http, cursor)

        monkeypatch.setattr(slow, "pull", pull)
        first = asyncio.create_task(puller(database, slow)[0].run())
        await has_begun.wait()
        second = asyncio.create_task(puller(database, other)[0].run())
        first_held = held_until(database)
        await until(lambda: held_until(database) > first_held + cursors.HELD_SECONDS)
        assert other.asked == []
        may_end.set()
        await until(lambda: len(texts(database)) == 1)
        for task in (first, second):
            task.cancel()
        await asyncio.gather(first, second, return_exceptions=True)

    asyncio.run(play())


def test_a_wake_is_heard_at_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mailbox, "letters", [])
    monkeypatch.setattr(Mailbox, "pull_seconds", 60.0)
    running, _ = puller(database, Mailbox())

    async def play() -> None:
        task = asyncio.create_task(running.run())
        await asyncio.sleep(0.1)
        Mailbox.letters = ["one"]
        running.wake("mailbox")
        await until(lambda: len(texts(database)) == 1)
        task.cancel()

    asyncio.run(play())
