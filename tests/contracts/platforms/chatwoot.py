"""Chatwoot, as its published API description and its webhooks have it."""

import hashlib
import hmac
import re

import orjson

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import Delivered, Platform

SECRETS = {name: f"the-{name}-webhook-secret" for name in ("current", "previous", "wrong")}
MESSAGES = re.compile(r"/api/v1/accounts/3/conversations/(\d+)/messages")


def conversation_of(sender: str) -> int:
    return int.from_bytes(sender.encode()[:6])


class Chatwoot(Platform):
    def settings(self, url: str) -> dict[str, str]:
        secrets = {"secret": SECRETS["current"], "previous_secret": SECRETS["previous"]}
        return {"url": url, "token": "a-bot-token-of-tests", **secrets}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        conversation = {"id": conversation_of(sender), "status": "pending", "channel": "Channel::WebWidget"}
        said = {"event": "message_created", "id": 500 + number, "content": text, "message_type": "incoming"}
        body = orjson.dumps({**said, "private": False, "account": {"id": 3}, "conversation": conversation})
        return signed(body, int(at), SECRETS[secret], number)

    def answer(self, heard: Heard) -> Reply:
        assert heard.headers["api_access_token"] == "a-bot-token-of-tests"
        if MESSAGES.fullmatch(heard.path):
            return Reply(200, orjson.dumps({"id": 9000, "message_type": 1}))
        return Reply(200, b'{"status": "pending"}' if heard.body == b"" else b"")

    def said(self, heard: Heard) -> tuple[str, str] | None:
        found = MESSAGES.fullmatch(heard.path)
        return (found[1], orjson.loads(heard.body)["content"]) if found else None


def signed(body: bytes, at: int, secret: str, number: int = 1) -> Delivered:
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"x-chatwoot-timestamp": str(at), "x-chatwoot-signature": f"sha256={made}"}
    return Delivered(body, {"content-type": "application/json", "x-chatwoot-delivery": f"d-{number}", **headers})


PLATFORM = Chatwoot()
