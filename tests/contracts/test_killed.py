"""kill -9 at the worst moments: nothing is lost, and nothing is said twice that the platform would not know again."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.channels_in_use import all_channels
from tests.contracts.conftest import platform_of
from tests.contracts.emulator import Heard, Reply
from tests.forking import Forked


@contextmanager
def served(name: str, api: str, database: Path) -> Iterator[tuple[Forked, str]]:
    process = Forked("tests.contracts.served", name, api, f"sqlite:///{database}")
    try:
        address = f"http://127.0.0.1:{int(process.stdout.readline())}/webhooks/{name}{all_channels()[name].path}"
        yield process, address
    finally:
        process.close()


def say(name: str, url: str, number: int) -> int:
    one = platform_of(name).delivery("ann", f"words {number}", number, time.time())
    if not platform_of(name).delivers:
        platform_of(name).keep(one)
        return 200
    platform_of(name).delivering(one)
    with httpx.Client(headers=dict(one.headers), params=dict(one.query), timeout=60) as http:
        return http.request(one.method, url, content=one.body).status_code


def statuses(database: Path) -> list[str]:
    with sqlite3.connect(database) as connection:
        return [str(row[0]) for row in connection.execute("SELECT status FROM outbox ORDER BY id")]


@pytest.mark.parametrize("name", all_channels())
def test_killed_while_the_platform_reads_a_line(name: str, tmp_path: Path) -> None:
    """The first line is with the platform when the process dies; the others have not begun."""
    platform, arrived, database = platform_of(name), threading.Event(), tmp_path / "kefu.db"
    released = threading.Event()

    def hold(heard: Heard) -> Reply:
        reply = platform.answer(heard)
        if platform.said(heard):
            arrived.set()
            released.wait(60)
        return reply

    with platform.running() as emulator:
        emulator.answer = hold
        with served(name, emulator.url, database) as (process, url):
            assert [say(name, url, number) for number in range(3)] == [200] * 3
            assert arrived.wait(60)
            process.kill()
            process.wait()
        released.set()
        with sqlite3.connect(database) as connection:  # as if the claims' time were over
            over = "UPDATE deliveries SET claimed_until = ? WHERE claimed_until IS NOT NULL"
            connection.execute(over, (time.time() - 1,))
            connection.execute("UPDATE cursors SET held_until = 1 WHERE held_until IS NOT NULL")
        with served(name, emulator.url, database) as (_process, url):
            assert say(name, url, 1) == 200  # the platform had no answer to this one, and delivers it again
            end = time.monotonic() + 60
            while (left := statuses(database)).count("delivered") < 2 or "pending" in left or len(left) < 3:
                assert time.monotonic() < end, left
                time.sleep(0.05)
        said = [words[1].split("\n")[0] for one in emulator.heard if (words := platform.said(one))]
    is_known = all_channels()[name].remembers_seconds > 0
    again = is_known and not platform.is_asked_first
    assert said == ["You said words 0"] * (2 if again else 1) + ["You said words 1", "You said words 2"]
    assert statuses(database) == ["delivered" if is_known else "unsure", "delivered", "delivered"]
