"""Rasa's socket.io channel, with python-socketio's client over real HTTP and WebSockets."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import socketio
import uvicorn
import websockets
from pydantic import SecretStr

from bot.app import web_app
from bot.assembly import Kefu
from bot.channels.socketio import read, sender_of
from bot.conversation import tracker_store
from bot.identity import new_session, sign
from bot.messages import BotMessage, Button, Card
from bot.messaging.rasa_uttered import shown
from bot.problem import Problem
from bot.settings import Settings
from tests.bot.conftest import API_TOKEN, IDENTITY_SECRET
from tests.bot.tiny import tiny_kefu
from tests.e2e.rasa_service import rasa_service

KEY = "a key of the tests, long enough for HS256"
OWN_SESSION = "5f0c2f7e-1f3b-4c5e-9d6a-0a1b2c3d4e5f"


@asynccontextmanager
async def service(tmp_path: Path, **fields: Any) -> AsyncIterator[tuple[str, Kefu]]:
    secrets = {"identity_secret": SecretStr(IDENTITY_SECRET), "api_token": SecretStr(API_TOKEN)}
    given = {"socketio_path": "/socket.io", **secrets, **fields}
    kefu = tiny_kefu(Settings(database_url=f"sqlite:///{tmp_path}/kefu.db", **given))
    server = uvicorn.Server(uvicorn.Config(web_app(kefu), port=0, log_level="warning", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", kefu
    finally:
        server.should_exit = True
        await serving


class Client:
    """What rasa-webchat does, and a list of what it was told."""

    def __init__(self, url: str, namespace: str = "/") -> None:
        self.url, self.namespace = url, namespace
        self.socket = socketio.AsyncClient(reconnection=False)
        self.heard: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.session = ""
        self.socket.on("bot_uttered", self.heard.append, namespace)
        self.socket.on("refused", self.refused.append, namespace)

    async def connect(self, transport: str = "websocket", path: str = "socket.io", **more: Any) -> "Client":
        where = {"transports": [transport], "socketio_path": path, "namespaces": [self.namespace], **more}
        await self.socket.connect(self.url, wait_timeout=30, **where)
        return self

    async def ask_for(self, session: str | None = None) -> str:
        confirmed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.socket.on("session_confirm", confirmed.set_result, self.namespace)
        await self.socket.emit("session_request", {"session_id": session}, self.namespace)
        self.session = await asyncio.wait_for(confirmed, 30)
        return self.session

    async def say(self, words: object, session: str | None = None, **more: Any) -> Any:
        said = {"message": words, "session_id": self.session if session is None else session, **more}
        return await self.socket.call("user_uttered", said, self.namespace, timeout=30)

    async def wait_for(self, count: int) -> list[str]:
        end = time.monotonic() + 30
        while len(self.heard) < count and time.monotonic() < end:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        return [str(one.get("text")) for one in self.heard]

    async def leave(self) -> None:
        """A polling client waits for its last poll to end; nobody has to wait for that."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.socket.disconnect(), 1)


Play = Callable[[str, Kefu], Coroutine[Any, Any, None]]


def played(tmp_path: Path, play: Play, **fields: Any) -> None:
    async def work() -> None:
        async with service(tmp_path, **fields) as (url, kefu):
            await play(url, kefu)

    asyncio.run(work())


def rows(kefu: Kefu, sql: str) -> list[Any]:
    with kefu.database.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


