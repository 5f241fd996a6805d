"""Reads what has changed, once for all consoles of this process, and hands it to their connections."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError

from bot.console.people import people
from bot.console.queue.counts import counts
from bot.console.queue.items import Listing, unread
from bot.console.queue.pages import seq
from bot.conversation import attention
from bot.conversation.attention import WAKE, Attention
from bot.conversation.live import Live
from bot.conversation.outbox import NOTED
from bot.database import Database

log = logging.getLogger("kefu.console")

Json = dict[str, Any]
OWN = "console:"
"""Begins the wake-ups that are of no conversation."""
PEOPLE = f"{OWN}people"
"""The wake-up that tells of agents who came, went or changed."""
GATHER_SECONDS = 0.05
"""What changes within this time is read in one go."""
BOARD_SECONDS = 1.0


def session_key(session_id: str) -> str:
    """The wake-up of a session that has ended, or whose rights have changed."""
    return f"{OWN}session:{session_id}"


@dataclass(frozen=True)
class News:
    """What was read about the conversations that changed: the same for everybody but `unread` and `counts`."""

    seq: int
    items: list[Json]
    unread: dict[tuple[str, str], int]
    counts: dict[str, dict[str, int]]
    """By agent; empty when no conversation changed."""
    attention: dict[str, list[Attention]]
    """By conversation, of those that somebody has open."""
    hidden: dict[str, set[str]]
    """By agent, those of the conversations that are not theirs to see; empty where all see everything."""
    people: list[Json] | None = None


class Listener(Protocol):
    """A connection, as the hub sees it. `tell` and `tell_board` must not block."""

    @property
    def agent_id(self) -> str: ...

    @property
    def looks_at(self) -> str | None: ...

    def tell(self, news: News) -> None: ...

    def tell_board(self) -> None: ...


class Hub:
    """All methods belong to the event loop. It works while somebody listens."""

    def __init__(self, database: Database, live: Live, listing: Listing) -> None:
        self._database = database
        self._listing = listing
        self._listeners: set[Listener] = set()
        self._changed: set[str] = set()
        self._woken = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._board: asyncio.TimerHandle | None = None
        live.follow(self.wake)

    def wake(self, key: str) -> None:
        """Something changed, here or in another process: a conversation, who looks at one, or an agent."""
        if self._listeners and (changed := self._worth_reading(key)):
            self._changed.add(changed)
            self._woken.set()

    def _worth_reading(self, key: str) -> str:
        """That a line has been sent is shown only where its conversation is open."""
        if not key.startswith(NOTED):
            return key
        conversation_id = key.removeprefix(NOTED)
        return conversation_id if any(one.looks_at == conversation_id for one in self._listeners) else ""

    def join(self, listener: Listener) -> None:
        self._listeners.add(listener)
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._serve())

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        if not self._listeners and self._work is not None:
            self._work.cancel()
            self._work = None
            self._changed.clear()

    async def _serve(self) -> None:
        while True:
            await self._woken.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._woken.clear()
            changed, self._changed = self._changed, set()
            await self._tell(changed)

    async def _tell(self, changed: set[str]) -> None:
        listeners = list(self._listeners)
        try:
            news = await asyncio.to_thread(self.read, changed, listeners)
        except (
            SQLAlchemyError,
            sqlite3.Error,
        ) as error:  # away for a moment: the next change, or a reconnect, tells it
            log.warning("the consoles were not told of a change: %s", type(error).__name__)
            return
        for listener in listeners:
            listener.tell(news)
        if news.items and self._board is None:
            self._board = asyncio.get_running_loop().call_later(BOARD_SECONDS, self._ring_board)

    def _ring_board(self) -> None:
        self._board = None
        for listener in list(self._listeners):
            listener.tell_board()

    def read(self, changed: Collection[str], listeners: Collection[Listener]) -> News:
        """Blocking."""
        now = time.time()
        ids = [one for one in changed if not one.startswith((WAKE, OWN))]
        looked_at = {one.looks_at for one in listeners if one.looks_at}
        watched = {one.removeprefix(WAKE) for one in changed} & looked_at
        with self._database.read() as connection:
            present = sorted({one.agent_id for one in listeners}) if ids else []
            seeing = self._listing.seeing
            return News(
                seq=seq(now),
                items=[asdict(item) for item in self._listing.of(connection, ids)],
                unread=unread(connection, ids, present),
                counts={agent: counts(connection, agent, now, seeing.of(connection, agent)) for agent in present},
                attention={one: attention.attention(connection, one, now) for one in watched},
                hidden={agent: {*ids} - seeing.seen(connection, agent, ids) for agent in present if seeing.is_limited},
                people=people(connection) if PEOPLE in changed else None,
            )
