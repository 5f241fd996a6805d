"""Chatwoot, as its published API description and its webhooks have it."""

import hashlib
import hmac
import re

import orjson

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform

SECRETS = {name: f"the-{name}-webhook-secret" for name in ("current", "previous", "wrong")}
MESSAGES = re.compile(r"/api/v1/accounts/3/conversations/(\d+)/messages")


def conversation_of(sender: str) -> int:
    return int.from_bytes(sender.encode()[:6])


class Chatwoot(Platform):
    def __init__(self) -> None:
        self.url = ""

    def settings(self, url: str) -> dict[str, str]:
        self.url = url
        secrets = {"secret": SECRETS["current"], "previous_secret": SECRETS["previous"]}
        return {"url": url, "token": "a-bot-token-of-tests", **secrets}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        return self._delivered(sender, number, at, secret, content=text)

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        picture = {"file_type": "image", "data_url": f"{self.url}/rails/blobs/1/shoe.png", "file_size": len(PICTURE)}
        return self._delivered(sender, number, at, "current", content=None, attachments=[picture])

    def holds(self, heard: Heard) -> Reply | None:
        """A link that leads to where the file is kept."""
        if heard.path == "/rails/blobs/1/shoe.png":
            return Reply(302, b"", {"location": "/rails/disk/1/shoe.png"})
        return Reply(200, PICTURE, {"content-type": "image/png"}) if heard.path == "/rails/disk/1/shoe.png" else None

    def _delivered(self, sender: str, number: int, at: float, secret: str, **fields: object) -> Delivered:
        conversation = {"id": conversation_of(sender), "status": "pending", "channel": "Channel::WebWidget"}
        said = {"event": "message_created", "id": 500 + number, "message_type": "incoming", "private": False}
        body = orjson.dumps({**said, "account": {"id": 3}, "conversation": conversation, **fields})
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
