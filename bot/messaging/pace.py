"""How fast a channel may send: so many calls a second, with none saved up; none at all while it is paused."""

import asyncio
import time


class Pace:
    """Callers wait their turn in `wait`. Belongs to one event loop."""

    def __init__(self, calls_per_second: float) -> None:
        self._gap = 1 / calls_per_second
        self._next = 0.0
        self._paused_until = 0.0
        self._limited: dict[str, float] = {}

    async def wait(self) -> None:
        now = time.monotonic()
        at = max(self._next, now)
        self._next = at + self._gap
        await asyncio.sleep(at - now)

    def pause(self, seconds: float) -> None:
        """The platform takes nothing from anybody for so long."""
        self._paused_until = max(self._paused_until, time.monotonic() + seconds)

    def limit(self, whom: str, seconds: float) -> None:
        """The platform takes nothing from this person for so long, and perhaps from nobody: that shows when it refuses
        another one's before the time is over."""
        now = time.monotonic()
        self._limited = {one: until for one, until in self._limited.items() if until > now} | {whom: now + seconds}
        if len(self._limited) > 1:
            self.pause(seconds)

    @property
    def is_paused(self) -> bool:
        return time.monotonic() < self._paused_until
