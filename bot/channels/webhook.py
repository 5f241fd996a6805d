"""Any system of your own, by signed webhooks both ways (standardwebhooks.com).

    in    {"sender", "message", "metadata"?}     webhook-id is the message's id: a retry is answered once
    out   {"recipient_id", "text"?, "buttons"?, "image"?, "cards"?, "custom"?} to KEFU_WEBHOOK_URL, signed the same way

Headers: webhook-id, webhook-timestamp, webhook-signature (`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`).
"""

import base64
import binascii
import time
from collections.abc import Sequence

import httpx
import orjson
from pydantic import Field, SecretStr, field_validator

from bot.channels.base import check_id, make_message
from bot.conversation.outbox import encode
from bot.messages import UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Channel, ChannelSettings, Inbound, Part, Recipient
from bot.messaging.sending import Call
from bot.messaging.signatures import any_matches, hmac_sha256_base64, is_fresh, refused
from bot.problem import Problem

PREFIX = "whsec_"


class WebhookSettings(ChannelSettings):
    """What both sides have agreed upon."""

    secret: SecretStr = Field(
        description="Signs both ways: `whsec_` and 24 to 64 bytes in base64, as Standard Webhooks has it."
    )
    previous_secret: SecretStr | None = Field(
        default=None, description="The secret before: also accepted, and signed with too, while you change it."
    )
    url: str = Field(
        description="Where Kefu posts what it says, e.g. `https://shop.example/kefu`.", pattern="^https?://"
    )

    @field_validator("secret", "previous_secret")
    @classmethod
    def readable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not 24 <= len(key_of(value.get_secret_value())) <= 64:
            raise ValueError(f"must be {PREFIX} and 24 to 64 bytes in base64")
        return value


def key_of(secret: str) -> bytes:
    """The bytes of a `whsec_…`; none where it is not one."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else b""
    except binascii.Error:
        return b""


class Webhook(Channel[WebhookSettings]):
    name = "webhook"
    Settings = WebhookSettings
    can = Capabilities(text_limit=100_000, buttons=100, title_limit=1_000, cards=True, images=True)
    is_idempotent = True
    is_timed = True

    def verify(self, request: Inbound, now: float) -> None:
        message_id, timestamp = request.header("webhook-id"), request.header("webhook-timestamp")
        given = [one.removeprefix("v1,") for one in request.header("webhook-signature").split() if one[:3] == "v1,"]

        def sign(secret: str) -> str:
            return signature(secret, message_id, timestamp, request.body)

        if not (message_id and is_fresh(timestamp, now) and any_matches(self.secrets, given, sign)):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        try:
            fields = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            raise Problem(400, "Malformed JSON", "The body is not JSON.") from None
        if not isinstance(fields, dict) or not all(isinstance(fields.get(name), str) for name in ("sender", "message")):
            raise Problem(422, "Unprocessable body", 'The body must be an object like {"sender": …, "message": …}.')
        metadata = fields.get("metadata")
        return [
            make_message(
                self.name,
                check_id("sender", fields["sender"]),
                fields["message"],
                check_id("webhook-id", request.header("webhook-id")),
                metadata if isinstance(metadata, dict) else {},
                self.text_limit,
            )
        ]

    def render(self, part: Part, to: Recipient) -> Call:
        body = orjson.dumps({"recipient_id": to.sender_id, **encode(part.message)})
        timestamp = str(int(time.time()))
        signatures = [f"v1,{signature(one.get_secret_value(), part.key, timestamp, body)}" for one in self.secrets]
        headers = {"webhook-id": part.key, "webhook-timestamp": timestamp, "webhook-signature": " ".join(signatures)}
        return Call(self.settings.url, body, {"content-type": "application/json", **headers})

    def sent_id(self, response: httpx.Response) -> str:  # noqa: ARG002
        return ""

    @property
    def secrets(self) -> list[SecretStr]:
        previous = self.settings.previous_secret
        return [self.settings.secret, *([previous] if previous else [])]


def signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    return hmac_sha256_base64(key_of(secret), f"{message_id}.{timestamp}.".encode("utf-8", "surrogateescape") + body)
