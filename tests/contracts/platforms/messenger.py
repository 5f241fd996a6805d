"""Messenger's webhooks and Send API, as Meta's documentation has them."""

import hashlib
import hmac
from typing import Any

import orjson

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform, State

SECRETS = {name: name.encode().hex() * 3 for name in ("current", "previous", "wrong")}
PAGE_ID = "1067280970047460"
VERIFY_TOKEN = "a-verify-token"


class Messenger(Platform):
    def __init__(self) -> None:
        self.url = ""

    def settings(self, url: str) -> dict[str, str]:
        self.url = url
        secrets = {"app_secret": SECRETS["current"], "previous_app_secret": SECRETS["previous"]}
        token = {"access_token": "EAAJB-a-token-of-tests", "verify_token": VERIFY_TOKEN}
        return {**secrets, **token, "page_id": PAGE_ID, "api_url": f"{url}/v25.0"}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        event = {"message": {"mid": f"m_{sender}{number}", "text": text}, "timestamp": int(at * 1000)}
        return signed(body({**event, **between(sender)}), SECRETS[secret])

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        picture = {"type": "image", "payload": {"url": f"{self.url}/v/t1.png?oh=1"}}
        event = {"message": {"mid": f"m_{sender}{number}", "attachments": [picture]}, "timestamp": int(at * 1000)}
        return signed(body({**event, **between(sender)}), SECRETS["current"])

    def holds(self, heard: Heard) -> Reply | None:
        return Reply(200, PICTURE, {"content-type": "image/png"}) if heard.path == "/v/t1.png?oh=1" else None

    def report(self, platform_id: str, state: State, number: int, at: float) -> Delivered | None:  # noqa: ARG002
        """Of what was read it names no message, and of what failed it says nothing."""
        event = {"delivery": {"mids": [platform_id], "watermark": int(at * 1000)}, **between("ann")}
        return signed(body(event), SECRETS["current"]) if state == "delivered" else None

    def report_of(self, call: Heard, state: State, at: float) -> Delivered:  # noqa: ARG002
        """An echo."""
        asked = orjson.loads(call.body)
        said = {"mid": "m_of-a-lost-answer", "is_echo": True, "app_id": 1, **asked["message"]}
        between_us = {"sender": {"id": PAGE_ID}, "recipient": asked["recipient"]}
        return signed(body({**between_us, "timestamp": int(at * 1000), "message": said}), SECRETS["current"])

    def answer(self, heard: Heard) -> Reply:
        fields = orjson.loads(heard.body)
        sent = {} if "sender_action" in fields else {"message_id": f"m_{hashlib.sha256(heard.body).hexdigest()}"}
        return Reply(200, orjson.dumps({"recipient_id": fields["recipient"]["id"], **sent}))

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if heard.path != f"/v25.0/{PAGE_ID}/messages":
            return None
        fields = orjson.loads(heard.body)
        return (fields["recipient"]["id"], fields["message"]["text"]) if "message" in fields else None


def between(sender: str) -> dict[str, Any]:
    return {"sender": {"id": sender}, "recipient": {"id": PAGE_ID}}


def body(*events: dict[str, Any], page_id: str = PAGE_ID) -> bytes:
    return orjson.dumps({"object": "page", "entry": [{"id": page_id, "time": 1, "messaging": events}]})


def signed(content: bytes, secret: str) -> Delivered:
    signature = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    return Delivered(content, {"content-type": "application/json", "x-hub-signature-256": f"sha256={signature}"})


PLATFORM = Messenger()
