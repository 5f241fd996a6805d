import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from bot.channels.web import WebConnection
from bot.identity import sign
from tests.bot.conftest import API_TOKEN, IDENTITY_SECRET, Serve

BEARER = {"Authorization": f"Bearer {API_TOKEN}"}
Frame = dict[str, Any]


@contextmanager
def hello(
    client: TestClient, session: str | None = None, last_seq: int = 0, **more: Any
) -> Iterator[tuple[Any, Frame]]:
    with client.websocket_connect("/webhooks/web/ws") as socket:
        socket.send_json(
            {"type": "hello", "session": session, "last_seq": last_seq, "token": None, "locale": None, **more}
        )
        welcome = socket.receive_json()
        assert welcome["type"] == "welcome", welcome
        yield socket, welcome


def until(socket: WebSocketTestSession, *types: str) -> Frame:
    """The next frame of one of these types."""
    while True:
        frame: Frame = socket.receive_json()
        if frame["type"] in types:
            return frame


def say(socket: WebSocketTestSession, text: str, message_id: str) -> list[Frame]:
    """Send a message; both sides' frames of the turn."""
    socket.send_json({"type": "message", "id": message_id, "text": text})
    return [until(socket, "message"), until(socket, "message")]


def test_a_conversation_runs_over_the_socket(client: TestClient) -> None:
    with hello(client) as (socket, welcome):
        assert welcome["last_seq"] == 0 and welcome["owner"] == "bot"
        socket.send_json({"type": "message", "id": "m1", "text": "hello"})
        frames = [socket.receive_json() for _ in range(5)]
    assert {"type": "accepted", "id": "m1", "seq": 1} in frames
    assert [frame["on"] for frame in frames if frame["type"] == "typing"] == [True, False]
    user, bot = (frame for frame in frames if frame["type"] == "message")
    assert (user["seq"], user["role"], user["id"], user["text"]) == (1, "user", "m1", "hello")
    assert (bot["seq"], bot["role"], bot["text"]) == (2, "bot", "You said hello")
    assert bot["buttons"] == [{"title": "Again", "payload": "hello"}] and bot["cards"] == []


def test_what_was_missed_is_replayed_also_by_another_process(serve: Serve) -> None:
    with hello(serve()) as (socket, welcome):
        say(socket, "one", "m1")
        say(socket, "two", "m2")
    with hello(serve(), welcome["session"], last_seq=2) as (socket, again):
        assert again["conversation_id"] == welcome["conversation_id"] and again["last_seq"] == 4
        replayed = [until(socket, "message") for _ in range(2)]
    assert [(frame["seq"], frame["text"]) for frame in replayed] == [(3, "two"), (4, "You said two")]


def test_a_message_sent_again_after_a_lost_connection_is_answered_once(client: TestClient) -> None:
    with hello(client) as (socket, welcome):
        say(socket, "buy tea", "m1")
    with hello(client, welcome["session"], last_seq=0) as (socket, _):
        socket.send_json({"type": "message", "id": "m1", "text": "buy tea"})
        socket.send_json({"type": "message", "id": "m2", "text": "hello"})
        frames = [until(socket, "message", "accepted") for _ in range(6)]
    heard = [frame for frame in frames if frame["type"] == "message"]
    assert [frame["seq"] for frame in frames if frame["type"] == "accepted"] == [1, 3]
    assert [(frame["seq"], frame["text"]) for frame in heard] == [
        (1, "buy tea"),
        (2, "You said buy tea"),
        (3, "hello"),
        (4, "You said hello"),
    ]


def test_a_second_window_sees_the_conversation_live(client: TestClient) -> None:
    with hello(client) as (first, welcome), hello(client, welcome["session"]) as (second, _):
        say(first, "hello", "m1")
        assert [until(second, "message")["role"] for _ in range(2)] == ["user", "bot"]


