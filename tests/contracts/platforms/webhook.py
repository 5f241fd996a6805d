"""Standard Webhooks; signed here by the reference library."""

import base64
from datetime import UTC, datetime

import orjson
from standardwebhooks import Webhook

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import Delivered, Platform

SECRETS = {name: "whsec_" + base64.b64encode(name.encode() * 6).decode() for name in ("current", "previous", "wrong!")}
SECRETS["wrong"] = SECRETS.pop("wrong!")


class StandardWebhooks(Platform):
    def settings(self, url: str) -> dict[str, str]:
        return {"secret": SECRETS["current"], "previous_secret": SECRETS["previous"], "url": f"{url}/kefu"}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        body = orjson.dumps({"sender": sender, "message": text}).decode()
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
