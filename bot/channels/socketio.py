"""Rasa's socket.io channel, for rasa-webchat and whatever else speaks it.

    client   session_request {session_id?} · user_uttered {message, session_id?, metadata | customData, message_id?}
    server   session_confirm "<session id>" · bot_uttered {text, quick_replies?} | {attachment} | custom
             refused {code, message}

Kefu gives out the sessions, like those of the widget; a client's own are taken if nobody could guess them. A message
is stored before it is acknowledged (to a client that asks for that). What is said while nobody is connected is sent
when the session is back; each connection of a session is sent everything, agents' words too.
"""

import asyncio
import hashlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import jwt

from bot.channels.base import Reception, check_id, greeted, make_message, proof
from bot.conversation.outbox import Line
from bot.identity import IdentityError, new_session, session_sender, verify
from bot.messages import UserMessage
from bot.messaging.links import Links
from bot.messaging.rasa_uttered import uttered
from bot.problem import Problem
from bot.settings import Settings, SettingsError

log = logging.getLogger("kefu.socketio")

NAME: Final = "socketio"
SHORTEST_SESSION = 16
SIGNED = "HS256"
PING_SECONDS, PONG_SECONDS = 15, 10
LATE_SECONDS = 5
"""For a busy process. engine.io looks for pongs that have not come only every `PONG_SECONDS`."""
MOST_DOUBTFUL = 10_000
BROKEN = frozenset({"ping timeout", "transport error"})
"""Why a connection ended without a goodbye: what was sent last is sent again when the session is back."""


class Streams(Protocol):
    """What a connection reads."""

    def lines(self, conversation_id: str, after: int) -> list[Line]: ...

    def last_sent(self, conversation_id: str) -> int: ...


@dataclass(frozen=True)
class Door:
    """What every connection of this process is handed."""

    reception: Reception
    streams: Streams
    watch: Callable[[str], AbstractContextManager[asyncio.Event]]
    settings: Settings
    session_secret: str
    links: Links
    flush: Callable[[], Awaitable[None]]
    """Notes at once what has been sent."""


@dataclass
class Connection:
    """One client; `cursor` is the number of the last line that it was sent."""

    sender_id: str
    cursor: int
    times: deque[float]
    pushing: asyncio.Task[None] | None = None
    answering: set[asyncio.Task[list[Line]]] = field(default_factory=set)
    emitted: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=100))
    """When which line was sent."""

    @property
    def conversation_id(self) -> str:
        return f"{NAME}:{self.sender_id}"

    def doubtful(self) -> int | None:
        """The number after which nobody knows whether lines arrived, where the client vanished; None: all did."""
        since = time.monotonic() - PING_SECONDS - 2 * PONG_SECONDS - LATE_SECONDS
        recent = [seq for at, seq in self.emitted if at >= since]
        return recent[0] - 1 if recent else None


def app(door: Door) -> Any:
    """The ASGI app. Raises SettingsError where python-socketio is not installed."""
    try:
        import socketio
    except ModuleNotFoundError:
        raise SettingsError("KEFU_SOCKETIO_PATH needs python-socketio: pip install 'kefu[socketio]'.") from None
    settings = door.settings
    origins = "*" if "*" in settings.socketio_origins else [*own_origins(settings), *settings.socketio_origins]
    server = socketio.AsyncServer(
        async_mode="asgi",
        cors_allowed_origins=origins or None,  # None: the page's own host
        max_http_buffer_size=settings.body_limit_bytes,
        ping_interval=PING_SECONDS,
        ping_timeout=PONG_SECONDS,
        namespaces=[settings.socketio_namespace],
    )
    talk = Talk(door, server)
    for event in (talk.connect, talk.disconnect, talk.session_request, talk.user_uttered):
        server.on(event.__name__, event, settings.socketio_namespace)
    return socketio.ASGIApp(server, socketio_path=settings.socketio_path)


