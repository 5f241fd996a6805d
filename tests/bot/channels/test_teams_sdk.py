"""Microsoft's own SDK beside Kefu's Teams channel: whom its validator believes, and what its client calls."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import jwt
import orjson
import pytest
from microsoft_agents.activity import Activity, ChannelAccount, ConversationAccount
from microsoft_agents.hosting.core.authorization import AgentAuthConfiguration, JwtTokenValidator
from microsoft_agents.hosting.core.connector.client import ConnectorClient
from pydantic import SecretStr

from bot.channels.teams import BOT, SERVICE, Teams, TeamsSettings
from bot.messages import BotMessage
from bot.messaging.channel import Inbound, Part, Recipient
from bot.problem import Problem
from tests.contracts.emulator import Emulator, Heard, running
from tests.contracts.platforms import teams
from tests.contracts.platforms.teams import APP_ID, PLATFORM, published, token

TEXT = "你好 👋 & <hello>"
WRONG: Mapping[str, Callable[[float], str]] = {
    "over": lambda now: token("current", now, exp=int(now) - 900),
    "not yet": lambda now: token("current", now + 900),
    "for another app": lambda now: token("current", now, aud="another-app"),
    "of another issuer": lambda now: token("current", now, iss="https://evil.example"),
    "of another key": lambda now: of_another_key(token("current", now)),
    "of an unpublished key": lambda now: token("next", now),
    "cut off": lambda now: token("current", now)[:-4],
}


def of_another_key(genuine: str) -> str:
    """The same, signed by somebody else in the name of a published key."""
    claims = jwt.decode(genuine, options={"verify_signature": False})
    return jwt.encode(claims, teams.key_of("wrong"), "RS256", {"kid": "key-current"})


@pytest.fixture(autouse=True)
def published_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the SDK would fetch from login.botframework.com."""
    monkeypatch.setattr(jwt.PyJWKClient, "fetch_data", lambda _client: orjson.loads(published("current")))


def their_word(bearer: str) -> bool:
    """Whether the SDK believes it, as strict as it can be made."""
    configuration = AgentAuthConfiguration(client_id=APP_ID, tenant_id="t", validate_issuer=True)
    try:
        return asyncio.run(JwtTokenValidator(configuration).validate_token(bearer)).get_app_id() is not None
    except (jwt.PyJWTError, ValueError):
        return False


def our_word(bearer: str) -> bool:
    with running(Emulator(PLATFORM.answer)) as emulator:
        channel, now = opened(emulator), time.time()
        delivered = PLATFORM.delivery("ann", TEXT, 1, now)
        request = Inbound(headers={"authorization": f"Bearer {bearer}"}, body=delivered.body)

        async def prepare() -> None:
            async with httpx.AsyncClient() as http:
                await channel.prepare(http, request, now)

        asyncio.run(prepare())
    try:
        channel.verify(request, now)
    except Problem:
        return False
    return True


def opened(emulator: Emulator) -> Teams:
    given = PLATFORM.settings(emulator.url)
    secrets = {name: SecretStr(value) if "secret" in name else value for name, value in given.items()}
    return Teams(TeamsSettings.model_validate(secrets))


def test_a_genuine_token_is_believed_by_both() -> None:
    bearer = token("current", time.time())
    assert their_word(bearer) and our_word(bearer)


@pytest.mark.parametrize("name", WRONG)
def test_what_the_sdk_refuses_kefu_refuses(name: str) -> None:
    bearer = WRONG[name](time.time())
    assert not their_word(bearer) and not our_word(bearer)


def test_both_send_the_same() -> None:
    to = Recipient("a:1ann", latest={SERVICE: "https://smba.trafficmanager.net/amer/", BOT: "28:bot"})
    said = Activity(
        type="message",
        text=TEXT,
        text_format="plain",
        from_property=ChannelAccount(id="28:bot"),
        conversation=ConversationAccount(id="a:1ann"),
    )
    with running(Emulator(PLATFORM.answer)) as emulator:

        async def both() -> tuple[str | None, str]:
            client = ConnectorClient(f"{emulator.url}/amer/", "a-lent-token")
            theirs = await client.conversations.send_to_conversation("a:1ann", said)
            await client.close()
            async with httpx.AsyncClient() as http:
                return theirs.id, await opened(emulator).deliver(http, Part(BotMessage(text=TEXT), "k", 1), to)

        assert asyncio.run(both()) == ("1:sent", "1:sent")
        theirs, _lending, ours = emulator.heard
    assert called(ours) == called(theirs)


def called(heard: Heard) -> tuple[str, str, Any]:
    return httpx.URL(f"http://x{heard.path}").path, heard.headers["authorization"], orjson.loads(heard.body)
