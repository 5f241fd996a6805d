"""kill -9 while a person of WeCom's takes a session and ends it: both are done here, and done once."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.conftest import platform_of
from tests.contracts.platforms.wecom_kf import WecomKf
from tests.forking import Forked

PATIENCE_SECONDS = 60.0
WORDS = "person"
"""Calls people, so that there is a handoff to take."""


def start(module: str, api: str, database: Path, *how: str) -> Forked:
    process = Forked(f"tests.contracts.{module}", "wecom_kf", api, f"sqlite:///{database}", *how)
    assert process.stdout.readline(), "it serves: its tables are there"
    return process


def rows(database: Path, query: str) -> list[Any]:
    with sqlite3.connect(database) as connection:
        return connection.execute(query).fetchall()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def free_the_cursor(database: Path) -> None:
    """As if the dead process' time were over."""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE cursors SET held_until = 1")


@pytest.mark.parametrize("moment", [("before", "0"), ("after", "0"), ("after", "1")])
def test_what_wecom_tells_of_a_session_is_done_once(moment: tuple[str, str], tmp_path: Path) -> None:
    platform, database = platform_of("wecom_kf"), tmp_path / "kefu.db"
    assert isinstance(platform, WecomKf)
    steps = "SELECT kind FROM handoff_events WHERE kind IN ('take', 'resolve') ORDER BY id"
    with platform.running() as emulator:
        platform.delivering(platform.delivery("ann", WORDS, 1, time.time()))
        with closing(start("served", emulator.url, database)):
            until(lambda: rows(database, "SELECT 1 FROM handoffs") != [])
        free_the_cursor(database)
        platform.tells("wmann", 1, "Lin")
        platform.tells("wmann", 3, "Lin")
        with closing(start("served_dying", emulator.url, database, *moment)) as dying:
            dying.wait(PATIENCE_SECONDS)
        free_the_cursor(database)
        with closing(start("served", emulator.url, database)):
            until(lambda: rows(database, "SELECT cursor LIKE '%\"3\"%' FROM cursors") == [(1,)])
    assert rows(database, steps) == [("take",), ("resolve",)]
    assert rows(database, "SELECT state FROM handoffs") == [("resolved",)]
