"""Calls to a platform that answers as a test wants it, and what it heard."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx

T = TypeVar("T")


def answered(
    work: Callable[[httpx.AsyncClient], Awaitable[T]],
    *answers: httpx.Response,
    lends: Callable[[httpx.Request, int], httpx.Response | None],
) -> tuple[T, list[httpx.Request]]:
    """Runs `work`; `lends` answers the requests for a token (and hears how many came before), `answers` the others."""
    heard: list[httpx.Request] = []
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        request.read()
        heard.append(request)
        return lends(request, len(heard)) or left.pop(0)

    async def run() -> T:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            return await work(http)

    return asyncio.run(run()), heard
