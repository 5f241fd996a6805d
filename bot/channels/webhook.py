"""Any system of your own, by signed webhooks both ways (standardwebhooks.com).

    in    {"sender", "message", "metadata"?, "attachments"?: [{"url", "name"?, "media_type"?}]}, or
          {"receipts": [{"id", "state": "delivered" | "read" | "failed", "why"?}]} of what Kefu posted, by webhook-id
    out   {"recipient_id", "text"?, "buttons"?, "rows"?, "image"?, "files"?, "cards"?, "custom"?} to KEFU_WEBHOOK_URL,
          signed the same way

webhook-id is the message's id: a retry is answered once. A file's address is only followed to the hosts of
KEFU_WEBHOOK_FILE_HOSTS.

Headers: webhook-id, webhook-timestamp, webhook-signature (`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import orjson
from pydantic import Field, SecretStr, field_validator

from bot.channels.base import check_id, make_message, nobody_at
from bot.conversation.outbox import encode
from bot.messages import Attachment, UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import FOR_GOOD, Channel, ChannelSettings, Fetched, Inbound, Part, Receipt, Recipient
from bot.messaging.downloads import download
from bot.messaging.media import kind_of
from bot.messaging.sending import Call
from bot.messaging.signatures import refused
from bot.messaging.standard_webhooks import SHAPE, is_key, is_signed, signed
from bot.problem import Problem

STATES = frozenset({"delivered", "read", "failed"})


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
    file_hosts: str = Field(
        default="",
        description="Hosts that attachments are fetched from by https, comma-separated, e.g. `files.shop.example`, or "
        "`http://host:port` within your network; without them none is.",
    )

    @field_validator("secret", "previous_secret")
    @classmethod
    def readable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_key(value):
            raise ValueError(SHAPE)
        return value


def attachment(fields: Mapping[str, Any]) -> Attachment:
    media_type = str(fields.get("media_type") or "")
    return Attachment(kind_of(media_type), str(fields["url"]), str(fields.get("name") or ""), media_type)


class Webhook(Channel[WebhookSettings]):
    name = "webhook"
    Settings = WebhookSettings
    can = Capabilities(
        text_limit=100_000, buttons=100, title_limit=1_000, cards=True, images=True, files=True, rows=100
    )
    remembers_seconds = FOR_GOOD
    is_timed = True

    def verify(self, request: Inbound, now: float) -> None:
        if not is_signed(request, self.secrets, now):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        try:
            fields = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            raise Problem(400, "Malformed JSON", "The body is not JSON.") from None
        if isinstance(fields, dict) and "receipts" in fields and "message" not in fields:
            return []
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
                attachments=[attachment(one) for one in fields.get("attachments") or ()],
            )
        ]

    def receipts(self, request: Inbound) -> Sequence[Receipt]:
        told = orjson.loads(request.body).get("receipts") or ()
        return [Receipt(one["id"], one["state"], str(one.get("why", ""))) for one in told if one["state"] in STATES]

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        url, hosts = attachment.reference, [one.strip() for one in self.settings.file_hosts.split(",")]
        origin = next((one for one in hosts if "://" in one and url.startswith(f"{one.rstrip('/')}/")), "")
        known = [one for one in hosts if one and "://" not in one]
        return await download(http, url, hosts=known, origin=origin, limit_bytes=self.can.attachment_limit_bytes)

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:
        """The receiver knows a message by the id that we give it."""
        await super().deliver(http, part, to)
        return part.key

    def render(self, part: Part, to: Recipient) -> Call:
        body = orjson.dumps({"recipient_id": to.sender_id, **encode(part.message)})
        headers = signed(part.key, body, self.secrets)
        return Call(self.settings.url, body, {"content-type": "application/json", **headers})

    def sent_id(self, response: httpx.Response) -> str:  # noqa: ARG002
        return ""

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        return await nobody_at(http, "KEFU_WEBHOOK_URL", self.settings.url)

    @property
    def secrets(self) -> list[SecretStr]:
        previous = self.settings.previous_secret
        return [self.settings.secret, *([previous] if previous else [])]
