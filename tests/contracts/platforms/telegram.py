"""Telegram's Bot API, as python-telegram-bot reads and writes it."""

from datetime import UTC, datetime

import orjson
from telegram import Chat, Message, PhotoSize, Update, User

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Delivered, Platform

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
        return self._delivered(Update(1000 + number, message=message), secret)

    def _delivered(self, update: Update, secret: str) -> Delivered:
        headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": SECRETS[secret]}
        return Delivered(update.to_json().encode(), headers)

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        person = User(chat_id(sender), "Ann", is_bot=False)
        photo = tuple(PhotoSize(name, name, size, size, file_size=size) for name, size in (("thumb", 1), ("large", 68)))
        message = Message(number, datetime.fromtimestamp(at, UTC), Chat(person.id, "private"), person, photo=photo)
        return self._delivered(Update(1000 + number, message=message), "current")

    def holds(self, heard: Heard) -> Reply | None:
        if heard.path == f"/bot{TOKEN}/getFile":
            assert orjson.loads(heard.body) == {"file_id": "large"}
            return Reply(200, orjson.dumps({"ok": True, "result": {"file_id": "large", "file_path": "photos/a b.jpg"}}))
        return Reply(200, PICTURE) if heard.path == f"/file/bot{TOKEN}/photos/a%20b.jpg" else None

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
