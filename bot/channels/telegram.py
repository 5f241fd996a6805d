"""Telegram bots, in private chats.

    in    message, callback_query (a pressed button); the secret token stands in a header
    out   sendMessage with an inline keyboard, sendPhoto, sendChatAction

Telegram signs nothing, and names no time: what keeps strangers out is the secret token of setWebhook, and what keeps a
delivery from being answered twice is its update_id. A group is not answered: what the bot says is one customer's own.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import orjson
from pydantic import Field, SecretStr, ValidationInfo, field_validator

from bot.channels.base import make_message
from bot.messages import Button, UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Answer, Channel, ChannelSettings, Inbound, Part, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.errors import NotNow, Rejected
from bot.messaging.sending import LONGEST_WAIT_SECONDS, MAYBE_TAKEN, Call, check_status, post
from bot.messaging.signatures import any_matches, refused
from bot.problem import Problem

SHAPES = {
    "token": (r"\d+:[\w-]+", "must be like 123456:ABC-DEF, as @BotFather wrote it"),
    "secret": (r"[\w-]{1,256}", "may hold letters, digits, _ and -, at most 256"),
}
CALLBACK_BYTES = 64
REFERENCE = "="
"""Begins a button's data that names the button instead of holding its words, which are too long for Telegram."""


class TelegramSettings(ChannelSettings):
    """One bot of @BotFather."""

    token: SecretStr = Field(description="The bot's token, from @BotFather.")
    secret: SecretStr = Field(
        description="The `secret_token` that you give to setWebhook: letters, digits, `_` and `-`."
    )
    previous_secret: SecretStr | None = Field(
        default=None, description="The secret before: also accepted while you change it."
    )
    api_url: str = Field(
        default="https://api.telegram.org",
        description="Another Bot API server than Telegram's own.",
        pattern="^https?://",
    )

    @field_validator("token", "secret")
    @classmethod
    def well_formed(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        pattern, words = SHAPES[str(info.field_name)]
        if not re.fullmatch(pattern, value.get_secret_value(), re.ASCII):
            raise ValueError(words)
        return value


class Telegram(Channel[TelegramSettings]):
    name = "telegram"
    Settings = TelegramSettings
    can = Capabilities(text_limit=4096, unit="utf16", buttons=20, title_limit=64, images=True)
    calls_per_second = 25

    def verify(self, request: Inbound, now: float) -> None:  # noqa: ARG002
        given = request.header("x-telegram-bot-api-secret-token")
        previous = self.settings.previous_secret
        secrets = [self.settings.secret, *([previous] if previous else [])]
        if request.method != "POST" or not any_matches(secrets, [given], lambda secret: secret):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        update = update_of(request)
        pressed = update.get("callback_query")
        message = (pressed or update).get("message") or {}
        if message.get("chat", {}).get("type") != "private" or (pressed and not pressed.get("data")):
            return []
        words = pressed.get("data", "") if pressed else message.get("text") or message.get("caption") or ""
        marks: dict[str, Any] = {"locale": (pressed or message).get("from", {}).get("language_code")}
        if pressed and words.startswith(REFERENCE):
            marks[PRESSED] = words.removeprefix(REFERENCE)
        chat_id, update_id = str(message["chat"]["id"]), str(update["update_id"])
        return [make_message(self.name, chat_id, words, update_id, marks, self.text_limit)]

    def answer(self, request: Inbound) -> Answer:
        """An answer may be a call: this one ends the pressed button's waiting sign."""
        pressed = update_of(request).get("callback_query")
        if not pressed:
            return Answer()
        call = {"method": "answerCallbackQuery", "callback_query_id": pressed["id"]}
        return Answer(orjson.dumps(call), "application/json")

    def render(self, part: Part, to: Recipient) -> Call:
        message = part.message
        if message.image:
            return self._call("sendPhoto", {"chat_id": to.sender_id, "photo": message.image})
        fields: dict[str, Any] = {"chat_id": to.sender_id, "text": message.text}
        if message.buttons:
            rows = [
                [{"text": button.title, "callback_data": callback_data(button, number, part.seq)}]
                for number, button in enumerate(message.buttons)
            ]
            fields["reply_markup"] = {"inline_keyboard": rows}
        return self._call("sendMessage", fields)

    def typing(self, to: Recipient) -> Call:
        return self._call("sendChatAction", {"chat_id": to.sender_id, "action": "typing"})

    def judge(self, response: httpx.Response) -> None:
        """Telegram says in the body why, and after a 429 how long to wait."""
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or response.status_code in MAYBE_TAKEN:
            return check_status(response)
        wait = answer.get("parameters", {}).get("retry_after")
        if wait is not None:
            raise NotNow("HTTP 429", min(float(wait), LONGEST_WAIT_SECONDS))
        if not answer.get("ok") and response.status_code < 500:
            raise Rejected(f"HTTP {response.status_code}: {str(answer.get('description', ''))[:200]}")
        return check_status(response)

    def sent_id(self, response: httpx.Response) -> str:
        return str(response.json()["result"]["message_id"])

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:
        response = await post(http, self._call("getWebhookInfo", {}))
        try:
            self.judge(response)
        except Rejected:
            return ["Telegram does not know this bot: is KEFU_TELEGRAM_TOKEN the one that @BotFather gave you?"]
        known = response.json()["result"]
        problems = []
        if url and known.get("url") != url:
            problems.append(f"Telegram delivers to {known.get('url') or 'nobody'}, not to {url}: call setWebhook.")
        if known.get("last_error_message"):
            problems.append(f"Telegram's last delivery failed: {known['last_error_message']}")
        return problems

    def _call(self, method: str, fields: Mapping[str, Any]) -> Call:
        url = f"{self.settings.api_url.rstrip('/')}/bot{self.settings.token.get_secret_value()}/{method}"
        return Call(url, orjson.dumps(fields), {"content-type": "application/json"})


def update_of(request: Inbound) -> dict[str, Any]:
    """Raises Problem 400 for what is no update."""
    update = orjson.loads(request.body)
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise Problem(400, "Not an update", "Telegram's deliveries are objects with an update_id.")
    return update


def callback_data(button: Button, number: int, seq: int) -> str:
    """The button's words, or where they are too long, which button it is: the line's seq and its number from 0."""
    is_short = len(button.payload.encode()) <= CALLBACK_BYTES and not button.payload.startswith(REFERENCE)
    return button.payload if is_short else f"{REFERENCE}{seq}.{number}"
