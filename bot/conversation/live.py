"""Waking whoever watches a conversation when something was committed to it.

A wake-up carries no content: the watcher reads the database, which is the truth. So a lost one costs a moment, never a
message, and any process can serve any conversation. Between processes Redis passes the wake-ups on, when it is set.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

log = logging.getLogger("kefu.live")

CHANNEL = "kefu:changed"
RECONNECT_SECONDS = 1.0


class Live:
    """Watchers of this process by conversation. All methods belong to the event loop."""

    def __init__(self, redis_url: str | None = None) -> None:
        self._watchers: dict[str, set[asyncio.Event]] = {}
        self._followers: list[Callable[[str], None]] = []
        self._redis_url = redis_url
        self._redis: Any = None
        self._listener: asyncio.Task[None] | None = None
        self._publishing: set[asyncio.Task[None]] = set()

    @contextmanager
    def watch(self, conversation_id: str, *also: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the conversation changed (or `also` was woken). Clear it before you read."""
        changed = asyncio.Event()
        for key in (conversation_id, *also):
            self._watchers.setdefault(key, set()).add(changed)
        try:
            yield changed
        finally:
            for key in (conversation_id, *also):
                self._watchers[key].discard(changed)
                if not self._watchers[key]:
                    del self._watchers[key]

    def follow(self, follower: Callable[[str], None]) -> None:
        """Tell it of every change of any conversation. It must not rely on that: see above."""
        self._followers.append(follower)

    def changed(self, conversation_id: str) -> None:
        """Wake the watchers here, and those of the other processes."""
        self._wake(conversation_id)
        if self._redis is not None:
            task = asyncio.create_task(self._publish(conversation_id))
            self._publishing.add(task)
            task.add_done_callback(self._publishing.discard)

    async def start(self) -> None:
        if self._redis_url:
            from redis.asyncio import Redis

            self._redis = Redis.from_url(self._redis_url, decode_responses=True, health_check_interval=15)
            self._listener = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._listener:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
            await self._redis.aclose()

    def _wake(self, conversation_id: str) -> None:
        for changed in self._watchers.get(conversation_id, ()):
            changed.set()
        for follower in self._followers:
            follower(conversation_id)

    def _wake_all(self) -> None:
        for conversation_id in self._watchers:
            self._wake(conversation_id)

    async def _publish(self, conversation_id: str) -> None:
        try:
            await self._redis.publish(CHANNEL, conversation_id)
        except Exception as error:
            log.warning("redis did not take a wake-up: %s", type(error).__name__)

    async def _listen(self) -> None:
        """Pass on the other processes' wake-ups. After a lost connection everybody looks for what was missed."""
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    self._wake_all()
                    async for heard in subscription.listen():
                        if heard["type"] == "message":
                            self._wake(heard["data"])
            except Exception as error:
                log.warning("redis is not there, trying again: %s", type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)
