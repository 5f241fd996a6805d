"""The audit tells who opened which conversation and fetched which file, and is not flooded by it."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.console.conversation import looks
from bot.database import Database
from tests.bot.console.conftest import Browser
from tests.bot.console.filled_queue import conversation
from tests.bot.console.test_handling import JOE, write
from tests.bot.console.test_live import listening, of, until
from tests.bot.console.test_small_pages import PNG, upload

Browse = Callable[..., Browser]


@pytest.fixture
def begun(client: TestClient) -> TestClient:
    write(client, "hello")
    return client


def entries(admin: Browser, operation: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = admin.get(f"/admin/audit?operation={operation}").json()["entries"]
    return [{"who": one["actor"]["name"], "on": one["target"], "details": one["details"]} for one in found]


@pytest.mark.usefixtures("begun")
def test_opening_a_conversation_is_written_down_once_an_hour(
    browse: Browse, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, mei = browse("anna"), browse("mei")
    for _ in range(3):
        anna.get(f"/conversations/{JOE}")
        anna.get(f"/conversations/{JOE}/lines")
    mei.get(f"/conversations/{JOE}/lines")
    by_anna: dict[str, Any] = {"who": "Anna", "on": JOE, "details": {}}
    by_mei = {**by_anna, "who": "Mei"}
    assert entries(admin, "open") == [by_mei, by_anna]
    later = time.time() + looks.AGAIN_AFTER_SECONDS - 60
    monkeypatch.setattr(time, "time", lambda: later)
    anna.get(f"/conversations/{JOE}")
    assert entries(admin, "open") == [by_mei, by_anna]
    monkeypatch.setattr(time, "time", lambda: later + 120)
    anna.get(f"/conversations/{JOE}")
    assert entries(admin, "open") == [by_anna, by_mei, by_anna]


@pytest.mark.usefixtures("begun")
def test_who_only_listens_has_opened_it_too(anna: Browser, admin: Browser) -> None:
    with listening(anna) as socket:
        until(socket, of("welcome"))
        socket.send_json({"type": "look", "conversation_id": "rest:nobody"})
        socket.send_json({"type": "look", "conversation_id": JOE})
        until(socket, of("viewers", conversation_id=JOE))
    assert [one["on"] for one in entries(admin, "open")] == [JOE]


def test_what_is_not_there_was_not_opened(anna: Browser, admin: Browser) -> None:
    assert anna.get("/conversations/rest:nobody").status_code == 404
    assert entries(admin, "open") == []


def test_fetching_a_file_is_written_down_with_its_conversation(
    browse: Browse, admin: Browser, database: Database
) -> None:
    anna, mei = browse("anna"), browse("mei")
    with database.transaction() as session:
        conversation(session.connection(), "web:a", time.time())
    first, second = (upload(anna, name, PNG).json()["id"] for name in ("a.png", "b.png"))
    for number in (first, first, second):
        assert mei.get(f"/files/{number}").content == PNG
    expected = [{"who": "Mei", "on": "web:a", "details": {"file": number}} for number in (second, first)]
    assert entries(admin, "fetch_file") == expected
