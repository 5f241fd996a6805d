"""kill -9 while a person of WeCom's takes a session and ends it: both are done here, and done once."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.conftest import platform_of
from tests.contracts.platforms.wecom_kf import WecomKf

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
WORDS = "person"
"""Calls people, so that there is a handoff to take."""


def start(module: str, api: str, database: Path, *how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"tests.contracts.{module}", "wecom_kf", api, f"sqlite:///{database}", *how]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    process.stdout.readline()  # it serves: its tables are there
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


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


@pytest.mark.parametrize("moment", [("before", "0"), ("after", "0"), ("after", "1")])
def test_what_wecom_tells_of_a_session_is_done_once(moment: tuple[str, str], tmp_path: Path) -> None:
    platform, database = platform_of("wecom_kf"), tmp_path / "kefu.db"
    assert isinstance(platform, WecomKf)
    steps = "SELECT kind FROM handoff_events WHERE kind IN ('take', 'resolve') ORDER BY id"
    with platform.running() as emulator:
        platform.delivering(platform.delivery("ann", WORDS, 1, time.time()))
        first = start("served", emulator.url, database)
        try:
            until(lambda: rows(database, "SELECT 1 FROM handoffs") != [])
        finally:
            end(first)
        free_the_cursor(database)
        platform.tells("wmann", 1, "Lin")
        platform.tells("wmann", 3, "Lin")
        dying = start("served_dying", emulator.url, database, *moment)
        try:
            assert dying.wait(PATIENCE_SECONDS) == -9
        finally:
            end(dying)
        free_the_cursor(database)
        last = start("served", emulator.url, database)
        try:
            until(lambda: rows(database, "SELECT cursor LIKE '%\"3\"%' FROM cursors") == [(1,)])
        finally:
            end(last)
    assert rows(database, steps) == [("take",), ("resolve",)]
    assert rows(database, "SELECT state FROM handoffs") == [("resolved",)]