def test_handing_over_tells_the_widget_who_owns_the_conversation(client: TestClient) -> None:
    with hello(client) as (socket, welcome):
        socket.send_json({"type": "message", "id": "m1", "text": "person"})
        assert until(socket, "owner")["owner"] == "queue"
        path = f"/conversations/{welcome['conversation_id']}/tracker/events"
        client.post(path, json={"event": "agent", "text": "Mei here, hello!"}, headers=BEARER)
        agent = until(socket, "message")
        assert (agent["role"], agent["text"]) == ("agent", "Mei here, hello!")
        assert until(socket, "owner")["owner"] == "agent"
        client.post(path, json={"event": "resume", "note": "solved"}, headers=BEARER)
        assert until(socket, "owner")["owner"] == "bot"
        assert say(socket, "thanks", "m2")[1]["text"] == "You said thanks"


def test_a_forged_or_foreign_session_begins_a_new_conversation(client: TestClient) -> None:
    with hello(client) as (socket, welcome):
        say(socket, "secret", "m1")
    sender, _, signature = welcome["session"].rpartition(".")
    for forged in ("x", f"{sender}.", f"{sender}x.{signature}", "\ud83d" * 3, f"{sender}.{signature[:-1]}0x"):
        with hello(client, forged) as (_, other):
            assert other["conversation_id"] != welcome["conversation_id"] and other["last_seq"] == 0


def test_a_session_that_has_not_spoken_yet_is_kept(client: TestClient) -> None:
    with hello(client) as (_, welcome):
        pass
    with hello(client, welcome["session"]) as (_, again):
        assert again["session"] == welcome["session"]


def test_a_signed_in_customers_conversation_is_not_shown_to_the_next_visitor(client: TestClient) -> None:
    token = sign("customer-1", IDENTITY_SECRET)
    with hello(client, token=token) as (socket, welcome):
        say(socket, "hello", "m1")
    with hello(client, welcome["session"], token=token) as (_, same):
        assert same["conversation_id"] == welcome["conversation_id"]
    for other in (None, sign("customer-2", IDENTITY_SECRET)):
        with hello(client, welcome["session"], token=other) as (_, fresh):
            assert fresh["conversation_id"] != welcome["conversation_id"] and fresh["last_seq"] == 0


def test_a_token_that_has_ended_goes_on_with_its_conversation_and_proves_nothing(client: TestClient) -> None:
    with hello(client, token=sign("customer-1", IDENTITY_SECRET)) as (socket, welcome):
        say(socket, "hello", "m1")
    ended = sign("customer-1", IDENTITY_SECRET, life_seconds=-1800)
    with client.websocket_connect("/webhooks/web/ws") as socket:
        socket.send_json({"type": "hello", "session": welcome["session"], "last_seq": 0, "token": ended})
        assert until(socket, "error")["code"] == "identity_expired"
        assert until(socket, "welcome")["conversation_id"] == welcome["conversation_id"]
        assert until(socket, "message")["text"] == "hello"
    with client.websocket_connect("/webhooks/web/ws") as socket:
        socket.send_json({"type": "hello", "token": ended})
        fresh = until(socket, "welcome")
        say(socket, "hello", "m1")
        tracker = client.get(f"/conversations/{fresh['conversation_id']}/tracker", headers=BEARER).json()
    assert tracker["slots"]["customer_id"] is None


@pytest.mark.parametrize(("subject", "ended_seconds_ago"), [("customer-2", 1800), ("customer-1", 2 * 3600)])
def test_an_ended_token_of_somebody_else_or_of_long_ago_opens_nothing(
    client: TestClient, subject: str, ended_seconds_ago: int
) -> None:
    with hello(client, token=sign("customer-1", IDENTITY_SECRET)) as (socket, welcome):
        say(socket, "hello", "m1")
    token = sign(subject, IDENTITY_SECRET, life_seconds=-ended_seconds_ago)
    with client.websocket_connect("/webhooks/web/ws") as socket:
        socket.send_json({"type": "hello", "session": welcome["session"], "last_seq": 0, "token": token})
        assert until(socket, "welcome")["conversation_id"] != welcome["conversation_id"]


def test_midway_an_ended_token_is_refused(client: TestClient) -> None:
    with hello(client) as (socket, _):
        socket.send_json({"type": "identify", "token": sign("customer-1", IDENTITY_SECRET, life_seconds=-3600)})
        assert until(socket, "error")["code"] == "identity_refused"