def own_origins(settings: Settings) -> list[str]:
    """Only where others are named too: by itself, socket.io allows the page's own host."""
    return [settings.public_url.rstrip("/")] if settings.public_url and settings.socketio_origins else []


class Talk:
    """The events of all connections. Belongs to the event loop."""

    def __init__(self, door: Door, server: Any) -> None:
        self._door = door
        self._server = server
        self._connections: dict[str, Connection] = {}
        self._doubtful: dict[str, int] = {}
        """By session, the number after which lines may not have arrived: its connection broke without a word."""

    async def connect(self, sid: str, _environ: Mapping[str, Any], auth: object = None) -> None:  # noqa: ARG002
        if not is_admitted(auth, self._door.settings):
            from socketio.exceptions import ConnectionRefusedError

            raise ConnectionRefusedError("the token in auth.token is not accepted")

    async def disconnect(self, sid: str, reason: object = None) -> None:
        connection = self._connections.pop(sid, None)
        if connection is None:
            return
        if connection.pushing:
            connection.pushing.cancel()
        doubtful = connection.doubtful() if reason in BROKEN or self._is_silent(sid) else None
        if doubtful is not None:
            self._doubtful[connection.sender_id] = doubtful
        if len(self._doubtful) > MOST_DOUBTFUL:
            del self._doubtful[next(iter(self._doubtful))]

    def _is_silent(self, sid: str) -> bool:
        """Whether the client left a ping unanswered. Where engine.io hears nothing for long, it says that the client
        has closed the connection, as it does where the client has."""
        server = self._server
        known = server.manager.eio_sid_from_sid(sid, self._door.settings.socketio_namespace)
        socket = server.eio.sockets.get(known)
        return bool(socket and socket.last_ping and time.time() - socket.last_ping > PONG_SECONDS / 2)

    async def session_request(self, sid: str, data: object = None) -> None:
        session = session_of(data)
        if sender_of(session, self._door.session_secret) is None:
            session = new_session(self._door.session_secret)
        await self._join(sid, session, is_asked_for=True)

    async def user_uttered(self, sid: str, data: object = None) -> dict[str, Any]:
        """What is returned goes to a client that asked for an acknowledgement: the message is stored."""
        try:
            connection = await self._connection(sid, session_of(data))
            message = read(data, connection.sender_id, self._door.settings)
            count(connection.times)
            accepted = await self._door.reception.accept(message)
        except Problem as problem:
            refusal = {"code": problem.status, "message": problem.detail}
            await self._emit(sid, "refused", refusal)
            return {"refused": refusal}
        task = asyncio.create_task(self._door.reception.finish(accepted))
        connection.answering.add(task)
        task.add_done_callback(lambda done: answered(connection, done))
        return {"accepted": message.message_id}

    async def _connection(self, sid: str, session: str) -> Connection:
        """That of the session which the message names, else of the one that was confirmed. Raises Problem."""
        known = self._connections.get(sid)
        if session and (known is None or sender_of(session, self._door.session_secret) != known.sender_id):
            await self._join(sid, session)
        if sid not in self._connections:
            detail = f"Ask for a session first (session_request), or name one of {SHORTEST_SESSION} characters or more."
            raise Problem(422, "No session", detail)
        return self._connections[sid]

    async def _join(self, sid: str, session: str, is_asked_for: bool = False) -> None:
        sender_id = sender_of(session, self._door.session_secret)
        if sender_id is None:
            return
        await self.disconnect(sid)
        limit = self._door.settings.messages_per_minute
        await self._door.flush()
        sent = await self._door.reception.run(self._door.streams.last_sent, f"{NAME}:{sender_id}")
        sent = min(sent, self._doubtful.pop(sender_id, sent))
        if not self._server.manager.is_connected(sid, self._door.settings.socketio_namespace):
            return
        connection = Connection(sender_id, sent, deque(maxlen=limit))
        self._connections[sid] = connection
        if is_asked_for:
            await self._emit(sid, "session_confirm", session)
        connection.pushing = asyncio.create_task(self._push(sid, connection))

    async def _push(self, sid: str, connection: Connection) -> None:
        """Send the stream from the cursor on, whenever it has grown."""
        with self._door.watch(connection.conversation_id) as changed:
            changed.set()
            while True:
                await changed.wait()
                changed.clear()
                await self._send_new(sid, connection)

    async def _send_new(self, sid: str, connection: Connection) -> None:
        run, streams = self._door.reception.run, self._door.streams
        while lines := await run(streams.lines, connection.conversation_id, connection.cursor):
            for line in lines:
                for event in () if line.role == "user" else uttered(line, self._door.links):
                    await self._emit(sid, "bot_uttered", event)
                connection.emitted.append((time.monotonic(), line.seq))
                connection.cursor = line.seq
            self._door.reception.sent([line for line in lines if line.role != "user"])

    async def _emit(self, sid: str, event: str, data: object) -> None:
        await self._server.emit(event, data, to=sid, namespace=self._door.settings.socketio_namespace)


