"""Sends what the outbox holds for messaging channels: a conversation's lines in order, many conversations at once.

Woken when something was committed to a conversation; `sweep` finds what nobody was woken for: lines to be tried again,
and those of a process that died. Several processes may do this on one database.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx
from sqlalchemy import Connection

from bot.conversation import deliveries, receipts, tracker_store
from bot.conversation.deliveries import Claimed
from bot.database import Database
from bot.messages import UserMessage
from bot.messaging.channel import Channel, Part, Recipient
from bot.messaging.errors import NotNow, Rejected, SendError, Uncertain
from bot.messaging.fitting import fit
from bot.messaging.pace import Pace
from bot.messaging.sending import Call, post

log = logging.getLogger("kefu.messaging")

T = TypeVar("T")

MOST_TRIES = 10
LONGEST_PAUSE_SECONDS = 300.0
AT_ONCE = 16
"""Conversations of one channel that are sent to at the same time."""


class Delivery:
    """Belongs to the event loop. `http` is closed by whoever made it."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel[Any]],
        http: httpx.AsyncClient,
        on_change: Callable[[str], None] = lambda _conversation_id: None,
    ) -> None:
        """`on_change` hears of conversations one of whose lines has had its last word."""
        self._database = database
        self._channels = channels
        self._http = http
        self._on_change = on_change
        self._paces = {name: Pace(channel.calls_per_second) for name, channel in channels.items()}
        self._slots = {name: asyncio.Semaphore(AT_ONCE) for name in channels}
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._typing: set[asyncio.Task[None]] = set()

    def wake(self, conversation_id: str) -> None:
        """Something was committed to this conversation: send what is to be sent, unless that is going on."""
        if conversation_id.partition(":")[0] not in self._channels:
            return
        self._woken.add(conversation_id)
        if conversation_id not in self._sending:
            task = asyncio.create_task(self._send_all(conversation_id))
            self._sending[conversation_id] = task
            task.add_done_callback(lambda done: self._sent_all(conversation_id, done))

    async def sweep(self) -> None:
        """Wake every conversation that has a line to send now."""
        if not self._channels:
            return
        for conversation_id in await self._read(lambda c: deliveries.due(c, list(self._channels), time.time())):
            self.wake(conversation_id)

    def show_typing(self, message: UserMessage) -> None:
        """Tell the platform that an answer is being written, where it can be told. It does not matter if that fails."""
        to = Recipient(message.sender_id, message.account, message.metadata)
        call = self._channels[message.channel].typing(to)
        if call is not None:
            task = asyncio.create_task(self._show_typing(message.conversation_id, call))
            self._typing.add(task)
            task.add_done_callback(self._typing.discard)

    async def close(self) -> None:
        """Let the calls that are on their way end: what was handed over is noted as such."""
        await asyncio.gather(*self._sending.values(), *self._typing, return_exceptions=True)

    # ---- one conversation ----

    def _sent_all(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        del self._sending[conversation_id]
        if not task.cancelled() and (error := task.exception()):
            log.warning("sending stopped and will go on with the next sweep: %s", type(error).__name__)
        elif conversation_id in self._woken:
            self.wake(conversation_id)

    async def _send_all(self, conversation_id: str) -> None:
        channel = self._channels[conversation_id.partition(":")[0]]
        async with self._slots[channel.name]:
            self._woken.discard(conversation_id)
            while claimed := await self._claim(conversation_id, channel):
                await self._send_line(channel, claimed)

    async def _claim(self, conversation_id: str, channel: Channel[Any]) -> Claimed | None:
        """Looks before it asks for a write transaction: most wake-ups come from messages that were only stored."""
        if not await self._read(lambda c: deliveries.is_something_left(c, conversation_id)):
            return None
        return await self._write(lambda c: deliveries.claim(c, conversation_id, channel.is_idempotent, time.time()))

    async def _send_line(self, channel: Channel[Any], line: Claimed) -> None:
        """Send the parts that are left. Ends with the line's last word, or with its being put off."""
        parts = fit(line.message, channel.can, line.language)
        to, is_unsure = Recipient(line.sender_id, line.account, line.latest), line.is_unsure
        for number in range(line.parts_done, len(parts)):
            if number > line.parts_done and not await self._read(lambda c: deliveries.is_allowed(c, line.outbox_id)):
                return await self._end(line, "refused")
            part = Part(parts[number], part_key(line, number), line.seq)
            try:
                platform_id, doubt = await self._send_part(channel, part, to), None
            except SendError as error:
                if not isinstance(error, Uncertain) or channel.is_idempotent:
                    return await self._not_sent(line, error, line.tries if number == line.parts_done else 1)
                platform_id, doubt, is_unsure = None, error.reason, True
            await self._part_done(channel, line, number, platform_id, doubt)
        return await self._end(line, "unsure" if is_unsure else "delivered")

    async def _send_part(self, channel: Channel[Any], part: Part, to: Recipient) -> str:
        await self._paces[channel.name].wait()
        return await channel.send(self._http, channel.render(part, to))

    async def _show_typing(self, conversation_id: str, call: Call) -> None:
        """Not where a person has the conversation: then the bot writes nothing."""
        head = await self._read(lambda c: tracker_store.head(c, conversation_id))
        if head is None or head.owner != "bot":
            return
        try:
            await post(self._http, call)
        except SendError as error:
            log.debug("typing was not shown: %s", error.reason)

    # ---- what came of it ----

    async def _part_done(
        self, channel: Channel[Any], line: Claimed, number: int, platform_id: str | None, doubt: str | None
    ) -> None:
        def note(connection: Connection) -> None:
            now = time.time()
            deliveries.part_done(connection, line.outbox_id, number, platform_id, now, doubt)
            if platform_id and channel.has_receipts:
                receipts.note_part(connection, channel.name, platform_id, line.outbox_id, number, now)

        await self._write(note)

    async def _not_sent(self, line: Claimed, error: SendError, tries: int) -> None:
        if isinstance(error, Rejected) or tries >= MOST_TRIES:
            log.warning("a line could not be sent", extra={"outbox_id": line.outbox_id, "why": error.reason})
            return await self._end(line, "dead", error.reason)
        wanted = error.retry_after_seconds if isinstance(error, NotNow) else None
        due_at = time.time() + (pause_seconds(tries) if wanted is None else wanted)
        return await self._write(lambda c: deliveries.later(c, line.outbox_id, due_at, error.reason))

    async def _end(self, line: Claimed, status: str, why: str | None = None) -> None:
        await self._write(lambda c: deliveries.end(c, line.outbox_id, status, why))
        self._on_change(line.conversation_id)

    async def _read(self, read: Callable[[Connection], T]) -> T:
        def work() -> T:
            with self._database.read() as connection:
                return read(connection)

        return await asyncio.to_thread(work)

    async def _write(self, write: Callable[[Connection], T]) -> T:
        def work() -> T:
            with self._database.writing() as connection:
                result = write(connection)
                connection.commit()
                return result

        return await asyncio.to_thread(work)


def part_key(line: Claimed, number: int) -> str:
    """The same for every try, and never that of another database's line: receivers may keep the keys for good."""
    return f"kefu-{line.outbox_id}-{round(line.made_at * 1000)}-{number}"


def pause_seconds(tries: int) -> float:
    """Twice as long after every try, and by chance a little less, so that not all come back at once."""
    return min(2.0**tries, LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0)
