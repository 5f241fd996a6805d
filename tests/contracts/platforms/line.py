"""LINE's Messaging API, as its documentation and its OpenAPI description have it (its SDK needs other versions)."""

import base64
import hashlib
import hmac
from uuid import UUID

import orjson

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform

SECRETS = {name: name.encode().hex() * 3 for name in ("current", "previous", "wrong")}


class Line(Platform):
    def settings(self, url: str) -> dict[str, str]:
        secrets = {"channel_secret": SECRETS["current"], "previous_channel_secret": SECRETS["previous"]}
        return {"access_token": "an-access-token-of-tests", "api_url": url, **secrets}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        said = {"type": "message", "message": {"type": "text", "id": str(number), "text": text}}
        event = {**said, **envelope(sender, number), "timestamp": int(at * 1000)}
        return signed(orjson.dumps({"destination": "Ubot", "events": [event]}), SECRETS[secret])

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        said = {"type": "image", "id": "4711", "contentProvider": {"type": "line"}}
        event = {"type": "message", "message": said, **envelope(sender, number), "timestamp": int(at * 1000)}
        return signed(orjson.dumps({"destination": "Ubot", "events": [event]}), SECRETS["current"])

    def holds(self, heard: Heard) -> Reply | None:
        if heard.path != "/v2/bot/message/4711/content":
            return None
        assert heard.headers["authorization"] == "Bearer an-access-token-of-tests"
        return Reply(200, PICTURE, {"content-type": "image/jpeg"})

    def answer(self, heard: Heard) -> Reply:
        if heard.path == "/v2/bot/chat/loading/start":
            return Reply(202, b"{}")
        assert UUID(heard.headers["x-line-retry-key"])
        return Reply(200, b'{"sentMessages": [{"id": "461230966842064897", "quoteToken": "q"}]}')

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if heard.path != "/v2/bot/message/push":
            return None
        fields = orjson.loads(heard.body)
        return fields["to"], fields["messages"][0]["text"]


def envelope(sender: str, number: int) -> dict[str, object]:
    source = {"type": "user", "userId": f"U{sender}"}
    return {"mode": "active", "webhookEventId": f"01EVENT{number}", "source": source, "replyToken": "r"}


def signed(body: bytes, secret: str) -> Delivered:
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return Delivered(body, {"content-type": "application/json", "x-line-signature": signature})


PLATFORM = Line()