async def soon(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_session_is_given_and_a_message_answered_in_rasas_shape(tmp_path: Path, transport: str) -> None:
    async def play(url: str, kefu: Kefu) -> None:
        client = await Client(url).connect(transport)
        session = await client.ask_for()
        assert "accepted" in await client.say("hello", customData={"language": "zh"})
        await client.wait_for(1)
        again = {"content_type": "text", "title": "Again", "payload": "hello"}
        assert client.heard == [{"text": "You said hello", "quick_replies": [again]}]
        [(sender_id, metadata)] = rows(kefu, "SELECT sender_id, metadata FROM conversations c JOIN inbox i ON 1 = 1")
        assert session.startswith(sender_id + ".") and '"locale":"zh"' in metadata
        await client.leave()

    played(tmp_path, play)


def test_what_was_said_while_nobody_was_there_comes_once_when_the_session_is_back(tmp_path: Path) -> None:
    async def play(url: str, kefu: Kefu) -> None:
        client = await Client(url).connect()
        session = await client.ask_for()
        await client.say("one")
        await client.wait_for(1)
        await client.say("slow two")
        await client.leave()
        await soon(lambda: len(rows(kefu, "SELECT 1 FROM outbox")) == 2)
        back = await Client(url).connect()
        assert await back.ask_for(session) == session
        assert await back.wait_for(1) == ["You said slow two"]
        await back.leave()
        await person_says(url, kefu, "Mei here")
        for expected in (["Mei here"], []):
            back = await Client(url).connect()
            await back.ask_for(session)
            assert await back.wait_for(len(expected)) == expected
            assert [one["metadata"] for one in back.heard] == [{"role": "agent"}] * len(expected)
            await back.leave()

    played(tmp_path, play)


async def person_says(url: str, kefu: Kefu, words: str) -> None:
    [(conversation_id,)] = rows(kefu, "SELECT id FROM conversations")
    events = [{"event": "pause"}, {"event": "agent", "text": words}]
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {API_TOKEN}"}) as http:
        answer = await http.post(f"{url}/conversations/{conversation_id}/tracker/events", json=events)
        assert answer.status_code == 200


def test_every_tab_of_a_session_hears_everything_at_once(tmp_path: Path) -> None:
    async def play(url: str, kefu: Kefu) -> None:
        first = await Client(url).connect()
        session = await first.ask_for()
        second = await Client(url).connect()
        await second.ask_for(session)
        await first.say("hello")
        assert await first.wait_for(1) == await second.wait_for(1) == ["You said hello"]
        await second.say("again")
        assert await first.wait_for(2) == await second.wait_for(2) == ["You said hello", "You said again"]
        assert len(rows(kefu, "SELECT 1 FROM conversations")) == 1
        for one in (first, second):
            await one.leave()

    played(tmp_path, play)


def test_a_client_may_bring_a_session_that_nobody_can_guess_and_no_other(tmp_path: Path) -> None:
    async def play(url: str, kefu: Kefu) -> None:
        client = await Client(url).connect()
        assert "refused" in await client.say("hello", session="")
        assert "refused" in await client.say("hello", session="short")
        assert "refused" in await client.say("hello", session="a" * 40)
        assert "refused" in await client.say(7, session=OWN_SESSION)
        assert [one["code"] for one in client.refused] == [422] * 4
        assert await client.ask_for("short") != "short"
        assert await client.ask_for(OWN_SESSION) == OWN_SESSION
        await client.say("hello")
        assert await client.wait_for(1) == ["You said hello"]
        [(sender_id,)] = rows(kefu, "SELECT sender_id FROM conversations")
        assert OWN_SESSION not in sender_id
        await client.leave()

    played(tmp_path, play)


def test_two_sessions_never_hear_each_other(tmp_path: Path) -> None:
    async def play(url: str, _kefu: Kefu) -> None:
        ann, li = await Client(url).connect(), await Client(url).connect()
        assert await ann.ask_for() != await li.ask_for()
        await ann.say("for ann")
        await li.say("for li")
        assert await ann.wait_for(1) == ["You said for ann"]
        assert await li.wait_for(1) == ["You said for li"]
        await ann.say("now as li", session=li.session)  # who has the session may go on with it
        assert await li.wait_for(2) == ["You said for li", "You said now as li"]
        for one in (ann, li):
            await one.leave()

    played(tmp_path, play)


def test_a_message_sent_again_is_answered_once(tmp_path: Path) -> None:
    async def play(url: str, kefu: Kefu) -> None:
        client = await Client(url).connect()
        await client.ask_for()
        for _ in range(3):
            assert await client.say("hello", message_id="m-1") == {"accepted": "m-1"}
        await client.say("other", message_id="m-2")
        assert await client.wait_for(2) == ["You said hello", "You said other"]
        assert rows(kefu, "SELECT message_id FROM inbox") == [("m-1",), ("m-2",)]
        await client.leave()

    played(tmp_path, play)


def test_who_shows_no_token_is_not_connected_where_one_is_wanted(tmp_path: Path) -> None:
    async def play(url: str, _kefu: Kefu) -> None:
        expired = jwt.encode({"exp": int(time.time()) - 60}, KEY, "HS256")
        unsigned = jwt.encode({"sub": "ann"}, "", "none")
        for auth in (None, {}, {"token": "x"}, {"token": expired}, {"token": unsigned}, "x"):
            with pytest.raises(socketio.exceptions.ConnectionError):
                await Client(url).connect(auth=auth)
        client = await Client(url).connect(auth={"token": jwt.encode({"sub": "ann"}, KEY, "HS256")})
        assert await client.ask_for()
        await client.leave()

    played(tmp_path, play, socketio_jwt_key=SecretStr(KEY))


def test_pages_of_other_sites_are_kept_out_unless_they_are_named(tmp_path: Path) -> None:
    async def connect(url: str, origin: str) -> None:
        await (await Client(url).connect(headers={"Origin": origin})).leave()

    async def closed(url: str, _kefu: Kefu) -> None:
        await connect(url, url)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await connect(url, "https://shop.example")

    async def opened(url: str, _kefu: Kefu) -> None:
        await connect(url, "https://shop.example")
        with pytest.raises(socketio.exceptions.ConnectionError):
            await connect(url, "https://evil.example")

    played(tmp_path, closed)
    played(tmp_path, opened, socketio_origins="https://shop.example/")


def test_an_identity_token_says_who_is_signed_in_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    async def play(url: str, kefu: Kefu) -> None:
        client = await Client(url).connect()
        await client.ask_for()
        refused = await client.say("hello", customData={"identity_token": "wrong"})
        assert refused["refused"]["code"] == 401
        token = sign("ann@a.example", IDENTITY_SECRET)
        await client.say("hello", metadata={"identity_token": token, "signed_as": "somebody else"})
        await client.wait_for(1)
        with kefu.database.read() as connection:
            [(conversation_id,)] = rows(kefu, "SELECT id FROM conversations")
            head = tracker_store.head(connection, conversation_id)
        assert head and head.signed_as == "ann@a.example"
        assert token not in str(rows(kefu, "SELECT metadata FROM inbox"))
        await client.leave()

    played(tmp_path, play)


def test_path_and_namespace_can_be_chosen_and_without_a_path_there_is_none(tmp_path: Path) -> None:
    async def play(url: str, _kefu: Kefu) -> None:
        client = await Client(url, "/shop").connect(path="chat/io")
        await client.ask_for()
        await client.say("hello")
        assert await client.wait_for(1) == ["You said hello"]
        await client.leave()

    async def absent(url: str, _kefu: Kefu) -> None:
        with pytest.raises(socketio.exceptions.ConnectionError):
            await Client(url).connect()

    played(tmp_path, play, socketio_path="/chat/io", socketio_namespace="/shop")
    played(tmp_path, absent, socketio_path=None)


def test_so_many_a_minute_and_no_more(tmp_path: Path) -> None:
    async def play(url: str, _kefu: Kefu) -> None:
        client = await Client(url).connect()
        await client.ask_for()
        told = [await client.say(f"words {n}") for n in range(4)]
        assert ["refused" in one for one in told] == [False, False, False, True]
        await client.leave()

    played(tmp_path, play, messages_per_minute=3)


def test_what_went_to_a_client_that_had_vanished_is_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.socketio.PING_SECONDS", 1)
    monkeypatch.setattr("bot.channels.socketio.PONG_SECONDS", 2)

    async def vanish(url: str) -> str:
        """A client that stops answering, as when a phone loses its network."""
        address = url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        async with websockets.connect(address) as socket, asyncio.timeout(60):

            async def heard(beginning: str) -> str:
                while not (said := str(await socket.recv())).startswith(beginning):
                    if said == "2":
                        await socket.send("3")
                return said

            await socket.send("40")
            await heard("40")
            await socket.send('42["session_request",{}]')
            session = str(json.loads((await heard('42["session_confirm"'))[2:])[1])
            await socket.send('42["user_uttered",{"message":"hello"}]')
            await heard('42["bot_uttered"')
            with suppress(websockets.ConnectionClosed):  # for want of a pong
                while True:
                    await socket.recv()
        return session

    async def play(url: str, _kefu: Kefu) -> None:
        session = await vanish(url)
        for expected in (["You said hello"], []):
            back = await Client(url).connect()
            await back.ask_for(session)
            assert await back.wait_for(len(expected)) == expected
            await back.leave()

    played(tmp_path, play)


SETTINGS = Settings()


def test_what_rasa_webchat_says_when_it_opens_is_a_greeting() -> None:
    for opening in ("/get_started", "/greet"):
        assert read({"message": opening, "customData": {"language": "zh"}}, "s", SETTINGS).text == "你好"
        assert read({"message": opening}, "s", SETTINGS).text == "Hello"
    assert read({"message": "/help"}, "s", SETTINGS).text == "/help"


@pytest.mark.parametrize("data", [None, "hello", [], {}, {"message": None}, {"message": "x", "message_id": ""}])
def test_what_is_no_message_is_a_problem(data: object) -> None:
    with pytest.raises(Problem, match="422"):
        read(data, "s", SETTINGS)


def test_each_kind_of_answer_has_rasas_shape() -> None:
    assert list(shown(BotMessage(text="One\n\nTwo", buttons=(Button("Yes", "yes"),)))) == [
        {"text": "One"},
        {"text": "Two", "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "yes"}]},
    ]
    picture = {"attachment": {"type": "image", "payload": {"src": "https://s.example/a.png"}}}
    assert list(shown(BotMessage(image="https://s.example/a.png"))) == [picture]
    [cards] = shown(BotMessage(cards=(Card("Shoe", "warm", None, "¥99", (Button("Buy", "buy it"),)),)))
    [element] = cards["attachment"]["payload"]["elements"]
    assert element == {
        "title": "Shoe",
        "subtitle": "¥99 · warm",
        "image_url": "",
        "buttons": [{"type": "postback", "title": "Buy", "payload": "buy it"}],
    }
    assert list(shown(BotMessage(custom={"a": 1}))) == [{"a": 1}]


def test_a_session_that_was_tampered_with_is_another() -> None:
    session = new_session("s" * 32)
    genuine = sender_of(session, "s" * 32)
    assert genuine and session.startswith(genuine)
    assert sender_of(session[:-1] + ("0" if session[-1] != "0" else "1"), "s" * 32) != genuine


def test_killed_right_after_it_took_a_message_it_answers_when_the_session_is_back(tmp_path: Path) -> None:
    database = tmp_path / "kefu.db"

    async def say(url: str) -> str:
        client = await Client(url).connect()
        session = await client.ask_for()
        assert "accepted" in await client.say("slow question")
        return session

    async def come_back(url: str, session: str) -> list[str]:
        client = await Client(url).connect()
        await client.ask_for(session)
        heard = await client.wait_for(1)
        await client.leave()
        return heard

    with rasa_service(database) as (process, url):
        session = asyncio.run(say(url))
        process.kill()
        process.wait()
    with rasa_service(database) as (_process, url):
        assert asyncio.run(come_back(url, session)) == ["You said slow question"]
        assert asyncio.run(come_back(url, session)) == []
