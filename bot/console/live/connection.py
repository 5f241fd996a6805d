"""One open console, from its hello to its end."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from fastapi import WebSocket, WebSocketDisconnect

from bot.console.conversation import looks, stream
from bot.console.conversation.view import viewers
from bot.console.live.changes import changed_since
from bot.console.live.hub import PEOPLE, Hub, News, session_key
from bot.console.login import sessions
from bot.console.login.access import Access
from bot.console.login.sessions import Ended, Session
from bot.console.queue.pages import seq
from bot.conversation import attention
from bot.conversation.attention import WAKE, Attention
from bot.conversation.live import Live
from bot.conversation.sql import Statement
from bot.handoff import agents

log = logging.getLogger("kefu.console")

Json = dict[str, Any]
SIGNED_OUT = 4401
BAD_FRAME = 1003
HELLO_SECONDS, IDLE_SECONDS = 15.0, 90.0
SEEN_SECONDS = 20.0
"""How often it is noted that the agent's console is open."""
LINES = 30
"""So many of the latest lines are sent again when one of them changes."""
LARGEST_FRAME = 10_000
MOST_WAITING = 500
"""A browser that does not read is left, and comes back with a hello."""

_OFFERED = Statement(
    "SELECT conversation_id FROM handoffs WHERE ended_at IS NULL AND state = 'offered' AND offered_to = :me"
)


@dataclass(frozen=True)
class Door:
    """What every connection of this process is handed."""

    access: Access
    hub: Hub
    live: Live


