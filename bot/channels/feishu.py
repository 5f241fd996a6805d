"""A Feishu (飞书) or Lark app with a bot, in private chats.

    in    im.message.receive_v1, card.action.trigger (a pressed button), im.message.message_read_v1, url_verification;
          with an Encrypt Key encrypted and signed (messaging/feishu_crypto.py), else by the Verification Token alone
    out   im/v1/messages: text, a card with buttons, uploaded files; for an hour `uuid` makes a repeated one known

Feishu delivers again after 15 seconds, 5 minutes, an hour and six; the message's id keeps it from being answered
twice. Groups are not answered: what the bot says is one customer's own.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import httpx
import orjson
from pydantic import Field, SecretStr

from bot.channels.base import make_message
from bot.messages import Attachment, BotMessage, Button, Card, UserMessage
from bot.messaging import feishu_api
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Answer, Channel, ChannelSettings, Fetched, Inbound, Part, Receipt, Recipient
from bot.messaging.errors import Rejected
from bot.messaging.feishu_api import FeishuApi
from bot.messaging.feishu_crypto import decrypted, signature
from bot.messaging.fitting import plain_card, plain_file
from bot.messaging.sending import Call
from bot.messaging.signatures import any_matches, is_fresh, refused

ACTIVE = 2
KINDS: Mapping[str, Literal["audio", "video", "file"]] = {"audio": "audio", "media": "video", "file": "file"}


class FeishuSettings(ChannelSettings):
    """One app of the developer console."""

    app_id: str = Field(description="The App ID, under Credentials & Basic Info (凭证与基础信息).", min_length=1)
    app_secret: SecretStr = Field(description="The App Secret beside it.")
    verification_token: SecretStr = Field(description="The Verification Token, under Event Subscriptions (加密策略).")
    previous_verification_token: SecretStr | None = Field(
        default=None, description="The Verification Token before: also accepted while you change it."
    )
    encrypt_key: SecretStr | None = Field(
        default=None, description="The Encrypt Key beside it. With it, only what is encrypted and signed is accepted."
    )
    previous_encrypt_key: SecretStr | None = Field(
        default=None, description="The Encrypt Key before: also accepted while you change it."
    )
    api_url: str = Field(
        default="https://open.feishu.cn",
        description="Where the API is; for Lark, outside China, `https://open.larksuite.com`.",
        pattern="^https?://",
    )


class Feishu(Channel[FeishuSettings]):
    name = "feishu"
    Settings = FeishuSettings
    can = Capabilities(
        text_limit=50_000,
        unit="bytes",
        buttons=10,
        title_limit=100,
        button_text_limit=10_000,
        cards=True,
        cards_at_once=10,
        card_text_limit=1000,
        card_buttons=5,
        files=True,
        uploads=True,
    )
    calls_per_second = 20
    remembers_seconds = 50 * 60
    """Feishu knows a `uuid` for an hour; a part of that is kept back."""
    is_timed = True

    def __init__(self, settings: FeishuSettings, text_limit: int = 4000, url: str | None = None) -> None:
        super().__init__(settings, text_limit, url)
        self._keys = [one for one in (settings.encrypt_key, settings.previous_encrypt_key) if one]
        self._words = [one for one in (settings.verification_token, settings.previous_verification_token) if one]
        self._api = FeishuApi(settings.api_url, settings.app_id, settings.app_secret.get_secret_value())

    # ---- in ----

    def handshake(self, request: Inbound, now: float) -> Answer | None:  # noqa: ARG002
        """Feishu asks once for the challenge, within a second; it is encrypted, but not signed."""
        payload = self._payload(request)
        if payload.get("type") != "url_verification":
            return None
        self._check_token(str(payload.get("token", "")))
        return Answer(orjson.dumps({"challenge": payload["challenge"]}), "application/json")

    def verify(self, request: Inbound, now: float) -> None:
        if self._keys:
            self._check_signature(request, now)
        try:
            token = str(self._payload(request)["header"]["token"])
        except (ValueError, KeyError, TypeError):
            raise refused(self.name) from None
        self._check_token(token)

    def _check_signature(self, request: Inbound, now: float) -> None:
        timestamp, nonce = request.header("x-lark-request-timestamp"), request.header("x-lark-request-nonce")
        given = [request.header("x-lark-signature")]
        is_signed = any_matches(self._keys, given, lambda key: signature(key, timestamp, nonce, request.body))
        if not (is_signed and is_fresh(timestamp, now)):
            raise refused(self.name)

    def _check_token(self, token: str) -> None:
        if not any_matches(self._words, [token], lambda word: word):
            raise refused(self.name)

    def _payload(self, request: Inbound) -> dict[str, Any]:
        """What was delivered. Raises ValueError, KeyError or TypeError where it cannot be read."""
        payload = orjson.loads(request.body)
        if not self._keys:
            return dict(payload)
        for key in self._keys:
            try:
                return dict(orjson.loads(decrypted(key.get_secret_value(), payload["encrypt"])))
            except ValueError:
                continue
        raise ValueError("not encrypted with one of the keys")

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        payload = self._payload(request)
        match payload["header"]["event_type"]:
            case "im.message.receive_v1":
                return self._said(payload["event"])
            case "card.action.trigger":
                return self._pressed(payload["header"]["event_id"], payload["event"])
        return []

    def _said(self, event: Mapping[str, Any]) -> Sequence[UserMessage]:
        message, sender = event["message"], event["sender"]
        if message["chat_type"] != "p2p" or sender["sender_type"] != "user":
            return []
        words, files = said(message), attached(message)
        sender_id, name = sender["sender_id"]["open_id"], message["message_id"]
        return [make_message(self.name, sender_id, words, name, {}, self.text_limit, attachments=files)]

    def _pressed(self, event_id: str, event: Mapping[str, Any]) -> Sequence[UserMessage]:
        words = (event["action"].get("value") or {}).get("say")
        if not words:
            return []
        return [make_message(self.name, event["operator"]["open_id"], str(words), event_id, {}, self.text_limit)]

    def receipts(self, request: Inbound) -> Sequence[Receipt]:
        payload = self._payload(request)
        if payload["header"]["event_type"] != "im.message.message_read_v1":
            return []
        return [Receipt(one, "read") for one in payload["event"]["message_id_list"]]

    def answer(self, request: Inbound) -> Answer:  # noqa: ARG002
        return Answer(b"{}", "application/json")

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        return await self._api.fetch(http, attachment, self.can.attachment_limit_bytes)

    # ---- out ----

    def render(self, part: Part, to: Recipient) -> Call:
        return self._message(part, to, *shown(part.message))

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:
        """A file is handed over first."""
        for file in part.message.files:
            if (content := part.contents.get(file.reference)) is not None:
                kind, key = await self._api.upload(http, file, content)
                return await self.send(http, self._message(part, to, kind, {f"{kind}_key": key}))
        return await super().deliver(http, part, to)

    async def call(self, http: httpx.AsyncClient, call: Call) -> httpx.Response:
        return await self._api.call(http, call)

    def judge(self, response: httpx.Response) -> None:
        feishu_api.judge(response)

    def sent_id(self, response: httpx.Response) -> str:
        return str(feishu_api.answer_of(response)["data"]["message_id"])

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        try:
            answer = await self._api.ask(http, "bot/v3/info")
        except Rejected as error:
            return [f"Feishu does not let Kefu use this app, or it has no bot: {error.reason}."]
        is_on = answer.get("bot", {}).get("activate_status") == ACTIVE
        return [] if is_on else ["The bot is not active: publish a version of the app and let it be enabled."]

    def _message(self, part: Part, to: Recipient, kind: str, content: Mapping[str, Any]) -> Call:
        name = str(uuid5(NAMESPACE_URL, part.key))
        fields = {"receive_id": to.sender_id, "msg_type": kind, "content": orjson.dumps(content).decode(), "uuid": name}
        return self._api.post("im/v1/messages?receive_id_type=open_id", fields)


def said(message: Mapping[str, Any]) -> str:
    """The words of a message; none of one of a kind that has none."""
    content = orjson.loads(message["content"])
    match message["message_type"]:
        case "text":
            return named(str(content["text"]), message.get("mentions") or [])
        case "post":
            lines = ["".join(str(piece.get("text", "")) for piece in line) for line in content["content"]]
            return "\n".join([str(content.get("title", "")), *lines]).strip()
        case "location":
            return str(content.get("name", ""))
    return ""


def named(text: str, mentions: Sequence[Mapping[str, Any]]) -> str:
    """With the names of those who are mentioned instead of Feishu's places for them (`@_user_1`)."""
    for one in mentions:
        text = text.replace(str(one["key"]), f"@{one['name']}")
    return text