def answered(connection: Connection, task: asyncio.Task[list[Line]]) -> None:
    """A failure is for the sweep, which finds the message in the inbox."""
    connection.answering.discard(task)
    if not task.cancelled() and (error := task.exception()):
        log.warning("an accepted message was not answered yet: %s", type(error).__name__)


def is_admitted(auth: object, settings: Settings) -> bool:
    """Whether the client may connect: as in Rasa, with a JWT signed with the shared key, where there is one."""
    key = settings.socketio_jwt_key
    if key is None:
        return True
    token = auth.get("token") if isinstance(auth, dict) else None
    try:
        jwt.decode(str(token), key.get_secret_value(), algorithms=[SIGNED], options={"verify_aud": False})
    except (jwt.PyJWTError, ValueError):
        return False
    return True


def session_of(data: object) -> str:
    session = data.get("session_id") if isinstance(data, dict) else None
    return session if isinstance(session, str) else ""


def sender_of(session: str, secret: str) -> str | None:
    """Whose session it is. A client's own may not be short: whoever guesses it reads along."""
    if known := session_sender(session, secret):
        return known
    if not SHORTEST_SESSION <= len(session) <= 255 or len(set(session)) < SHORTEST_SESSION // 2:
        return None
    return "own-" + hashlib.sha256(session.encode("utf-8", "replace")).hexdigest()[:40]


def read(data: object, sender_id: str, settings: Settings) -> UserMessage:
    """The message in an event. Raises Problem."""
    if not isinstance(data, dict) or not isinstance(data.get("message"), str):
        raise Problem(422, "Unprocessable event", 'user_uttered is an object like {"message": …, "session_id": …}.')
    given = data.get("metadata") or data.get("customData")
    metadata = dict(given) if isinstance(given, dict) else {}
    if "language" in metadata:
        metadata.setdefault("locale", metadata.pop("language"))
    token, message_id = metadata.pop("identity_token", None), data.get("message_id")
    words = greeted(data["message"], metadata.get("locale"))
    checked = check_id("message_id", str(message_id)) if message_id is not None else None
    limit = settings.text_limit_characters
    return make_message(NAME, sender_id, words, checked, metadata, limit, prove(token, settings))


def prove(token: object, settings: Settings) -> dict[str, str | float | None]:
    """What an identity token proves; nothing without one. Raises Problem 401."""
    if token is None:
        return {}
    secret = settings.identity_secret
    try:
        return proof(verify(str(token), secret.get_secret_value() if secret else None))
    except IdentityError as error:
        raise Problem(401, "Identity not proven", f"{error}.") from None


def count(times: deque[float]) -> None:
    """Raises Problem 429."""
    now = time.monotonic()
    if len(times) == times.maxlen and now - times[0] < 60:
        raise Problem(429, "Too many messages", "Too many messages within a minute; wait a moment.")
    times.append(now)
