"""Proving that Microsoft's Bot Framework sent a delivery: a token (JWT, RS256) signed with one of its published keys.

    keys        of the OpenID configuration, kept for a day; a key that is not among them is asked for once more
    token       its issuer, our app as its audience, its time give or take five minutes
    delivery    its `serviceUrl` is the token's, and the key vouches for its `channelId`

The token does not cover the body: it says who calls, not what is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
from jwt.types import Options

from bot.messaging.channel import Inbound
from bot.messaging.errors import NotNow, SendError
from bot.messaging.sending import Call, check_status, post

ISSUER = "https://api.botframework.com"
ALGORITHM = "RS256"
SKEW_SECONDS = 300
KEPT_SECONDS = 86_400.0
AGAIN_SECONDS = 300.0
BEARER = "Bearer "
REQUIRED = ["exp", "nbf", "iss", "aud"]
MISREAD = (jwt.InvalidTokenError, KeyError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True)
class Key:
    """A public key, and the channels whose deliveries it may sign."""

    public: jwt.PyJWK
    endorsed: frozenset[str]


class Keys:
    """What Microsoft signs with. Belongs to one event loop."""

    def __init__(self, openid_url: str) -> None:
        self._openid_url = openid_url
        self._keys: Mapping[str, Key] = {}
        self._asked_at: float | None = None

    def find(self, key_id: str) -> Key | None:
        return self._keys.get(key_id)

    async def learn(self, http: httpx.AsyncClient, key_id: str, now: float) -> None:
        """Have the key, if there is one. Raises SendError only where none is known at all."""
        age = now - self._asked_at if self._asked_at is not None else KEPT_SECONDS
        if age < (KEPT_SECONDS if key_id in self._keys else AGAIN_SECONDS):
            return
        try:
            self._keys = await self._published(http)
            self._asked_at = now
        except SendError:
            if not self._keys:
                raise

    async def _published(self, http: httpx.AsyncClient) -> dict[str, Key]:
        try:
            configuration = await _get(http, self._openid_url)
            published = (await _get(http, configuration["jwks_uri"]))["keys"]
            return {one["kid"]: Key(jwt.PyJWK(one), frozenset(one.get("endorsements", ()))) for one in published}
        except (KeyError, TypeError, ValueError, jwt.PyJWTError):
            raise NotNow("Microsoft's keys could not be read") from None


async def _get(http: httpx.AsyncClient, url: str) -> Any:
    response = await post(http, Call(url, method="GET"))
    check_status(response)
    return response.json()


def token_of(request: Inbound) -> str:
    given = request.header("authorization")
    return given.removeprefix(BEARER) if given.startswith(BEARER) else ""


def key_id_of(request: Inbound) -> str | None:
    """The name of the key that the token says it is signed with; None for what is no such token."""
    try:
        header = jwt.get_unverified_header(token_of(request))
        return str(header["kid"]) if header["alg"] == ALGORITHM else None
    except MISREAD:
        return None


def is_proven(request: Inbound, activity: Mapping[str, Any], app_id: str, keys: Keys, now: float) -> bool:
    """Whether the delivery's token proves that the Bot Framework sent this activity to this app."""
    key = keys.find(key_id_of(request) or "")
    if key is None:
        return False
    try:
        claims = claims_of(token_of(request), key, app_id)
        is_timely = claims["nbf"] - SKEW_SECONDS <= now <= claims["exp"] + SKEW_SECONDS
        is_same_service = claims["serviceurl"] == activity["serviceUrl"]
        return is_timely and is_same_service and activity["channelId"] in key.endorsed
    except MISREAD:
        return False


def claims_of(token: str, key: Key, app_id: str) -> dict[str, Any]:
    """Raises InvalidTokenError. The time is left to the caller, who knows what time it is."""
    untimed: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "require": REQUIRED}
    return jwt.decode(token, key.public, [ALGORITHM], untimed, audience=app_id, issuer=ISSUER)
