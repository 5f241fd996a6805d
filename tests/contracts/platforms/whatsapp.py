"""WhatsApp's Cloud API, as Meta's documentation has it; pywa reads what is delivered here."""

import hashlib
import hmac
from typing import Any

import orjson

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import Delivered, Platform

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

    def answer(self, heard: Heard) -> Reply:
        fields = orjson.loads(heard.body)
        if "typing_indicator" in fields:
            return Reply(200, b'{"success": true}')
        contacts = [{"input": fields["to"], "wa_id": fields["to"]}]
        sent = [{"id": f"wamid.{hashlib.sha256(heard.body).hexdigest()}"}]
        return Reply(200, orjson.dumps({"messaging_product": "whatsapp", "contacts": contacts, "messages": sent}))

    def said(self, heard: Heard) -> tuple[str, str] | None:
        fields = orjson.loads(heard.body)
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
