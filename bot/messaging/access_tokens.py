"""The token that a platform lends for an hour or two against the app's secret, and puts before every call."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from bot.messaging.errors import NotNow, Uncertain
from bot.messaging.sending import Call, post

LONGEST_MARGIN_SECONDS = 300.0


@dataclass(frozen=True)
class Lent:
    """A token, and for how long it was lent."""

    token: str = field(repr=False)
    seconds: float


class AccessToken:
    """Kept until shortly before its end. Asked for once, however many wait for it. Belongs to one event loop."""

    def __init__(self, ask: Callable[[httpx.AsyncClient], Awaitable[Lent]]) -> None:
        """`ask` gets a new one from the platform. Raises SendError."""
        self._ask = ask
        self._lock = asyncio.Lock()
        self._token = ""
        self._good_until = 0.0

    async def get(self, http: httpx.AsyncClient) -> str:
        """Raises Rejected where the platform does not know the app, NotNow where it does not answer."""
        async with self._lock:
            if not self._token or time.monotonic() >= self._good_until:
                await self._renew(http)
            return self._token

    async def _renew(self, http: httpx.AsyncClient) -> None:
        try:
            lent = await self._ask(http)
        except Uncertain as error:  # nothing was said to anybody yet
            raise NotNow(error.reason) from None
        except (ValueError, KeyError, TypeError):
            raise NotNow("the platform lent no access token") from None
        self._token = lent.token
        self._good_until = time.monotonic() + lent.seconds - min(LONGEST_MARGIN_SECONDS, lent.seconds / 10)

    def forget(self, token: str) -> None:
        """The platform takes this one no longer; one that was lent since is kept."""
        if token == self._token:
            self._token = ""

    async def call(
        self, http: httpx.AsyncClient, make: Callable[[str], Call], is_stale: Callable[[httpx.Response], bool]
    ) -> httpx.Response:
        """Make the call; once more with a new token where this one is said to be stale. Raises SendError."""
        token = await self.get(http)
        response = await post(http, make(token))
        if not is_stale(response):
            return response
        self.forget(token)
        token = await self.get(http)
        return await post(http, make(token))
