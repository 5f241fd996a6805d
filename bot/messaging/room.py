"""How many turns of messaging channels run at once: as many as leave deliveries acknowledged at once.

A platform that waits too long for its acknowledgement delivers again, and in the end not at all; a customer hardly sees
whether an answer takes a second more. So turns make room: as soon as storing a delivery takes long, half as many begin;
while it is quick, there are a few more with every delivery.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

SLOW_SECONDS = 0.01
FIRST = 2
"""As many at first, until it is seen how quick the machine is."""
MORE = 0.05
"""By how much a quick delivery raises the limit."""


class Room:
    """Belongs to one event loop. `most` turns at once at most, one at least."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(min(most, FIRST))
        self._running = 0
        self._freed = asyncio.Condition()

    @property
    def limit(self) -> int:
        return int(self._limit)

    @contextmanager
    def storing(self) -> Iterator[None]:
        """Around everything up to a delivery's acknowledgement."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        yield
        if loop.time() - started > SLOW_SECONDS:
            self._limit = max(1.0, self._limit / 2)
        else:
            self._limit = min(float(self._most), self._limit + MORE)

    @asynccontextmanager
    async def turning(self) -> AsyncIterator[None]:
        """Around a turn; waits for its place."""
        async with self._freed:
            await self._freed.wait_for(lambda: self._running < self.limit)
            self._running += 1
        try:
            yield
        finally:
            async with self._freed:
                self._running -= 1
                self._freed.notify_all()