class Connection:
    """A `Listener` of the hub."""

    def __init__(self, socket: WebSocket, door: Door, session: Session) -> None:
        self._socket, self._door, self._session = socket, door, session
        self._outgoing: asyncio.Queue[Json] = asyncio.Queue(MOST_WAITING)
        self._looks_at: str | None = None
        self._typing: dict[str, float] = {}
        self._offers: set[str] = set()
        self._told: set[str] = set()
        """Where this agent does not see everything: what their pages may show, and must be told when it is hidden."""
        self._is_full = False

    @property
    def agent_id(self) -> str:
        return self._session.person.id

    @property
    def looks_at(self) -> str | None:
        return self._looks_at

    async def serve(self) -> None:
        hello = await self._frame(HELLO_SECONDS)
        if hello.get("type") != "hello":
            await self._socket.close(BAD_FRAME, "The first frame must be hello.")
            return
        self._door.hub.join(self)
        parts = (self._listen(hello.get("seq")), self._send_all(), self._stay(), self._watch_session())
        work = [asyncio.create_task(one) for one in parts]
        try:  # whichever ends, also by an error, ends the connection: the browser comes back with a hello
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._door.hub.leave(self)
            for task in work:
                task.cancel()
            self._tell_log(await asyncio.gather(*work, return_exceptions=True))
            if self._looks_at:
                await self._look(None)

    def _tell_log(self, ends: list[BaseException | None]) -> None:
        usual = (asyncio.CancelledError, WebSocketDisconnect, RuntimeError)
        for end in ends:
            if end is not None and not isinstance(end, usual):
                log.warning("a console's connection ended: %s", type(end).__name__)

    # ---- what the browser says ----

    async def _frame(self, seconds: float) -> Json:
        try:
            heard = await asyncio.wait_for(self._socket.receive(), seconds)
        except TimeoutError:
            raise WebSocketDisconnect from None
        text = heard.get("text")
        if heard["type"] != "websocket.receive" or text is None or len(text) > LARGEST_FRAME:
            raise WebSocketDisconnect
        try:
            frame = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise WebSocketDisconnect from None
        return frame if isinstance(frame, dict) else {}

    async def _listen(self, last_seq: object) -> None:
        await self._welcome(last_seq)
        while True:
            frame = await self._frame(IDLE_SECONDS)
            conversation_id = frame.get("conversation_id")
            named = conversation_id if isinstance(conversation_id, str) else None
            match frame.get("type"):
                case "ping":
                    self._put({"type": "pong"})
                case "active":
                    await asyncio.to_thread(self._touch)
                case "look":
                    await self._look(named)
                case "typing" if named:
                    await self._type(named, frame.get("on") is True)

    async def _look(self, conversation_id: str | None) -> None:
        if conversation_id and not await asyncio.to_thread(self._sees, conversation_id):
            conversation_id = None
        before, self._looks_at = self._looks_at, conversation_id
        if conversation_id != before:
            self._typing.clear()
        if before and before != conversation_id:
            await self._attend(attention.leave, before, self.agent_id)
        if conversation_id:
            self._told.add(conversation_id)
            await asyncio.to_thread(looks.opened, self._door.access.database, self._session.person, conversation_id)
            await self._attend(attention.look, conversation_id, self.agent_id, time.time())

    def _sees(self, conversation_id: str) -> bool:
        return self._door.access.sees(self._session.person, conversation_id)

    async def _type(self, conversation_id: str, is_typing: bool) -> None:
        if await asyncio.to_thread(self._sees, conversation_id):
            await self._attend(attention.write, conversation_id, self.agent_id, is_typing, time.time())

    async def _attend(self, what: Callable[..., None], conversation_id: str, *more: object) -> None:
        await asyncio.to_thread(self._note, what, conversation_id, *more)
        self._door.live.changed(WAKE + conversation_id)

    # ---- what the browser hears ----

    async def _welcome(self, last: object) -> None:
        now = time.time()
        offered, missed = await asyncio.to_thread(self._missed, last, now)
        self._put({"type": "welcome", "seq": seq(now), "refetch": missed is None})
        self._door.live.changed(PEOPLE)
        for conversation_id in (*(missed or ()), *offered):
            self._door.hub.wake(conversation_id)

    def _missed(self, last: object, now: float) -> tuple[list[str], list[str] | None]:
        """What to tell at once: open offers, and for whoever was away what has changed since. None: read it all again,
        it is too much, or what they see no more may be among it, which has no name for them."""
        with self._door.access.database.read() as connection:
            offered = [str(row[0]) for row in _OFFERED.all(connection, {"me": self.agent_id})]
            open_ones = self._door.access.seeing.open_ones(connection, self.agent_id)
            self._told = open_ones or set()
            if not isinstance(last, int | float) or isinstance(last, bool):
                return offered, []  # a new page, which reads everything now
            return offered, changed_since(connection, last / 1000, now) if open_ones is None else None

    def tell(self, news: News) -> None:
        for item in news.items:
            self._tell_item(item, news)
        if news.people is not None:
            self._put({"type": "people", "people": news.people})
        if self.agent_id in news.counts:
            self._put({"type": "counts", "counts": news.counts[self.agent_id]})
        if self._looks_at in news.attention:
            self._attended(self._looks_at, news.attention[self._looks_at])

    def _tell_item(self, item: Json, news: News) -> None:
        conversation_id, hidden = item["conversation_id"], news.hidden.get(self.agent_id)
        if hidden is not None and conversation_id in hidden:
            self._hide(conversation_id)
            return
        if hidden is not None:
            self._told.add(conversation_id)
        mine = {**item, "unread": news.unread.get((self.agent_id, conversation_id), 0)}
        self._put({"type": "item", "seq": news.seq, "item": mine})
        self._offer(mine, news.seq)
        if conversation_id == self._looks_at:
            self._put({"type": "lines", "seq": news.seq, "conversation_id": conversation_id})

    def _hide(self, conversation_id: str) -> None:
        """It is somebody else's now. Of what they never saw they hear nothing, not even its name."""
        if conversation_id == self._looks_at:
            self._looks_at = None
        if conversation_id in self._offers:
            self._offers.discard(conversation_id)
            self._put({"type": "offer_ended", "conversation_id": conversation_id})
        if conversation_id in self._told:
            self._told.discard(conversation_id)
            self._put({"type": "hidden", "conversation_id": conversation_id})

    def tell_board(self) -> None:
        self._put({"type": "board"})

    def _offer(self, item: Json, number: int) -> None:
        conversation_id, offered = item["conversation_id"], item["offered_to"]
        is_mine = item["state"] == "offered" and offered is not None and offered["id"] == self.agent_id
        if is_mine:
            self._offers.add(conversation_id)
            self._put({"type": "offer", "seq": number, "item": item, "until": item["offered_until"]})
        elif conversation_id in self._offers:
            self._offers.discard(conversation_id)
            self._put({"type": "offer_ended", "conversation_id": conversation_id})

    def _attended(self, conversation_id: str, here: list[Attention]) -> None:
        """Who else looks at the conversation that is open, and who types in it."""
        now = time.time()
        shown = viewers(here, self.agent_id, now)
        self._put({"type": "viewers", "conversation_id": conversation_id, "viewers": shown})
        for one in here:
            if one.who != self.agent_id and one.typing_until != self._typing.get(one.who, 0.0):
                self._typing[one.who] = one.typing_until
                told = {"who": one.who, "name": one.name, "on": one.is_typing(now)}
                self._put({"type": "typing", "conversation_id": conversation_id, **told})

    async def _send_all(self) -> None:
        while True:
            frame = await self._outgoing.get()
            if frame["type"] == "lines":
                frame = await asyncio.to_thread(self._with_lines, frame)
            await self._socket.send_text(orjson.dumps(frame).decode())

    def _with_lines(self, frame: Json) -> Json:
        """The latest lines: new ones, and those that changed (a delivery, a file that was fetched)."""
        with self._door.access.database.read() as connection:
            page = stream.page(connection, frame["conversation_id"], limit=LINES)
        return {**frame, "lines": [asdict(line) for line in page.lines]}

    def _put(self, frame: Json) -> None:
        try:
            self._outgoing.put_nowait(frame)
        except asyncio.QueueFull:
            self._is_full = True

    # ---- what goes on meanwhile ----

    async def _stay(self) -> None:
        """Note that the agent is there, and still looks."""
        while True:
            await asyncio.to_thread(self._seen)
            if self._looks_at:
                await asyncio.to_thread(self._note, attention.look, self._looks_at, self.agent_id, time.time())
            await asyncio.sleep(SEEN_SECONDS)

    async def _watch_session(self) -> None:
        """End with the session: at once where it is ended, soon where it expires."""
        with self._door.live.watch(session_key(self._session.id)) as ended:
            while not self._is_full:
                with suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), SEEN_SECONDS)
                ended.clear()
                if await asyncio.to_thread(self._door.access.session_of, self._socket) is None:
                    over = {"type": "signed_out", "why": await asyncio.to_thread(self._why_over)}
                    await self._socket.send_text(orjson.dumps(over).decode())
                    await self._socket.close(SIGNED_OUT)
                    return
            await self._socket.close(1013, "Too slow; connect again.")

    def _why_over(self) -> Ended:
        with self._door.access.database.read() as connection:
            return sessions.why_over(connection, self._session.id, self.agent_id)

    def _seen(self) -> None:
        with self._door.access.database.writing() as connection:
            agents.seen(connection, self.agent_id, time.time())
            connection.commit()

    def _touch(self) -> None:
        with self._door.access.database.writing() as connection:
            sessions.touch(connection, self._session.id, time.time())
            connection.commit()

    def _note(self, what: Callable[..., None], conversation_id: str, *more: object) -> None:
        with self._door.access.database.writing() as connection:
            what(connection, conversation_id, *more)
            connection.commit()
