"""WhatsApp's Cloud API, as Meta's documentation has it; pywa reads what is delivered here."""

import hashlib
import hmac
from typing import Any

import orjson

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform, State

SECRETS = {name: name.encode().hex() * 3 for name in ("current", "previous", "wrong")}
NUMBER_ID = "106540352242922"
VERIFY_TOKEN = "a-verify-token"


class WhatsApp(Platform):
    def settings(self, url: str) -> dict[str, str]:
        secrets = {"app_secret": SECRETS["current"], "previous_app_secret": SECRETS["previous"]}
        token = {"access_token": "EAAJB-a-token-of-tests", "verify_token": VERIFY_TOKEN}
        return {**secrets, **token, "phone_number_id": NUMBER_ID, "api_url": f"{url}/v25.0"}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        said = {"type": "text", "text": {"body": text}, **envelope(sender, number, at)}
        return signed(body({"messages": [said], "contacts": [contact(sender)]}), SECRETS[secret])

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        said = {"type": "image", "image": {"id": "4711", "mime_type": "image/png"}, **envelope(sender, number, at)}
        return signed(body({"messages": [said], "contacts": [contact(sender)]}), SECRETS["current"])

    def holds(self, heard: Heard) -> Reply | None:
        """In two steps, and the token is wanted in both."""
        assert heard.headers["authorization"] == "Bearer EAAJB-a-token-of-tests"
        if heard.path.startswith("/v25.0/4711?"):
            url = f"http://{heard.headers['host']}/whatsapp_business/attachments/?mid=4711"
            return Reply(200, orjson.dumps({"url": url, "mime_type": "image/png", "id": "4711"}))
        return Reply(200, PICTURE) if heard.path.startswith("/whatsapp_business/attachments/") else None

    def report(self, platform_id: str, state: State, number: int, at: float) -> Delivered:  # noqa: ARG002
        errors = {"errors": [{"code": 131026, "title": "Message undeliverable"}]} if state == "failed" else {}
        status = {"id": platform_id, "status": state, "timestamp": str(int(at)), **errors}
        return signed(body({"statuses": [status]}), SECRETS["current"])

    def report_of(self, call: Heard, state: State, at: float) -> Delivered:
        name = {"biz_opaque_callback_data": orjson.loads(call.body)["biz_opaque_callback_data"]}
        status = {"id": "wamid.of-a-lost-answer", "status": state, "timestamp": str(int(at)), **name}
        return signed(body({"statuses": [status]}), SECRETS["current"])

    def answer(self, heard: Heard) -> Reply:
        fields = orjson.loads(heard.body)
        if "typing_indicator" in fields:
            return Reply(200, b'{"success": true}')
        contacts = [{"input": fields["to"], "wa_id": fields["to"]}]
        sent = [{"id": f"wamid.{hashlib.sha256(heard.body).hexdigest()}"}]
        return Reply(200, orjson.dumps({"messaging_product": "whatsapp", "contacts": contacts, "messages": sent}))

    def said(self, heard: Heard) -> tuple[str, str] | None:
        fields = orjson.loads(heard.body or b"{}")
        if "to" not in fields:
            return None
        assert heard.path == f"/v25.0/{NUMBER_ID}/messages"
        shown = fields["text"]["body"] if fields["type"] == "text" else fields["interactive"]["body"]["text"]
        return fields["to"], shown


def envelope(sender: str, number: int, at: float) -> dict[str, str]:
    return {"from": sender, "id": f"wamid.{sender}.{number}", "timestamp": str(int(at))}


def contact(sender: str) -> dict[str, Any]:
    return {"profile": {"name": "Ann"}, "wa_id": sender, "user_id": "US.13491208655302741918"}


def body(value: dict[str, Any], number_id: str = NUMBER_ID) -> bytes:
    about = {"display_phone_number": "15550783881", "phone_number_id": number_id}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": about, **value}}
    return orjson.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]}
    )


def signed(content: bytes, secret: str) -> Delivered:
    signature = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    return Delivered(content, {"content-type": "application/json", "x-hub-signature-256": f"sha256={signature}"})


PLATFORM = WhatsApp()
