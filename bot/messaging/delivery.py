"""Sends what the outbox holds for messaging channels: a conversation's lines in order, many conversations at once.

Woken when something was committed to a conversation; `sweep` finds what nobody was woken for: lines to be tried again,
and those of a process that died. Several processes may do this on one database.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import httpx
from sqlalchemy import Connection

from bot.conversation import attachments, deliveries, receipts, tracker_store
from bot.conversation.deliveries import Claimed
from bot.conversation.group_commit import GroupCommit
from bot.database import Database
from bot.messages import Attachment, BotMessage, UserMessage
from bot.messaging import windows
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Channel, Fetched, Part, Recipient
from bot.messaging.errors import NotNow, Rejected, SendError, Uncertain
from bot.messaging.fitting import fit, unreachable
from bot.messaging.links import Links
from bot.messaging.off_loop import OffLoop
from bot.messaging.pace import Pace
from bot.messaging.sending import Call

log = logging.getLogger("kefu.messaging")

MOST_TRIES = 10
LONGEST_PAUSE_SECONDS = 300.0
AT_ONCE = 16
"""Conversations of one channel that are sent to at the same time."""
WINDOW_CLOSED = "window closed: the platform takes nothing until the customer writes again"
STOPPED = "Kefu was stopped between two parts"
BROKE_OFF = "every try broke off"
NO_ADDRESS = "a file can only go out as a link here, and KEFU_PUBLIC_URL is not set"


class Delivery:
    """Belongs to the event loop. `http` is closed by whoever made it."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel[Any]],
        http: httpx.AsyncClient,
        links: Links | None = None,
        on_change: Callable[[str], None] = lambda _conversation_id: None,
        observe: Callable[[str, str], None] = lambda _channel, _outcome: None,
        commits: GroupCommit | None = None,
    ) -> None:
        """`on_change` hears of conversations one of whose lines has had its last word, `observe` counts these words:
        channel, and `delivered`, `unsure`, `dead`, `refused` or `later`."""
        self._db = OffLoop(database, commits)
        self._channels = channels
        self._http = http
        self._links = links
        self._on_change = on_change
        self._observe = observe
        self._paces = {name: Pace(channel.calls_per_second) for name, channel in channels.items()}
        self._slots = {name: asyncio.Semaphore(AT_ONCE) for name in channels}
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._typing: set[asyncio.Task[None]] = set()
        self._is_closing = False
        self._is_telling = False

    def wake(self, conversation_id: str) -> None:
        """Something was committed to this conversation: send what is to be sent, unless that is going on."""
        if self._is_telling or channel_of(conversation_id) not in self._channels:
            return
        self._woken.add(conversation_id)
        if conversation_id not in self._sending:
            task = asyncio.create_task(self._send_all(conversation_id))
            self._sending[conversation_id] = task
            task.add_done_callback(lambda done: self._sent_all(conversation_id, done))

    async def sweep(self) -> None:
        """Wake every conversation that has a line to send now."""
        names = [name for name in self._channels if not self._paces[name].is_paused]
        for conversation_id in await self._db.read(lambda c: deliveries.due(c, names, time.time())) if names else ():
            self.wake(conversation_id)

    def show_typing(self, message: UserMessage) -> None:
        """Tell the platform that an answer is being written, where it can be told. It does not matter if that fails."""
        to = Recipient(message.sender_id, message.account, message.metadata)
        channel = self._channels[message.channel]
        if call := channel.typing(to):
            task = asyncio.create_task(self._show_typing(message.conversation_id, channel, call))
            self._typing.add(task)
            task.add_done_callback(self._typing.discard)

    async def close(self) -> None:
        """Let the calls that are on their way end, so that what was handed over is noted as such. The rest is for the
        next process."""
        self._is_closing = True
        await asyncio.gather(*self._sending.values(), *self._typing, return_exceptions=True)

    # ---- one conversation ----

    def _sent_all(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        del self._sending[conversation_id]
        if not task.cancelled() and (error := task.exception()):
            log.warning("sending stopped and will go on with the next sweep: %s", type(error).__name__)
        elif conversation_id in self._woken and not self._is_closing:
            self.wake(conversation_id)

    async def _send_all(self, conversation_id: str) -> None:
        channel = self._channels[channel_of(conversation_id)]
        async with self._slots[channel.name]:
            self._woken.discard(conversation_id)
            pace = self._paces[channel.name]
            while not (pace.is_paused or self._is_closing) and (claimed := await self._claim(conversation_id, channel)):
                await self._send_line(channel, claimed)

    async def _claim(self, conversation_id: str, channel: Channel[Any]) -> Claimed | None:
        """Looks before it asks for a write transaction: most wake-ups come from messages that were only stored."""
        if not await self._db.read(lambda c: deliveries.is_something_left(c, conversation_id)):
            return None
        return await self._db.write(
            lambda c: deliveries.claim(c, conversation_id, channel.remembers_seconds, time.time())
        )

    async def _send_line(self, channel: Channel[Any], line: Claimed) -> None:
        """Send the parts that are left. Ends with the line's last word, or with its being put off."""
        if line.tries > MOST_TRIES:
            return await self._end(line, "dead", BROKE_OFF)
        can = channel.shows(line.latest)
        message, contents = await self._with_files(line, can)
        if unreachable(message, can):
            return await self._end(line, "dead", NO_ADDRESS)
        parts = fit(message, can, line.language)
        to, is_unsure = Recipient(line.sender_id, line.account, line.latest, line.owner), line.is_unsure
        if is_unsure:
            await channel.passed_over(self._http, to)
        for number in range(line.parts_done, len(parts)):
            if number > line.parts_done and self._is_closing:
                return await self._db.write(lambda c: deliveries.later(c, line.outbox_id, time.time(), STOPPED))
            if number > line.parts_done and not await self._db.read(lambda c: deliveries.is_allowed(c, line.outbox_id)):
                return await self._end(line, "refused")
            is_again = number == line.parts_done and line.tries > 1
            key = receipts.key_of(line.outbox_id, line.made_at, number)
            part = Part(parts[number], key, line.seq, contents, line.made_at, is_again)
            try:
                platform_id, doubt = await self._send_part(channel, part, to, is_closed(line, can)), None
            except SendError as error:
                if not isinstance(error, Uncertain) or channel.remembers_seconds:
                    return await self._not_sent(line, error, line.tries if number == line.parts_done else 1)
                platform_id, doubt, is_unsure = None, error.reason, True
                await channel.passed_over(self._http, to)
            status = None if number + 1 < len(parts) else "unsure" if is_unsure else "delivered"
            await self._part_done(channel, line, number, platform_id, doubt, status)
        if line.parts_done < len(parts):
            return None
        return await self._end(line, "unsure" if is_unsure else "delivered")  # its process died before it could say so

    async def _with_files(self, line: Claimed, can: Capabilities) -> tuple[BotMessage, dict[str, Fetched]]:
        """The line with addresses for its stored files, and their bytes where the platform takes those."""
        if not line.message.files:
            return line.message, {}
        files = tuple(self._with_address(one, line.made_at) for one in line.message.files)
        stored = await self._db.read(lambda c: attachments.opened(c, line.message.files)) if can.uploads else {}
        contents = {
            new.reference: Fetched(stored[old.reference].content, new.media_type, new.name)
            for old, new in zip(line.message.files, files, strict=True)
            if old.reference in stored
        }
        return replace(line.message, files=files), contents

    def _with_address(self, file: Attachment, made_at: float) -> Attachment:
        number = attachments.stored_id(file.reference)
        if number is None or self._links is None:
            return file
        return replace(file, reference=self._links.address(number, made_at))

    async def _send_part(self, channel: Channel[Any], part: Part, to: Recipient, is_closed: bool) -> str:
        pace = self._paces[channel.name]
        await pace.wait()
        if not is_closed:
            return await channel.deliver(self._http, part, to)
        if call := channel.reopening(part, to):
            return await channel.send(self._http, call)
        raise Rejected(WINDOW_CLOSED)

    async def _show_typing(self, conversation_id: str, channel: Channel[Any], call: Call) -> None:
        """Not where a person has the conversation: then the bot writes nothing."""
        head = await self._db.read(lambda c: tracker_store.head(c, conversation_id))
        if head is None or head.owner != "bot":
            return
        try:
            await channel.call(self._http, call)
        except SendError as error:
            log.debug("typing was not shown: %s", error.reason)

    # ---- what came of it ----

    async def _part_done(
        self,
        channel: Channel[Any],
        line: Claimed,
        number: int,
        platform_id: str | None,
        doubt: str | None,
        status: str | None,
    ) -> None:
        """`status`: the line's last word, where it was the last part."""

        def note(connection: Connection) -> None:
            now = time.time()
            deliveries.part_done(connection, line.outbox_id, number, platform_id, now, doubt)
            if platform_id and channel.has_receipts:
                receipts.note_part(connection, channel.name, platform_id, line.outbox_id, number, now)
            if status:
                deliveries.end(connection, line.outbox_id, status)

        await self._db.write(note)
        if status:
            self._tell(line, status)

    async def _not_sent(self, line: Claimed, error: SendError, tries: int) -> None:
        if isinstance(error, Rejected) or tries >= MOST_TRIES:
            log.warning("a line could not be sent", extra={"outbox_id": line.outbox_id, "why": error.reason})
            return await self._end(line, "dead", error.reason)
        wanted = error.retry_after_seconds if isinstance(error, NotNow) else None
        pause = pause_seconds(tries) if wanted is None else wanted
        channel = channel_of(line.conversation_id)
        if isinstance(error, NotNow) and error.whole_channel:
            self._paces[channel].pause(pause)
        elif isinstance(error, NotNow) and error.whole_channel is None:
            self._paces[channel].limit(line.conversation_id, pause)
        self._observe(channel, "later")
        due_at, is_unsure = time.time() + pause, isinstance(error, Uncertain)
        return await self._db.write(lambda c: deliveries.later(c, line.outbox_id, due_at, error.reason, is_unsure))

    async def _end(self, line: Claimed, status: str, why: str | None = None) -> None:
        await self._db.write(lambda c: deliveries.end(c, line.outbox_id, status, why))
        self._tell(line, status)

    def _tell(self, line: Claimed, status: str) -> None:
        """Others want to know; there is nothing new in it to send."""
        self._observe(channel_of(line.conversation_id), status)
        self._is_telling = True
        try:
            self._on_change(line.conversation_id)
        finally:
            self._is_telling = False


def channel_of(conversation_id: str) -> str:
    return conversation_id.partition(":")[0]


def is_closed(line: Claimed, can: Capabilities) -> bool:
    """Whether the platform's time for answers is over."""
    closes_at = windows.closes_at(line.heard_at, can.window_hours)
    return closes_at is not None and time.time() >= closes_at


def pause_seconds(tries: int) -> float:
    """Twice as long after every try, and by chance a little less, so that not all come back at once."""
    return min(2.0**tries, LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0)
