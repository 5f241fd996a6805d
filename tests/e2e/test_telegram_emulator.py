"""Telegram's Bot API as telegram-test-api (npm) emulates it: our calls in, its updates out.

It does not send the secret token that setWebhook is given; so its updates are fetched and brought to Kefu with it.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.app import web_app
from bot.assembly import Kefu
from bot.settings import Settings
from tests.bot.tiny import tiny_kefu
from tests.contracts.platforms.telegram import SECRETS, TOKEN
from tests.contracts.test_delivery import until

PACKAGE = "telegram-test-api@4.2.1"
SERVER = """
const TelegramServer = require("telegram-test-api");
new TelegramServer({ port: Number(process.argv[2]), host: "127.0.0.1", storage: "RAM" }).start();
"""
CHAT = {
    "from": {"id": 42, "first_name": "Ann", "is_bot": False, "language_code": "en"},
    "chat": {"id": 42, "first_name": "Ann", "type": "private"},
}


@pytest.fixture(scope="module")
def telegram(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The emulator's address; skipped where npm cannot fetch it, or failed in CI."""
    folder = tmp_path_factory.mktemp("telegram")
    install = ["npm", "install", "--no-audit", "--no-fund", PACKAGE]
    if not (shutil.which("npm") and subprocess.run(install, cwd=folder, capture_output=True).returncode == 0):
        if os.environ.get("CI") == "true":
            pytest.fail(f"npm could not fetch {PACKAGE}")
        pytest.skip(f"npm could not fetch {PACKAGE}")
    (folder / "server.js").write_text(SERVER, "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(["node", "server.js", str(port)], cwd=folder)
    try:
        yield answering(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait()


def answering(url: str) -> str:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            httpx.get(f"{url}/bot{TOKEN}/getMe")
            return url
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError("the emulator did not start")


class Ann:
    """A person with a Telegram client, and what carries her updates to Kefu."""

    def __init__(self, telegram: str, kefu: TestClient) -> None:
        self.telegram = telegram
        self.kefu = kefu

    def post(self, path: str, **fields: Any) -> Any:
        return httpx.post(f"{self.telegram}/{path}", json=fields).json()["result"]

    def say(self, text: str) -> None:
        self.post("sendMessage", botToken=TOKEN, date=int(time.time()), text=text, **CHAT)
        self.carry()

    def press(self, data: str) -> None:
        pressed = {"from": CHAT["from"], "message": {"date": int(time.time()), **CHAT}, "data": data}
        self.post("sendCallback", botToken=TOKEN, date=int(time.time()), **pressed)
        self.carry()

    def carry(self) -> None:
        headers = {"x-telegram-bot-api-secret-token": SECRETS["current"]}
        for update in httpx.post(f"{self.telegram}/bot{TOKEN}/getUpdates").json()["result"]:
            assert self.kefu.post("/webhooks/telegram", json=update, headers=headers).status_code == 200

    def hears(self) -> dict[str, Any]:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if heard := self.post("getUpdates", token=TOKEN, chatId=42):
                return dict(heard[0]["message"])
            time.sleep(0.05)
        raise TimeoutError("the bot said nothing")


def test_a_conversation_with_a_pressed_button(telegram: str, tmp_path: Path) -> None:
    given = {"token": TOKEN, "secret": SECRETS["current"], "api_url": telegram}
    channels = {"telegram": {name: SecretStr(value) for name, value in given.items()}}
    kefu = tiny_kefu(Settings(database_url=f"sqlite:///{tmp_path}/kefu.db", channels=channels))
    with TestClient(web_app(kefu)) as client:
        ann = Ann(telegram, client)
        ann.say("hello")
        heard = ann.hears()
        [[button]] = heard["reply_markup"]["inline_keyboard"]
        assert (heard["text"], button) == ("You said hello", {"text": "Again", "callback_data": "hello"})
        ann.press(button["callback_data"])
        assert ann.hears()["text"] == "You said hello"
        until(lambda: statuses(kefu) == ["delivered", "delivered"])


def statuses(kefu: Kefu) -> list[str]:
    """Of the lines. They are noted a moment after the platform has them."""
    with kefu.database.read() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT status FROM outbox ORDER BY id")]
