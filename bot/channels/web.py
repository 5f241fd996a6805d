"""The widget's channel: JSON frames over a WebSocket, and a numbered stream that survives lost connections.

    client   hello {session, last_seq, token, locale, page} · message {id, text, files} · identify {token}
             typing {on} · ping
    server   welcome {session, conversation_id, last_seq, files, owner, agent, position}
             message {seq, role, id, text, …} · accepted {id, seq} · typing {on, who, name}
             owner {owner, agent, position} · error {code, message} · pong

A connection is a cursor over the conversation's stream in the database: it sends every message numbered above
`last_seq`, then what is committed later. So replay is not a special case, and any process can serve any session.
`files` are ids of uploads of the same session (bot/console/attachments.py); what is read names them with addresses.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import orjson
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from bot.channels.base import LONGEST_ID, Reception, make_message, proof
from bot.conversation.attention import WAKE
from bot.conversation.inbox import Accepted
from bot.conversation.outbox import LARGEST_SEQ
from bot.conversation.schema import Owner
from bot.conversation.tracker_store import Head
from bot.identity import RESUME_SECONDS, Identity, IdentityError, new_session, session_sender, verify
from bot.messaging.links import Links
from bot.messaging.web_frames import FrameError, address, field, files_of, message_frame, parse_frame
from bot.messaging.web_streams import Streams
from bot.settings import Settings

log = logging.getLogger("kefu.web")

NAME: Final = "web"
HELLO_SECONDS = 15.0
IDLE_SECONDS = 90.0
BAD_FRAME, REFUSED_ORIGIN = 1003, 1008
TYPING_EVERY_SECONDS = 2.0


T = TypeVar("T")
Watch = Callable[..., AbstractContextManager[asyncio.Event]]


@dataclass(frozen=True)
class Door:
    """What every connection of this process is handed."""

    reception: Reception
    streams: Streams
    watch: Watch
    wake: Callable[[str], None]
    settings: Settings
    session_secret: str
    links: Links


def router(door: Door) -> APIRouter:
    routes = APIRouter()

    @routes.websocket("/webhooks/web/ws")
    async def connect(socket: WebSocket) -> None:
        if not allowed_origin(socket.headers.get("origin"), socket.headers.get("host"), door.settings):
            await socket.close(REFUSED_ORIGIN)
            return
        await socket.accept()
        with suppress(WebSocketDisconnect, RuntimeError):
            await WebConnection(socket, door).serve()

    return routes


def allowed_origin(origin: str | None, host: str | None, settings: Settings) -> bool:
    """Browsers name the embedding site; programs that are no browser name none and hold no customer's cookies."""
    if origin is None or "*" in settings.widget_origins or origin in settings.widget_origins:
        return True
    own = {host, urlsplit(settings.public_url).netloc if settings.public_url else None}
    try:
        return urlsplit(origin).netloc in own - {None, ""}
    except ValueError:  # no URL at all
        return False