def attached(message: Mapping[str, Any]) -> list[Attachment]:
    content, message_id = orjson.loads(message["content"]), message["message_id"]
    match message["message_type"]:
        case "image":
            return [Attachment("image", f"{message_id}/{content['image_key']}")]
        case "file" | "audio" | "media" as kind:
            name = str(content.get("file_name", ""))
            return [Attachment(KINDS[kind], f"{message_id}/{content['file_key']}", name)]
        case "post":
            pieces = [piece for line in content["content"] for piece in line]
            return [Attachment("image", f"{message_id}/{one['image_key']}") for one in pieces if one.get("image_key")]
    return []


def shown(message: BotMessage) -> tuple[str, dict[str, Any]]:
    """The kind and the content of a message."""
    if message.cards:
        return "interactive", {"elements": [element for card in message.cards for element in of_card(card)]}
    if message.buttons:
        return "interactive", {"elements": [words(message.text or ""), pressable(message.buttons)]}
    return "text", {"text": message.text or "\n".join(plain_file(file) for file in message.files)}


def of_card(card: Card) -> list[dict[str, Any]]:
    return [words(plain_card(card)), *([pressable(card.buttons)] if card.buttons else [])]


def words(text: str) -> dict[str, Any]:
    return {"tag": "div", "text": {"tag": "plain_text", "content": text}}


def pressable(buttons: Sequence[Button]) -> dict[str, Any]:
    actions = [
        {"tag": "button", "text": {"tag": "plain_text", "content": one.title}, "value": {"say": one.payload}}
        for one in buttons
    ]
    return {"tag": "action", "actions": actions}
