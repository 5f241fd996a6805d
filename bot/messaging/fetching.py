"""Fetches the files that came with messages, after these were stored and acknowledged.

What is too large, or of a kind that is not taken, is noted as such, and the customer is told in one sentence while the
bot has the conversation; a person sees it for themselves. What a platform does not give now is asked for again.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Connection

from bot.conversation import attachments, outbox
from bot.conversation.attachments import Claimed, File, Status
from bot.database import Database
from bot.messages import Attachment, BotMessage
from bot.messaging.channel import Channel
from bot.messaging.downloads import TooLarge
from bot.messaging.errors import NotNow, Rejected, SendError
from bot.messaging.media import MEGABYTE, NotTaken, inspected
from bot.messaging.off_loop import OffLoop

log = logging.getLogger("kefu.messaging")

AT_ONCE = 4
MOST_TRIES = 6
LONGEST_PAUSE_SECONDS = 600.0
LOOK_SECONDS = 5.0
BROKE_OFF = "every try broke off"
NOTICES: Mapping[Status, Mapping[str, str]] = {
    "too_large": {
        "en": "That file is too large for me: I can take up to {megabytes:g} MB. Could you send a smaller one?",
        "zh": "这个文件太大了，我最多只能接收 {megabytes:g} MB。麻烦您压缩一下，或者换个小一点的再发给我。",
    },
    "refused": {
        "en": "I can't take this kind of file. Photos, PDFs and ordinary documents work well.",
        "zh": "这种格式的文件我收不了。照片、PDF 和常见的文档都可以。",
    },
    "failed": {
        "en": "Your file didn't reach me. Could you send it once more?",
        "zh": "您发的文件我没能收到，麻烦您再发一次，好吗？",
    },
}


@dataclass(frozen=True)
class Terms:
    """Which files are taken, by the settings."""

    limit_bytes: int
    allowed: Collection[str]


class Fetching:
    """Belongs to the event loop. `on_change` hears of conversations whose attachments have come."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel[Any]],
        http: httpx.AsyncClient,
        terms: Terms,
        on_change: Callable[[str], None] = lambda _conversation_id: None,
        observe: Callable[[str, str], None] = lambda _channel, _outcome: None,
    ) -> None:
        """`observe` counts: channel, and `stored`, `too_large`, `refused`, `failed` or `later`."""
        self._db = OffLoop(database)
        self._channels = channels
        self._http = http
        self._terms = terms
        self._on_change = on_change
        self._observe = observe
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """A message with attachments was stored."""
        self._woken.set()

    async def run(self) -> None:
        """For as long as the process serves. No failure of a platform or the database ends it."""
        while True:
            self._woken.clear()
            try:
                while await self.fetch_due():
                    pass
            except Exception as error:
                log.warning("fetching attachments stopped and will go on: %s", type(error).__name__)
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def fetch_due(self) -> int:
        """Fetch some of what is due; returns how many were."""
        due = await self._db.read(lambda c: attachments.due(c, time.time(), AT_ONCE))
        await asyncio.gather(*(self._fetch(number, channel) for number, channel in due))
        return len(due)

    async def _fetch(self, number: int, channel: str) -> None:
        claimed = await self._db.write(lambda c: attachments.claim(c, number, time.time()))
        if claimed is None:
            return None
        if claimed.tries > MOST_TRIES:
            return await self._end(claimed, channel, "failed", BROKE_OFF)
        try:
            file = await self._file(channel, claimed.attachment)
        except NotTaken as error:
            await self._end(claimed, channel, error.status, error.why)
        except TooLarge as error:
            await self._end(claimed, channel, "too_large", error.reason)
        except SendError as error:
            await self._not_fetched(claimed, channel, error)
        else:
            await self._db.write(lambda c: attachments.store(c, number, file))
            self._note(claimed, channel, "stored")

    async def _file(self, name: str, wanted: Attachment) -> File:
        channel = self._channels.get(name)
        if channel is None:
            raise NotTaken("failed", f"the channel {name} is not set up any more")
        limit = min(self._terms.limit_bytes, channel.can.attachment_limit_bytes)
        if (wanted.size or 0) > limit:
            raise NotTaken("too_large", f"larger than {limit / MEGABYTE:g} MB")
        try:
            fetched = await channel.fetch(self._http, wanted)
        except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
            raise Rejected(f"the platform's answer could not be read: {type(error).__name__}") from None
        called = fetched.name or wanted.name
        return await asyncio.to_thread(inspected, called, fetched.content, self._terms.allowed, limit)

    async def _not_fetched(self, claimed: Claimed, channel: str, error: SendError) -> None:
        if isinstance(error, Rejected) or claimed.tries >= MOST_TRIES:
            return await self._end(claimed, channel, "failed", error.reason)
        wanted = error.retry_after_seconds if isinstance(error, NotNow) else None
        pause = min(2.0**claimed.tries, LONGEST_PAUSE_SECONDS) if wanted is None else wanted
        await self._db.write(lambda c: attachments.later(c, claimed.id, time.time() + pause, error.reason))
        return self._observe(channel, "later")

    async def _end(self, claimed: Claimed, channel: str, status: Status, why: str) -> None:
        log.info("an attachment was not taken", extra={"attachment_id": claimed.id, "status": status, "why": why})

        def settle(connection: Connection) -> None:
            if attachments.end(connection, claimed.id, status, why):
                told = {language: self._notice(status, language) for language in ("en", "zh")}
                outbox.say_beside(connection, claimed.conversation_id, claimed.inbox_id, told, time.time())

        await self._db.write(settle)
        self._note(claimed, channel, status)

    def _notice(self, status: Status, language: str) -> BotMessage:
        words = NOTICES[status][language]
        return BotMessage(text=words.format(megabytes=self._terms.limit_bytes / MEGABYTE))

    def _note(self, claimed: Claimed, channel: str, outcome: str) -> None:
        self._observe(channel, outcome)
        self._on_change(claimed.conversation_id)