class WebConnection:
    """One connection, from hello to close."""

    def __init__(self, socket: WebSocket, door: Door) -> None:
        self._socket = socket
        self._door = door
        self._sender_id = ""
        self._cursor = 0
        self._owner: Owner = "bot"
        self._standing: dict[str, Any] = {}
        self._typist: str | None = None
        self._noted_at = -TYPING_EVERY_SECONDS
        self._is_typing = False
        self._identity: Identity | None = None
        self._locale: str | None = None
        self._page: str | None = None
        self._times: deque[float] = deque(maxlen=door.settings.messages_per_minute)
        self._answering: set[asyncio.Task[None]] = set()
        self._sending = asyncio.Lock()

    @property
    def conversation_id(self) -> str:
        return f"{NAME}:{self._sender_id}"

    async def serve(self) -> None:
        try:
            await self._hello(await self._frame(HELLO_SECONDS))
        except FrameError as error:
            await self._refuse(error)
            await self._socket.close(BAD_FRAME)
            return
        with self._door.watch(self.conversation_id, WAKE + self.conversation_id) as changed:
            changed.set()
            pushing = asyncio.create_task(self._push(changed))
            try:
                await self._listen()
            finally:
                pushing.cancel()

    # ---- what the client says ----

    async def _frame(self, timeout_seconds: float) -> dict[str, Any]:
        try:
            heard = await asyncio.wait_for(self._socket.receive(), timeout_seconds)
        except TimeoutError:
            raise WebSocketDisconnect from None
        if heard["type"] != "websocket.receive":
            raise WebSocketDisconnect
        text = heard.get("text") or (heard.get("bytes") or b"").decode("utf-8", "replace")
        return parse_frame(text, self._door.settings.body_limit_bytes)

    async def _listen(self) -> None:
        while True:
            try:
                frame = await self._frame(IDLE_SECONDS)
                if frame["type"] == "message":
                    await self._message(frame)
                elif frame["type"] == "identify":
                    await self._take_token(frame)
                elif frame["type"] == "typing":
                    await self._note_typing(frame.get("on") is True)
                elif frame["type"] == "ping":
                    await self._send({"type": "pong"})
                else:
                    raise FrameError("unknown_type", "type must be message, identify, typing or ping here.")
            except FrameError as error:
                await self._refuse(error)

    async def _hello(self, frame: dict[str, Any]) -> None:
        if frame["type"] != "hello":
            raise FrameError("hello_first", "the first frame must be hello.")
        self._locale = field(frame, "locale", str)
        self._page = address(field(frame, "page", str) or "")
        self._cursor = min(max(field(frame, "last_seq", int) or 0, 0), LARGEST_SEQ)
        await self._take_token(frame, RESUME_SECONDS)
        session = field(frame, "session", str) or ""
        head = await self._resume(session)
        if head is None and session_sender(session, self._door.session_secret) != self._sender_id:
            session = new_session(self._door.session_secret)
            self._sender_id = session_sender(session, self._door.session_secret) or ""
            self._cursor = 0
        self._owner = head.owner if head else "bot"
        welcome = {"session": session, "conversation_id": self.conversation_id, "owner": self._owner}
        self._standing = await self._read_standing()
        last_seq = head.last_seq if head else 0
        settings = self._door.settings
        files = {"limit_bytes": settings.attachment_limit_bytes, "types": settings.attachment_types}
        await self._send({"type": "welcome", **welcome, "last_seq": last_seq, "files": files, **self._standing})

    async def _resume(self, session: str) -> Head | None:
        """The session's conversation, unless another customer, or nobody, is signed in now: then they begin anew."""
        self._sender_id = session_sender(session, self._door.session_secret) or ""
        if not self._sender_id:
            return None
        head = await self._door.reception.run(self._door.streams.head, self.conversation_id)
        if head and head.signed_as and (self._identity is None or self._identity.subject != head.signed_as):
            self._sender_id = ""
            return None
        return head

    async def _take_token(self, frame: dict[str, Any], late_seconds: float = 0.0) -> None:
        """A bad token changes nothing, and what was proven before expires; the page gets an error frame, and may make a
        new one."""
        token, secret = field(frame, "token", str), self._door.settings.identity_secret
        key = secret.get_secret_value() if secret else None
        try:
            self._identity = verify(token, key, late_seconds) if token else None
        except IdentityError as error:
            await self._refuse(FrameError("identity_refused", f"{error}."))
        if self._identity and self._identity.expires_at <= time.time():
            await self._refuse(FrameError("identity_expired", "the identity token has expired."))

    async def _message(self, frame: dict[str, Any]) -> None:
        message_id, text = field(frame, "id", str), field(frame, "text", str)
        if not message_id or len(message_id) > LONGEST_ID or not message_id.isprintable() or text is None:
            raise FrameError("bad_message", "message needs an id of 1 to 255 printable characters, and a text.")
        self._count()
        settings = self._door.settings
        limit = settings.text_limit_characters
        marks, proven, files = self._metadata(), self._proven(), files_of(frame)
        message = make_message(NAME, self._sender_id, text, message_id, marks, limit, proven, files)
        accepted = await self._door.reception.accept(message)
        await self._send({"type": "accepted", "id": message_id, "seq": accepted.seq})
        answering = asyncio.create_task(self._answer(accepted))
        self._answering.add(answering)
        answering.add_done_callback(self._answering.discard)

    async def _note_typing(self, is_typing: bool) -> None:
        """For the agents; the bot does not wait for it."""
        now = time.monotonic()
        is_too_soon = now - self._noted_at < TYPING_EVERY_SECONDS if is_typing else not self._is_typing
        if self._owner == "bot" or is_too_soon:
            return
        self._is_typing = is_typing
        self._noted_at = now if is_typing else self._noted_at
        await self._door.reception.run(self._door.streams.note_typing, self.conversation_id, is_typing)
        self._door.wake(WAKE + self.conversation_id)

    def _metadata(self) -> dict[str, Any]:
        return {name: value for name, value in (("locale", self._locale), ("page", self._page)) if value}

    def _proven(self) -> dict[str, str | float | None]:
        """A fresh token says who writes, no token that nobody is signed in; an expired one says nothing new."""
        return proof(self._identity) if self._identity is None or self._identity.expires_at > time.time() else {}

    def _count(self) -> None:
        now = time.monotonic()
        if len(self._times) == self._times.maxlen and now - self._times[0] < 60:
            raise FrameError("too_many_messages", "too many messages within a minute; wait a moment.")
        self._times.append(now)

    # ---- what the client hears ----

    async def _answer(self, accepted: Accepted) -> None:
        if self._owner == "bot" and not accepted.is_done:
            await self._send({"type": "typing", "on": True})
        try:
            await self._door.reception.finish(accepted)
        finally:
            with suppress(WebSocketDisconnect, RuntimeError):
                await self._send({"type": "typing", "on": False})

    async def _push(self, changed: asyncio.Event) -> None:
        """Send the stream from the cursor on, whenever it has grown."""
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await changed.wait()
                changed.clear()
                await self._send_new()

    async def _send_new(self) -> None:
        run, streams = self._door.reception.run, self._door.streams
        head = await run(streams.head, self.conversation_id)  # before the lines: its owner's last words are among them
        while lines := await run(streams.lines, self.conversation_id, self._cursor):
            for line in lines:
                await self._send(message_frame(line, self._door.links))
                self._cursor = line.seq
            self._door.reception.sent(lines)
        if head and (head.owner != self._owner or self._owner != "bot"):
            await self._send_owner(head.owner)
        if self._owner == "agent" or self._typist:
            await self._send_typist()

    async def _send_owner(self, owner: Owner) -> None:
        """Also when it is another agent's now, or the customer's place in the queue has changed."""
        before = (self._owner, self._standing)
        self._owner = owner
        self._standing = await self._read_standing()
        if (self._owner, self._standing) != before:
            await self._send({"type": "owner", "owner": owner, **self._standing})

    async def _read_standing(self) -> dict[str, Any]:
        if self._owner == "bot":
            return {}
        return await self._door.reception.run(self._door.streams.standing, self.conversation_id)

    async def _send_typist(self) -> None:
        names = await self._door.reception.run(self._door.streams.typists, self.conversation_id)
        typist = names[0] if names else None
        if typist or self._typist:
            await self._send({"type": "typing", "on": bool(typist), "who": "agent", "name": typist or self._typist})
        self._typist = typist

    async def _refuse(self, error: FrameError) -> None:
        await self._send({"type": "error", "code": error.code, "message": str(error)})

    async def _send(self, frame: dict[str, Any]) -> None:
        async with self._sending:
            await self._socket.send_text(orjson.dumps(frame).decode())
