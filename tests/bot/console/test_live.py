"""What an open console hears: over a real WebSocket, from the running service."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

import anyio
import orjson
import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from bot.console.live import connection
from bot.console.live.changes import changed_since
from bot.console.login.access import Access
from bot.database import Database
from tests.bot.console.conftest import Browser, another
from tests.bot.console.filled_queue import conversation
from tests.bot.console.test_handling import JOE, act, say, write

Browse = Callable[..., Browser]
LIVE = "/console/api/live"
PATIENCE_SECONDS = 20.0
Frame = dict[str, Any]


@contextmanager
def listening(browser: Browser, seq: int | None = None) -> Iterator[WebSocketTestSession]:
    with suppress(CancelledError), browser.http.websocket_connect(LIVE) as socket:  # it may be closing too
        socket.send_json({"type": "hello", "seq": seq})
        yield socket


def until(socket: WebSocketTestSession, fits: Callable[[Frame], object]) -> Frame:
    """The next frame that fits; others are let by."""
    heard: list[tuple[str, object]] = []
    for _ in range(200):
        try:
            message = socket.portal.call(next_message, socket)
        except TimeoutError:
            raise AssertionError(f"no such frame; heard {heard}") from None
        socket._raise_on_close(message)
        frame: Frame = orjson.loads(message["text"])
        if fits(frame):
            return frame
        heard.append((frame["type"], (frame.get("item") or {}).get("state")))
    raise AssertionError("no such frame among 200")


async def next_message(socket: WebSocketTestSession) -> Any:
    with anyio.fail_after(PATIENCE_SECONDS):
        return await socket._send_rx.receive()


def of(kind: str, **wanted: object) -> Callable[[Frame], bool]:
    def fits(frame: Frame) -> bool:
        return frame["type"] == kind and all(frame.get(name) == value for name, value in wanted.items())

    return fits


def item(conversation_id: str, *states: str) -> Callable[[Frame], bool]:
    def fits(frame: Frame) -> bool:
        told = frame.get("item") or {}
        return told.get("conversation_id") == conversation_id and told["state"] in states

    return fits


def test_a_call_for_a_person_is_heard_offered_and_counted(anna: Browser, client: TestClient) -> None:
    with listening(anna) as socket:
        assert until(socket, of("welcome"))["refetch"] is False
        write(client, "person")
        requested = until(socket, item(JOE, "requested", "offered"))
        assert requested["item"]["unread"] == 1 and requested["seq"] > 0
        assert until(socket, of("counts"))["counts"]["unassigned"] == 1
        assert until(socket, of("board")) == {"type": "board"}


def test_both_hear_who_took_it(browse: Browse, client: TestClient) -> None:
    anna, mei = browse("anna"), browse("mei")
    write(client, "person")
    with listening(anna) as one, listening(mei) as two:
        act(anna, "take")
        for socket in (one, two):
            assert until(socket, item(JOE, "agent"))["item"]["agent"]["name"] == "Anna"


def test_who_looks_at_a_conversation_gets_its_lines(anna: Browser, client: TestClient) -> None:
    write(client, "person")
    act(anna, "take")
    with listening(anna) as socket:
        socket.send_json({"type": "look", "conversation_id": JOE})
        write(client, "are you there?")
        lines = until(socket, of("lines", conversation_id=JOE))["lines"]
        while lines[-1]["text"] != "are you there?":
            lines = until(socket, of("lines", conversation_id=JOE))["lines"]
        assert lines[-1]["kind"] == "customer"
        anna.post(f"/conversations/{JOE}/notes", {"text": "a note"})
        assert until(socket, lambda frame: frame["type"] == "lines" and frame["lines"][-1]["kind"] == "note")


def test_that_a_line_has_reached_the_website_is_told_without_anything_else_happening(
    anna: Browser, client: TestClient
) -> None:
    with client.websocket_connect("/webhooks/web/ws") as widget:
        widget.send_json({"type": "hello"})
        here = until(widget, of("welcome"))["conversation_id"]
        widget.send_json({"type": "message", "id": "m1", "text": "person"})
        until(widget, of("owner", owner="queue"))
        with listening(anna) as socket:
            socket.send_json({"type": "look", "conversation_id": here})
            seen = anna.get(f"/queue/{here}").json()["epoch"]
            said = {"epoch": seen, "text": "Anna here.", "key": uuid4().hex}
            assert anna.post(f"/conversations/{here}/say", said).status_code == 200
            until(
                socket, lambda frame: any(is_sent(line) for line in frame.get("lines", ()) if line["kind"] == "agent")
            )


def is_sent(line: Frame) -> bool:
    return bool(line["text"] == "Anna here." and line["delivery"]["state"] == "sent")


def test_colleagues_see_each_other_look_and_type(browse: Browse, client: TestClient) -> None:
    anna, mei = browse("anna"), browse("mei")
    write(client, "person")
    with listening(anna) as one, listening(mei) as two:
        one.send_json({"type": "look", "conversation_id": JOE})
        two.send_json({"type": "look", "conversation_id": JOE})
        seen = until(one, lambda frame: frame["type"] == "viewers" and frame["viewers"])
        assert [viewer["name"] for viewer in seen["viewers"]] == ["Mei"]
        two.send_json({"type": "typing", "conversation_id": JOE, "on": True})
        assert until(one, of("typing", on=True))["name"] == "Mei"
        two.send_json({"type": "typing", "conversation_id": JOE, "on": False})
        until(one, of("typing", on=False))
        two.send_json({"type": "look", "conversation_id": None})
        assert until(one, of("viewers", viewers=[]))


def test_the_customer_sees_the_agent_type_and_the_agent_the_customer(anna: Browser, client: TestClient) -> None:
    with client.websocket_connect("/webhooks/web/ws") as widget:
        widget.send_json({"type": "hello"})
        here = until(widget, of("welcome"))["conversation_id"]
        widget.send_json({"type": "message", "id": "m1", "text": "person"})
        until(widget, of("owner", owner="queue"))
        seen = anna.get(f"/queue/{here}").json()["epoch"]
        anna.post(f"/conversations/{here}/take", {"epoch": seen})
        assert until(widget, of("owner", owner="agent"))["agent"] == {"name": "Anna"}
        with listening(anna) as socket:
            socket.send_json({"type": "look", "conversation_id": here})
            socket.send_json({"type": "typing", "conversation_id": here, "on": True})
            assert until(widget, of("typing", on=True))["name"] == "Anna"
            widget.send_json({"type": "typing", "on": True})
            assert until(socket, of("typing", who="customer"))["on"] is True


def test_who_comes_back_hears_what_was_missed(anna: Browser, client: TestClient) -> None:
    with listening(anna) as socket:
        last = until(socket, of("welcome"))["seq"]
    write(client, "person")
    with listening(anna, last) as socket:
        assert until(socket, of("welcome"))["refetch"] is False
        until(socket, item(JOE, "requested", "offered"))


def test_who_was_away_too_long_reads_everything_again(anna: Browser, database: Database) -> None:
    with listening(anna, int((time.time() - 3600) * 1000)) as socket:
        assert until(socket, of("welcome"))["refetch"] is True
    now = time.time()
    with database.transaction() as session:
        for number in range(301):
            conversation(session.connection(), f"web:{number}", now - 1, state=None)
    with database.read() as reading:
        assert changed_since(reading, now - 10, now) is None


def test_an_open_offer_is_told_to_who_just_came(anna: Browser, database: Database) -> None:
    with database.transaction() as session:
        now, until_then = time.time(), time.time() + 60
        make, offered = session.connection(), "offered"
        conversation(make, "web:offered", now, state=offered, offered_to=anna.id, offered_until=until_then)
    with listening(anna) as socket:
        offer = until(socket, of("offer"))
        assert offer["item"]["conversation_id"] == "web:offered" and offer["until"] > time.time()


def test_nobody_listens_without_signing_in(client: TestClient, anna: Browser) -> None:
    with another(client).websocket_connect(LIVE) as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_json()
    assert closed.value.code == 4401
    foreign = {"Origin": "https://evil.example"}
    with pytest.raises(WebSocketDisconnect), anna.http.websocket_connect(LIVE, headers=foreign) as socket:
        socket.receive_json()


def test_signing_out_closes_the_stream_at_once(browse: Browse) -> None:
    anna = browse("anna")
    with listening(anna) as socket:
        until(socket, of("welcome"))
        anna.write("DELETE", "/sessions")
        started = time.monotonic()
        until(socket, of("signed_out", why="ended"))
        with pytest.raises(WebSocketDisconnect) as closed:
            until(socket, of("nothing"))
        assert closed.value.code == 4401 and time.monotonic() - started < 5


def test_an_administrator_ends_it_too(anna: Browser, admin: Browser) -> None:
    with listening(anna) as socket:
        until(socket, of("welcome"))
        admin.write("PATCH", f"/admin/agents/{anna.id}", {"is_active": False})
        until(socket, of("signed_out", why="disabled"))


def test_an_open_console_makes_the_agent_present(anna: Browser, browse: Browse) -> None:
    sam = browse("sam", "supervisor")
    anna.write("PUT", "/me/presence", {"presence": "online"})
    with listening(anna) as socket:
        until(socket, of("people"))
        [found] = [one for one in sam.get("/people").json() if one["id"] == anna.id]
        assert found["is_present"] is True
        anna.write("PUT", "/me/presence", {"presence": "away"})
        told = until(socket, lambda frame: frame["type"] == "people" and frame["people"][0]["presence"] == "away")
        assert told["people"][0]["is_present"] is False


@pytest.mark.parametrize("frame", ['"x"', "[]", "{}", '{"type": "look", "conversation_id": 7}', '{"type": 7}'])
def test_a_strange_frame_does_no_harm(anna: Browser, frame: str) -> None:
    with listening(anna) as socket:
        until(socket, of("welcome"))
        socket.send_text(frame)
        socket.send_json({"type": "ping"})
        until(socket, of("pong"))


def test_a_frame_that_is_no_json_ends_the_connection(anna: Browser) -> None:
    with listening(anna) as socket:
        until(socket, of("welcome"))
        socket.send_text("{")
        with pytest.raises(WebSocketDisconnect):
            until(socket, of("nothing"))


def test_an_agents_own_words_are_not_unread(anna: Browser, client: TestClient) -> None:
    write(client, "person")
    with listening(anna) as socket:
        anna.post(f"/conversations/{JOE}/seen", {"seq": 100})
        say(anna, "hello")
        assert until(socket, item(JOE, "agent"))["item"]["unread"] == 0


def test_a_connection_whose_session_cannot_be_looked_up_ends(anna: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is away must not leave a stream open that nobody checks any more."""

    def away(*_: object) -> None:
        raise sqlite3.OperationalError("away")

    monkeypatch.setattr(connection, "SEEN_SECONDS", 0.2)
    with listening(anna) as socket:
        until(socket, of("welcome"))
        monkeypatch.setattr(Access, "session_of", away)
        with pytest.raises(WebSocketDisconnect):
            until(socket, of("nothing"))
