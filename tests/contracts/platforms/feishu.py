"""Feishu with an Encrypt Key; what is delivered here, lark-oapi's own dispatcher accepts (test_feishu.py)."""

import base64
import hashlib
from typing import Any

import orjson
from Crypto.Cipher import AES
from Crypto.Util.Padding import pad

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform, State

TOKEN = "a-verification-token"
KEYS = {name: f"the-{name}-encrypt-key" for name in ("current", "previous", "wrong")}
LENT = b'{"code": 0, "msg": "ok", "tenant_access_token": "t-lent", "expire": 7200}'


class Feishu(Platform):
    def settings(self, url: str) -> dict[str, str]:
        keys = {"encrypt_key": KEYS["current"], "previous_encrypt_key": KEYS["previous"]}
        tokens = {"verification_token": TOKEN, "previous_verification_token": "the-one-before-it"}
        return {"app_id": "cli_1", "app_secret": "an-app-secret-of-tests", "api_url": url, **keys, **tokens}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        return signed(said(sender, number, at, "text", {"text": text}), at, KEYS[secret])

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        return signed(said(sender, number, at, "image", {"image_key": "img_1"}), at, KEYS["current"])

    def holds(self, heard: Heard) -> Reply | None:
        is_asked = heard.path == "/open-apis/im/v1/messages/om_1/resources/img_1?type=image"
        return Reply(200, PICTURE, {"content-type": "image/png"}) if is_asked else None

    def report(self, platform_id: str, state: State, number: int, at: float) -> Delivered | None:
        reader = {"reader_id": {"open_id": "ou_ann"}, "read_time": str(int(at * 1000))}
        event = {"reader": reader, "message_id_list": [platform_id]}
        payload = envelope("im.message.message_read_v1", f"ev{number}", event)
        return signed(payload, at, KEYS["current"]) if state == "read" else None

    def answer(self, heard: Heard) -> Reply:
        if heard.path == "/open-apis/auth/v3/tenant_access_token/internal":
            return Reply(200, LENT)
        assert heard.headers["authorization"] == "Bearer t-lent"
        assert 0 < len(orjson.loads(heard.body)["uuid"]) <= 50
        return Reply(200, b'{"code": 0, "msg": "success", "data": {"message_id": "om_sent"}}')

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if heard.path != "/open-apis/im/v1/messages?receive_id_type=open_id":
            return None
        fields = orjson.loads(heard.body)
        content = orjson.loads(fields["content"])
        is_card = fields["msg_type"] == "interactive"
        return fields["receive_id"], content["elements"][0]["text"]["content"] if is_card else content["text"]


def said(sender: str, number: int, at: float, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    message = {"message_id": f"om_{number}", "chat_id": "oc_1", "chat_type": "p2p", "message_type": kind}
    more = {"create_time": str(int(at * 1000)), "content": orjson.dumps(content).decode()}
    return envelope("im.message.receive_v1", f"ev{number}", {"sender": of(sender), "message": {**message, **more}})


def of(sender: str) -> dict[str, Any]:
    return {"sender_id": {"open_id": f"ou_{sender}", "user_id": "u1"}, "sender_type": "user", "tenant_key": "t"}


def envelope(kind: str, event_id: str, event: dict[str, Any]) -> dict[str, Any]:
    header = {"event_id": event_id, "event_type": kind, "token": TOKEN, "app_id": "cli_1", "create_time": "1"}
    return {"schema": "2.0", "header": header, "event": event}


def encrypted(payload: dict[str, Any], key: str) -> bytes:
    iv = b"0123456789abcdef"
    cipher = AES.new(hashlib.sha256(key.encode()).digest(), AES.MODE_CBC, iv)
    sealed = base64.b64encode(iv + cipher.encrypt(pad(orjson.dumps(payload), 16))).decode()
    return orjson.dumps({"encrypt": sealed})


def signed(payload: dict[str, Any], at: float, key: str) -> Delivered:
    body, timestamp, nonce = encrypted(payload, key), str(int(at)), "a-nonce"
    made = hashlib.sha256((timestamp + nonce + key).encode() + body).hexdigest()
    stamps = {"x-lark-request-timestamp": timestamp, "x-lark-request-nonce": nonce, "x-lark-signature": made}
    return Delivered(body, {"content-type": "application/json", **stamps})


PLATFORM = Feishu()
