"""Asks the platforms that do not deliver by themselves (a mailbox, WeCom customer service) what is new.

    every `pull_seconds`, or at once when a delivery says so (`wakes`)
      hold        one process at a time                                          one small commit
      pull        what came since the cursor
      store       messages, reports and the new cursor: all or nothing           one commit
      answer      the turns run afterwards, as for what was delivered

Where people of the platform's took conversations over meanwhile, the cursor waits until that is done here as well:

      store       messages and reports                                           one commit
      hand over   each by its key, which is kept                                 a commit each
      the cursor                                                                 one commit

So a process killed anywhere loses nothing and does nothing twice: what had not been noted is pulled again.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.conversation import cursors, inbox, receipts
from bot.conversation.inbox import Accepted
from bot.database import Database
from bot.messages import UserMessage
from bot.messaging import choices
from bot.messaging.channel import Channel, Pulled
from bot.messaging.errors import NotNow, SendError
from bot.messaging.intake import Intake
from bot.messaging.off_loop import OffLoop

log = logging.getLogger("kefu.messaging")

LONGEST_PAUSE_SECONDS = 300.0
BUSY_SECONDS = 2.0
"""When to ask again where another process was just asking."""


class Pulling:
    """The channels of this process that are pulled. Belongs to the event loop."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel[Any]],
        http: httpx.AsyncClient,
        intake: Intake,
        observe: Callable[[str, str], None] = lambda _channel, _outcome: None,
    ) -> None:
        """`observe` counts: channel, and `pulled` or `failed`."""
        self._db = OffLoop(database)
        self._channels = {name: one for name, one in channels.items() if one.pull_seconds is not None}
        self._http = http
        self._intake = intake
        self._observe = observe
        self._holder = uuid4().hex
        self._woken = {name: asyncio.Event() for name in self._channels}

    def wake(self, channel: str) -> None:
        """There is something to pull."""
        if channel in self._woken:
            self._woken[channel].set()

    async def run(self) -> None:
        """Pull all channels, for as long as the process serves. No failure of a platform or the database ends it."""
        await asyncio.gather(*(self._run(channel) for channel in self._channels.values()))

    async def _run(self, channel: Channel[Any]) -> None:
        failures = 0
        while True:
            self._woken[channel.name].clear()
            try:
                pause = await self._pull_all(channel)
                failures = 0
            except Exception as error:
                failures += 1
                pause = pause_seconds(error, failures, channel.pull_seconds or 0)
                self._observe(channel.name, "failed")
                why = error.reason if isinstance(error, SendError) else type(error).__name__
                log.warning("%s could not be read: %s", channel.name, why)
            await self._wait(channel.name, pause, is_failing=failures > 0)

    async def _wait(self, name: str, seconds: float, is_failing: bool) -> None:
        """A platform that fails is given its time, whatever it announces meanwhile."""
        if is_failing:
            return await asyncio.sleep(seconds)
        try:
            async with asyncio.timeout(seconds):
                await self._woken[name].wait()
        except TimeoutError:
            return None

    async def _pull_all(self, channel: Channel[Any]) -> float:
        """Everything there is; returns after how many seconds to look again."""
        held = await self._hold(channel.name)
        if held is None:
            return BUSY_SECONDS
        holding = asyncio.create_task(self._go_on_holding(channel.name))
        try:
            cursor, is_more = held.cursor, True
            while is_more:
                pulled = await channel.pull(self._http, cursor)
                await self._take(channel, cursor, pulled)
                cursor, is_more = pulled.cursor, pulled.is_more
        except cursors.LostHold:
            return BUSY_SECONDS
        finally:
            holding.cancel()
            await self._db.write(lambda c: cursors.release(c, channel.name, self._holder))
        self._observe(channel.name, "pulled")
        return channel.pull_seconds or BUSY_SECONDS

    async def _hold(self, name: str) -> cursors.Held | None:
        return await self._db.write(lambda c: cursors.hold(c, name, self._holder, time.time()))

    async def _go_on_holding(self, name: str) -> None:
        """Also where one page takes longer than a hold. A renewal that fails shows when something is to be stored."""
        while True:
            await asyncio.sleep(cursors.HELD_SECONDS / 3)
            with suppress(DBAPIError):
                await self._hold(name)

    async def _take(self, channel: Channel[Any], before: str | None, pulled: Pulled) -> None:
        cursor = before if pulled.handovers else pulled.cursor

        def store(connection: Connection) -> tuple[list[tuple[UserMessage, Accepted]], set[str]]:
            cursors.advance(connection, channel.name, self._holder, cursor, time.time())
            messages = [choices.resolved(connection, one, channel.shows(one.metadata)) for one in pulled.messages]
            accepted = [(one, inbox.store(connection, one)) for one in messages]
            return accepted, receipts.apply(connection, channel.name, pulled.receipts, time.time())

        stored, changed = await self._db.write(store)
        for message, accepted in stored:
            self._intake.see_to(message, accepted)
        if pulled.handovers:
            await self._intake.hand_over(channel.name, pulled.handovers)
            await self._db.write(lambda c: cursors.advance(c, channel.name, self._holder, pulled.cursor, time.time()))
        self._intake.tell({*changed, *(message.conversation_id for message, one in stored if one.is_new)})


def pause_seconds(error: Exception, failures: int, usual: float) -> float:
    """As long as the platform asked for, else twice as long after each failure."""
    if isinstance(error, NotNow) and error.retry_after_seconds is not None:
        return max(error.retry_after_seconds, usual)
    return max(min(2.0**failures, LONGEST_PAUSE_SECONDS), usual)
