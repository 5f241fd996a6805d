"""Telegram bots, in private chats.

    in    message with photo, document, voice …, callback_query (a pressed button); the secret token is in a header
    out   sendMessage with an inline keyboard, sendPhoto, sendDocument, sendChatAction

Telegram signs nothing, and names no time: what keeps strangers out is the secret token of setWebhook, and what keeps a
delivery from being answered twice is its update_id. A group is not answered: what the bot says is one customer's own.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx
import orjson
from pydantic import Field, SecretStr, ValidationInfo, field_validator

from bot.channels.base import greeted, make_message
from bot.conversation.attachments import Kind
from bot.messages import Attachment, Button, UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Answer, Channel, ChannelSettings, Fetched, Inbound, Part, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.downloads import download
from bot.messaging.errors import NotNow, Rejected
from bot.messaging.sending import LONGEST_WAIT_SECONDS, MAYBE_TAKEN, Call, check_status, post
from bot.messaging.signatures import any_matches, refused
from bot.messaging.uploads import upload
from bot.problem import Problem

SHAPES = {
    "token": (r"\d+:[\w-]+", "must be like 123456:ABC-DEF, as @BotFather wrote it"),
    "secret": (r"[\w-]{1,256}", "may hold letters, digits, _ and -, at most 256"),
}
CALLBACK_BYTES = 64
FILES: Mapping[str, Kind] = {
    "document": "file",
    "voice": "audio",
    "audio": "audio",
    "video": "video",
    "video_note": "video",
}
"""Fields of a message that hold one file. An animation has a document beside it, a photo is a list of sizes."""
PHOTO_BYTES = 10_000_000
"""A larger picture goes out as a document."""
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
    can = Capabilities(text_limit=4096, unit="utf16", buttons=20, title_limit=64, images=True, files=True, uploads=True)
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
        locale = (pressed or message).get("from", {}).get("language_code")
        words = pressed.get("data", "") if pressed else greeted(words_of(message), locale)
        marks: dict[str, Any] = {"locale": locale}
        if pressed and words.startswith(REFERENCE):
            marks[PRESSED] = words.removeprefix(REFERENCE)
        chat_id, update_id = str(message["chat"]["id"]), str(update["update_id"])
        files = () if pressed else files_of(message)
        return [make_message(self.name, chat_id, words, update_id, marks, self.text_limit, attachments=files)]

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        """Its path has to be asked for first, and is good for an hour."""
        response = await self.call(http, self._call("getFile", {"file_id": attachment.reference}))
        self.judge(response)
        path = quote(str(response.json()["result"]["file_path"]))
        url, limit = f"{self._api('file/')}/{path}", self.can.attachment_limit_bytes
        return await download(http, url, origin=self.settings.api_url, limit_bytes=limit)

    def answer(self, request: Inbound) -> Answer:
        """An answer may be a call: this one ends the pressed button's waiting sign."""
        pressed = update_of(request).get("callback_query")
        if not pressed:
            return Answer()
        call = {"method": "answerCallbackQuery", "callback_query_id": pressed["id"]}
        return Answer(orjson.dumps(call), "application/json")

    def render(self, part: Part, to: Recipient) -> Call:
        message = part.message
        if message.files:
            return self._file(message.files[0], part.contents, to)
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

    def _file(self, file: Attachment, contents: Mapping[str, Fetched], to: Recipient) -> Call:
        """As bytes where Kefu has them, else by its address."""
        is_photo = file.kind == "image" and (file.size or 0) <= PHOTO_BYTES
        method, field = ("sendPhoto", "photo") if is_photo else ("sendDocument", "document")
        if fetched := contents.get(file.reference):
            return upload(f"{self._api()}/{method}", field, fetched, {"chat_id": to.sender_id})
        return self._call(method, {"chat_id": to.sender_id, field: file.reference})

    def typing(self, to: Recipient) -> Call:
        return self._call("sendChatAction", {"chat_id": to.sender_id, "action": "typing"})

    def judge(self, response: httpx.Response) -> None:
        """Telegram says in the body why, and after a 429 how long to wait. It limits each chat (about one message a
        second) and the bot (about thirty), and does not say which of them it was."""
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or response.status_code in MAYBE_TAKEN:
            return check_status(response)
        wait = answer.get("parameters", {}).get("retry_after")
        if wait is not None:
            raise NotNow("HTTP 429", min(float(wait), LONGEST_WAIT_SECONDS), whole_channel=None)
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
        return Call(f"{self._api()}/{method}", orjson.dumps(fields), {"content-type": "application/json"})

    def _api(self, path: str = "") -> str:
        return f"{self.settings.api_url.rstrip('/')}/{path}bot{self.settings.token.get_secret_value()}"


def update_of(request: Inbound) -> dict[str, Any]:
    """Raises Problem 400 for what is no update."""
    update = orjson.loads(request.body)
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise Problem(400, "Not an update", "Telegram's deliveries are objects with an update_id.")
    return update


def words_of(message: Mapping[str, Any]) -> str:
    """What was written; a sticker says its emoji."""
    return str(message.get("text") or message.get("caption") or message.get("sticker", {}).get("emoji") or "")


def files_of(message: Mapping[str, Any]) -> list[Attachment]:
    """Of a photo the largest size."""
    photo = max(message.get("photo") or [{}], key=lambda one: one.get("file_size") or one.get("width", 0))
    found: list[tuple[Kind, Mapping[str, Any]]] = [("image", photo)]
    found += [(kind, message[field]) for field, kind in FILES.items() if field in message]
    return [
        Attachment(kind, file["file_id"], file.get("file_name", ""), file.get("mime_type", ""), file.get("file_size"))
        for kind, file in found
        if file
    ]


def callback_data(button: Button, number: int, seq: int) -> str:
    """The button's words, or where they are too long, which button it is: the line's seq and its number from 0."""
    is_short = len(button.payload.encode()) <= CALLBACK_BYTES and not button.payload.startswith(REFERENCE)
    return button.payload if is_short else f"{REFERENCE}{seq}.{number}"
