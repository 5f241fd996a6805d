"""Telegram's Bot API, as python-telegram-bot reads and writes it."""

from datetime import UTC, datetime

import orjson
from telegram import Chat, Message, Update, User

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import Delivered, Platform

TOKEN = "123456:a-token_of-tests"
SECRETS = {"current": "the-secret-token", "previous": "the-one-before-it", "wrong": "the-secret-tokem"}


def chat_id(sender: str) -> int:
    """Telegram's ids are numbers."""
    return int.from_bytes(sender.encode()[:6])


class Telegram(Platform):
    signs_body = False

    def settings(self, url: str) -> dict[str, str]:
        secrets = {"secret": SECRETS["current"], "previous_secret": SECRETS["previous"]}
        return {"token": TOKEN, "api_url": url, **secrets}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        person = User(chat_id(sender), "Ann", is_bot=False, language_code="en")
        message = Message(number, datetime.fromtimestamp(at, UTC), Chat(person.id, "private"), person, text=text)
        headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": SECRETS[secret]}
        return Delivered(Update(1000 + number, message=message).to_json().encode(), headers)

    def answer(self, heard: Heard) -> Reply:
        if heard.path.endswith("/sendChatAction"):
            return Reply(200, b'{"ok": true, "result": true}')
        return Reply(200, orjson.dumps({"ok": True, "result": {"message_id": 77}}))

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if heard.path != f"/bot{TOKEN}/sendMessage":
            return None
        fields = orjson.loads(heard.body)
        return str(fields["chat_id"]), fields["text"]


PLATFORM = Telegram()
