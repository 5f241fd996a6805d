"""Discord's interactions and API v10, as its documentation has them; signed here by PyNaCl, which its SDK uses."""

import hashlib
from typing import Any

import orjson
from nacl.signing import SigningKey

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform

KEYS = {name: SigningKey(hashlib.sha256(name.encode()).digest()) for name in ("current", "previous", "wrong")}
APP = "845027738276462632"
LOADING = 128


class Discord(Platform):
    def __init__(self) -> None:
        self.url = ""

    def settings(self, url: str) -> dict[str, str]:
        self.url = url
        keys = {"public_key": public(KEYS["current"]), "previous_public_key": public(KEYS["previous"])}
        return {**keys, "application_id": APP, "bot_token": "a-bot-token-of-tests", "api_url": f"{url}/api/v10"}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        return signed(command(sender, text, number), at, KEYS[secret])

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        address = f"{self.url}/ephemeral-attachments/1/5/photo.png?ex=1"
        file = {"id": "5", "filename": "photo.png", "content_type": "image/png", "size": 68, "url": address}
        options = [{"name": "file", "type": 11, "value": "5"}]
        data = {"id": "1", "type": 1, "name": "ask", "options": options, "resolved": {"attachments": {"5": file}}}
        return signed(interaction(sender, number, type=2, data=data), at, KEYS["current"])

    def holds(self, heard: Heard) -> Reply | None:
        is_file = heard.path.startswith("/ephemeral-attachments/")
        return Reply(200, PICTURE, {"content-type": "image/png"}) if is_file else None

    def answer(self, heard: Heard) -> Reply:
        message_id = str(int(hashlib.sha256(heard.body).hexdigest()[:15], 16))
        return Reply(200, orjson.dumps({"id": message_id, "flags": LOADING if heard.method == "GET" else 0}))

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if heard.method == "GET":
            return None
        assert heard.path.startswith(f"/api/v10/webhooks/{APP}/token-")
        sender = heard.path.split("/")[5].removeprefix("token-").rpartition("-")[0]
        return sender, orjson.loads(heard.body)["content"].replace("\\", "")


def public(key: SigningKey) -> str:
    return bytes(key.verify_key).hex()


def interaction(sender: str, number: int, **more: Any) -> dict[str, Any]:
    about = {"id": f"90{number:016d}", "application_id": APP, "token": f"token-{sender}-{number}", "locale": "en-US"}
    return {**about, "guild_id": "1", "context": 0, "member": {"user": {"id": sender}}, **more}


def command(sender: str, text: str, number: int, **more: Any) -> dict[str, Any]:
    data = {"id": "1", "type": 1, "name": "ask", "options": [{"name": "question", "type": 3, "value": text}]}
    return interaction(sender, number, type=2, data=data, **more)


def signed(asked: dict[str, Any], at: float, key: SigningKey) -> Delivered:
    body, timestamp = orjson.dumps(asked), str(int(at))
    made = key.sign(timestamp.encode() + body).signature.hex()
    headers = {"content-type": "application/json", "x-signature-timestamp": timestamp, "x-signature-ed25519": made}
    return Delivered(body, headers)


PLATFORM = Discord()