def test_signing_in_midway_proves_the_customer_from_the_next_message_on(client: TestClient) -> None:
    with hello(client) as (socket, welcome):
        say(socket, "hello", "m1")
        socket.send_json({"type": "identify", "token": sign("customer-2", IDENTITY_SECRET)})
        say(socket, "hello", "m2")
        tracker = client.get(f"/conversations/{welcome['conversation_id']}/tracker", headers=BEARER).json()
    assert tracker["slots"]["customer_id"] == "customer-2"


def test_a_bad_token_is_an_error_frame_and_proves_nobody(client: TestClient) -> None:
    with client.websocket_connect("/webhooks/web/ws") as socket:
        socket.send_json({"type": "hello", "token": "nonsense"})
        assert socket.receive_json()["code"] == "identity_refused"
        assert socket.receive_json()["type"] == "welcome"


def test_of_the_page_that_a_customer_writes_from_no_query_is_kept(client: TestClient) -> None:
    with hello(client, page="https://shop.example/cart?token=secret&mail=ann@example.com#top") as (socket, welcome):
        say(socket, "hello", "m1")
        tracker = client.get(f"/conversations/{welcome['conversation_id']}/tracker", headers=BEARER).json()
    assert tracker["latest_message"]["metadata"]["page"] == "https://shop.example/cart"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "malformed"),
        ("[]", "malformed"),
        ('{"type": 5}', "malformed"),
        ('{"type": "dance"}', "unknown_type"),
        ('{"type": "message"}', "bad_message"),
        ('{"type": "message", "id": "m", "text": 5}', "bad_field"),
        ('{"type": "message", "id": 7, "text": "x"}', "bad_field"),
        ('{"type": "message", "id": "a\\u0000", "text": "x"}', "bad_message"),
        ('{"type": "message", "id": "m", "text": "' + "x" * 70_000 + '"}', "too_large"),
    ],
)
def test_a_wrong_frame_is_refused_and_the_connection_goes_on(client: TestClient, frame: str, code: str) -> None:
    with hello(client) as (socket, _):
        socket.send_text(frame)
        assert until(socket, "error")["code"] == code
        socket.send_json({"type": "ping"})
        assert until(socket, "pong")


@pytest.mark.parametrize("frame", ['{"type": "ping"}', "x", '{"type": "hello", "last_seq": "3"}'])
def test_a_connection_begins_with_hello(client: TestClient, frame: str) -> None:
    with client.websocket_connect("/webhooks/web/ws") as socket:
        socket.send_text(frame)
        assert socket.receive_json()["type"] == "error"
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()


def test_a_flood_is_slowed_down(serve: Serve) -> None:
    with hello(serve(messages_per_minute=3)) as (socket, _):
        for number in range(4):
            socket.send_json({"type": "message", "id": f"m{number}", "text": "x"})
        assert until(socket, "error")["code"] == "too_many_messages"


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        (None, True),
        ("http://testserver", True),
        ("https://shop.example.com", True),
        ("https://evil.example.com", False),
        ("null", False),
        ("http://[", False),
    ],
)
def test_only_allowed_sites_may_embed_the_widget(serve: Serve, origin: str | None, is_allowed: bool) -> None:
    client = serve(widget_origins=("https://shop.example.com",))
    headers = {"origin": origin} if origin else {}
    try:
        with client.websocket_connect("/webhooks/web/ws", headers=headers) as socket:
            socket.send_text(json.dumps({"type": "hello"}))
            assert socket.receive_json()["type"] == "welcome"
            assert is_allowed
    except WebSocketDisconnect:
        assert not is_allowed


async def test_whoever_types_on_and_off_without_end_costs_a_row_in_two_seconds() -> None:
    noted: list[object] = []

    async def run(_work: object, *given: object) -> None:
        noted.append(given)

    settings = SimpleNamespace(messages_per_minute=20)
    reception, streams = SimpleNamespace(run=run), SimpleNamespace(note_typing=None)
    door: Any = SimpleNamespace(reception=reception, streams=streams, wake=lambda _name: None, settings=settings)
    connection = WebConnection(cast("Any", None), door)
    connection._owner = "agent"
    for _ in range(100):
        await connection._note_typing(True)
        await connection._note_typing(False)
        await connection._note_typing(False)
    assert noted == [(connection.conversation_id, True), (connection.conversation_id, False)]
