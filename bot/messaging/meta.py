"""What WhatsApp and Messenger share: Meta's handshake and signature, its Graph API, and how that says no.

    in    GET hub.challenge for whoever knows the verify token; deliveries signed over the raw body with the app secret
    out   calls of the Graph API with an access token; its errors have codes, and some say when to come back

Meta signs no time, so a delivery's own ids are what keeps it from being answered twice.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
import orjson
from pydantic import Field, SecretStr

from bot.messaging.channel import Answer, Channel, ChannelSettings, Inbound
from bot.messaging.downloads import is_allowed
from bot.messaging.errors import NotNow, Rejected, SendError
from bot.messaging.sending import LONGEST_WAIT_SECONDS, MAYBE_TAKEN, Call, check_status, post, retry_after
from bot.messaging.signatures import any_matches, hmac_sha256, refused

GRAPH = "https://graph.facebook.com/v25.0"
HOSTS = (".fbcdn.net", ".fbsbx.com")
"""Where Meta keeps what people send."""
WHOLE_ACCOUNT = frozenset({4, 17, 32, 613, 80006, 80007, 130429})
"""Codes of limits that count for everybody the account writes to."""
LATER = frozenset({2, 1200, 131000, 131016, 131057, 133004}) | WHOLE_ACCOUNT
PAIR_LIMIT, PAIR_SECONDS = 131056, 6.0
"""Too much to one person in too short a time; WhatsApp lets about one message through in six seconds."""


class MetaSettings(ChannelSettings):
    """What every app of Meta's has."""

    app_secret: SecretStr = Field(description="The app's secret, under App settings → Basic.")
    previous_app_secret: SecretStr | None = Field(
        default=None, description="The app secret before: also accepted while you change it."
    )
    verify_token: SecretStr = Field(
        description="Made up by you, and written into the webhook's configuration as its verify token."
    )
    access_token: SecretStr = Field(description="The token that the Graph API is called with.")
    api_url: str = Field(
        default=GRAPH, description="Another address, or version, of Meta's Graph API.", pattern="^https?://"
    )


M = TypeVar("M", bound=MetaSettings)


class MetaChannel(Channel[M]):
    """A channel of Meta's without its messages."""

    def handshake(self, request: Inbound, now: float) -> Answer | None:  # noqa: ARG002
        if request.method != "GET":
            return None
        given = request.query.get("hub.verify_token", "")
        is_known = any_matches([self.settings.verify_token], [given], lambda token: token)
        if not is_known or request.query.get("hub.mode") != "subscribe":
            raise refused(self.name)
        return Answer(request.query.get("hub.challenge", "").encode())

    def verify(self, request: Inbound, now: float) -> None:  # noqa: ARG002
        previous = self.settings.previous_app_secret
        secrets = [self.settings.app_secret, *([previous] if previous else [])]

        def sign(secret: str) -> str:
            return signature(secret, request.body)

        if not any_matches(secrets, [request.header("x-hub-signature-256")], sign):
            raise refused(self.name)

    def judge(self, response: httpx.Response) -> None:
        error = error_of(response)
        if error is None or response.status_code in MAYBE_TAKEN:
            return check_status(response)
        raise problem(error, response)

    def graph(self, path: str, fields: Mapping[str, Any] | None = None) -> Call:
        """A POST of `fields` to the Graph API; without them a GET."""
        headers = {"authorization": f"Bearer {self.settings.access_token.get_secret_value()}"}
        url = f"{self.settings.api_url.rstrip('/')}/{path}"
        if fields is None:
            return Call(url, headers=headers, method="GET")
        return Call(url, orjson.dumps(fields), {**headers, "content-type": "application/json"})

    async def ask(self, http: httpx.AsyncClient, path: str) -> dict[str, Any]:
        """What the Graph API says of something. Raises SendError."""
        response = await post(http, self.graph(path))
        self.judge(response)
        fields = response.json()
        if not isinstance(fields, dict):
            raise Rejected("the Graph API answered with something unknown")
        return fields

    def is_ours(self, url: str) -> bool:
        """Whether an address that Meta gave leads to Meta."""
        return is_allowed(url, HOSTS, self.settings.api_url)

    def not_taken(self, error: SendError) -> str:
        return f"Meta does not take KEFU_{self.name.upper()}_ACCESS_TOKEN for this account: {error.reason}"


def signature(secret: str, body: bytes) -> str:
    return f"sha256={hmac_sha256(secret.encode(), body).hex()}"


def error_of(response: httpx.Response) -> Mapping[str, Any] | None:
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return None
    return error if isinstance(error, dict) and isinstance(error.get("code"), int) else None


def problem(error: Mapping[str, Any], response: httpx.Response) -> SendError:
    code, status = error["code"], response.status_code
    reason = f"HTTP {status}: {str(error.get('message') or code)[:200]}"
    if code == PAIR_LIMIT:
        return NotNow(reason, PAIR_SECONDS)
    if code in LATER or error.get("is_transient") or status == 429 or status >= 500:
        return NotNow(reason, wait_seconds(response), whole_channel=code in WHOLE_ACCOUNT)
    return Rejected(reason)


def wait_seconds(response: httpx.Response) -> float | None:
    """When Meta says that the account may write again: of its uses of the API, the longest wait."""
    told = retry_after(response.headers.get("retry-after", ""), datetime.now(UTC))
    if told is not None:
        return told
    try:
        uses = orjson.loads(response.headers.get("x-business-use-case-usage", "{}")).values()
        minutes = max(float(use.get("estimated_time_to_regain_access", 0)) for one in uses for use in one)
    except (ValueError, TypeError, AttributeError):
        return None
    return min(minutes * 60, LONGEST_WAIT_SECONDS) or None
