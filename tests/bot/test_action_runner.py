"""Actions run alike in this process and on a stock rasa-sdk server."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.action_runner import (
    ActionFailed,
    ActionNotFound,
    ActionRejected,
    ActionRunnerError,
    HttpActionRunner,
    LocalActionRunner,
)
from bot.database import open_database, upgrade
from bot.dialogue.assistant import Assistant
from tests.bot.dialogue.chat import SAMPLE, SAMPLE_ACTIONS, Chat

ROOT = Path(__file__).parents[2]
PACKAGE = """
import asyncio
from rasa_sdk import Action, ActionExecutionRejection
from rasa_sdk.events import SlotSet


class Greet(Action):
    def name(self): return "action_greet"
    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=f"hello {tracker.sender_id}", buttons=[{"title": "Hi", "payload": "hi"}])
        return [SlotSet("greeted", len(domain["intents"]))]


class Reject(Action):
    def name(self): return "action_reject"
    def run(self, dispatcher, tracker, domain): raise ActionExecutionRejection("action_reject", "not now")


class Fail(Action):
    def name(self): return "action_fail"
    def run(self, dispatcher, tracker, domain): raise ZeroDivisionError("no stock")


class Slow(Action):
    def name(self): return "action_slow"
    async def run(self, dispatcher, tracker, domain):
        await asyncio.sleep(30)
        return []
"""
QUIET: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
STATE: dict[str, Any] = {"sender_id": "ada", "slots": {}, "events": [], "latest_message": {}}
DOMAIN = {"intents": ["a", "b"]}
PATIENCE = (30.0, 0.2)


def write_package(directory: Path, name: str, source: str = PACKAGE) -> str:
    package = directory / name
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "things.py").write_text(source, encoding="utf-8")
    return name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def stock_server(package: str, path: Path, **variables: str) -> Iterator[str]:
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(path), "SANIC_HOST": "127.0.0.1", **variables}
    command = [sys.executable, "-m", "rasa_sdk", "--actions", package, "--port", str(port)]
    process = subprocess.Popen(command, cwd=path, env=environment, start_new_session=True, **QUIET)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "the rasa-sdk server has stopped"
        try:
            if httpx.get(url, timeout=1).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(url)


@pytest.fixture(scope="module", params=["here", "there"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The same package, run in this process and on a stock server."""
    directory = tmp_path_factory.mktemp("actions")
    package = write_package(directory, f"some_actions_{request.param}")
    if request.param == "there":
        with stock_server(package, directory) as url:
            runners = [HttpActionRunner(url, timeout_seconds=seconds) for seconds in PATIENCE]
            yield partial(run_action, runners)
            for runner in runners:
                runner.close()
        return
    sys.path.insert(0, str(directory))
    local = [LocalActionRunner(package, timeout_seconds=seconds) for seconds in PATIENCE]
    sys.path.remove(str(directory))
    yield partial(run_action, local)


def run_action(runners: Sequence[HttpActionRunner | LocalActionRunner], name: str) -> Any:
    """Only the slow action's end is not waited for."""
    return runners[name == "action_slow"].run(name, STATE, DOMAIN)


def test_an_action_answers_with_its_events_and_responses(run: Any) -> None:
    result = run("action_greet")
    assert [(event["name"], event["value"]) for event in result.events] == [("greeted", 2)]
    assert result.responses[0]["text"] == "hello ada"
    assert result.responses[0]["buttons"] == [{"title": "Hi", "payload": "hi"}]


@pytest.mark.parametrize(
    ("action", "error", "words"),
    [
        ("action_reject", ActionRejected, "not now"),
        ("action_fail", ActionFailed, "action_fail"),
        ("action_nowhere", ActionNotFound, "action_nowhere"),
        ("action_slow", ActionFailed, "took longer than"),
    ],
)
def test_what_goes_wrong_is_told_apart(run: Any, action: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        run(action)


def test_a_conversation_runs_on_a_stock_server_as_it_does_here() -> None:
    assistant = Assistant.load(SAMPLE)

    def conversation(chat: Chat) -> list[list[str]]:
        return [
            chat.says("cancel 12", "cancel_order", order_number="12"),
            chat.says("#W1", order_number="#W1"),
            chat.says("买贵了"),
            chat.says("确认", "affirm"),
        ]

    here = conversation(Chat(assistant, LocalActionRunner(SAMPLE_ACTIONS)))
    with stock_server(SAMPLE_ACTIONS, ROOT) as url:
        assert conversation(Chat(assistant, HttpActionRunner(url))) == here
    assert here[-1] == ["订单#W1已取消。"]


def test_the_shipped_actions_run_on_a_stock_server(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kefu.db"
    database = open_database(url)
    upgrade(database)
    with stock_server("actions", ROOT, KEFU_DATABASE_URL=url) as server:
        chat = Chat(Assistant.load(ROOT / "bot" / "assistant"), HttpActionRunner(server))
        assert "21:00" in "".join(chat.says("你们几点下班？", "shop_hours"))
        chat.says("where is my order?", "track_order")
        (unknown, *_) = chat.says("#K4821907, ann@example.com", order_number="#K4821907", email="ann@example.com")
        assert "can't find" in unknown
        (closing,) = chat.says("a person please", "human_handoff")
    with database.read() as connection:
        (number, conversation) = connection.execute(text("SELECT ticket_number, conversation_id FROM tickets")).one()
    database.close()
    assert number in closing
    assert (conversation, chat.tracker.paused) == ("web:ada", True)


def test_a_server_that_is_not_there_is_named_also_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    url = f"http://127.0.0.1:{free_port()}/webhook"
    with pytest.raises(ActionFailed, match=f"no action server answers at {url}"):
        HttpActionRunner(url).run("action_greet", STATE, DOMAIN)
    [record] = caplog.records
    assert (record.levelname, vars(record)["action"], vars(record)["action_server"]) == ("WARNING", "action_greet", url)


@contextmanager
def odd_server(status: int, body: bytes, calls: list[int]) -> Iterator[str]:
    class Odd(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(int(self.headers["Content-Length"]))
            self.rfile.read(calls[-1])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Odd)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/webhook"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"events": "none"}'),
        (200, json.dumps({"events": [1], "responses": []}).encode()),
        (500, b""),
        (302, b""),
    ],
)
def test_an_answer_in_another_shape_is_a_failure_and_is_not_tried_again(status: int, body: bytes) -> None:
    calls: list[int] = []
    with odd_server(status, body, calls) as url, pytest.raises(ActionFailed):
        HttpActionRunner(url).run("action_greet", STATE, DOMAIN)
    assert len(calls) == 1


def test_two_actions_of_one_name_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = write_package(tmp_path, "twin_actions")
    (tmp_path / package / "twin.py").write_text(PACKAGE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ActionRunnerError, match="two actions are called 'action_greet'"):
        LocalActionRunner(package)
