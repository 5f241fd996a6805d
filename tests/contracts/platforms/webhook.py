"""Standard Webhooks; signed here by the reference library."""

import base64
from datetime import UTC, datetime

import orjson
from standardwebhooks import Webhook

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform, State

SECRETS = {name: "whsec_" + base64.b64encode(name.encode() * 6).decode() for name in ("current", "previous", "wrong!")}
SECRETS["wrong"] = SECRETS.pop("wrong!")


class StandardWebhooks(Platform):
    def __init__(self) -> None:
        self.url = ""

    def settings(self, url: str) -> dict[str, str]:
        self.url = url
        secrets = {"secret": SECRETS["current"], "previous_secret": SECRETS["previous"]}
        return {**secrets, "url": f"{url}/kefu", "file_hosts": f"files.shop.example, {url}"}

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        file = {"url": f"{self.url}/files/a.png", "name": "a.png", "media_type": "image/png"}
        return self._delivered({"sender": sender, "message": "", "attachments": [file]}, number, at)

    def holds(self, heard: Heard) -> Reply | None:
        return Reply(200, PICTURE) if heard.path == "/files/a.png" else None

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        return self._delivered({"sender": sender, "message": text}, number, at, secret)

    def report(self, platform_id: str, state: State, number: int, at: float) -> Delivered:
        told = {"id": platform_id, "state": state, "why": "the mailbox is full"}
        return self._delivered({"receipts": [told]}, number, at)

    def _delivered(self, fields: dict[str, object], number: int, at: float, secret: str = "current") -> Delivered:
        body = orjson.dumps(fields).decode()
        message_id = f"msg_{number}"
        signature = Webhook(SECRETS[secret]).sign(message_id, datetime.fromtimestamp(int(at), UTC), body)
        headers = {"webhook-id": message_id, "webhook-timestamp": str(int(at)), "webhook-signature": signature}
        return Delivered(body.encode(), {"content-type": "application/json", **headers})

    def answer(self, heard: Heard) -> Reply:  # noqa: ARG002
        return Reply(200, b"")

    def said(self, heard: Heard) -> tuple[str, str] | None:
        fields = orjson.loads(heard.body)
        return fields["recipient_id"], fields.get("text", "")


PLATFORM = StandardWebhooks()
