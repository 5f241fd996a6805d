"""The token that a platform lends: asked for once, renewed in time, and once more where it is taken no longer."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from bot.messaging.access_tokens import AccessToken, Lent
from bot.messaging.errors import NotNow, Rejected, Uncertain
from bot.messaging.sending import Call


class Lender:
    def __init__(self, seconds: float = 7200, error: Exception | None = None) -> None:
        self.lent = 0
        self.seconds = seconds
        self.error = error

    async def __call__(self, http: httpx.AsyncClient) -> Lent:  # noqa: ARG002
        await asyncio.sleep(0.01)
        self.lent += 1
        if self.error:
            raise self.error
        return Lent(f"token-{self.lent}", self.seconds)


def platform(takes: Callable[[str], bool]) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.MockTransport(lambda request: httpx.Response(200 if takes(str(request.url)) else 401))
    )


def test_many_who_wait_cause_one_request() -> None:
    async def run() -> None:
        lender = Lender()
        token = AccessToken(lender)
        async with httpx.AsyncClient() as http:
            assert set(await asyncio.gather(*(token.get(http) for _ in range(20)))) == {"token-1"}
        assert lender.lent == 1

    asyncio.run(run())


def test_it_is_renewed_before_it_ends() -> None:
    async def run() -> None:
        lender = Lender(seconds=0.02)
        token = AccessToken(lender)
        async with httpx.AsyncClient() as http:
            await token.get(http)
            await asyncio.sleep(0.02)
            assert await token.get(http) == "token-2"

    asyncio.run(run())


@pytest.mark.parametrize(("good", "lent", "status"), [("token-1", 1, 200), ("token-2", 2, 200), ("token-9", 2, 401)])
def test_a_stale_one_is_replaced_once(good: str, lent: int, status: int) -> None:
    async def run() -> None:
        lender = Lender()
        token = AccessToken(lender)
        async with platform(lambda url: url.endswith(good)) as http:
            response = await token.call(
                http, lambda one: Call(f"http://platform/{one}"), lambda answer: answer.status_code == 401
            )
        assert (response.status_code, lender.lent) == (status, lent)

    asyncio.run(run())


def test_one_that_was_lent_since_is_not_forgotten() -> None:
    async def run() -> None:
        lender = Lender()
        token = AccessToken(lender)
        async with httpx.AsyncClient() as http:
            await token.get(http)
            token.forget("an-older-one")
            assert await token.get(http) == "token-1"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("error", "told"),
    [(Uncertain("no answer"), NotNow), (KeyError("access_token"), NotNow), (Rejected("errcode 40125"), Rejected)],
)
def test_without_one_nothing_was_sent_so_it_is_never_uncertain(error: Exception, told: type[Exception]) -> None:
    async def run() -> None:
        async with httpx.AsyncClient() as http:
            with pytest.raises(told):
                await AccessToken(Lender(error=error)).get(http)

    asyncio.run(run())
