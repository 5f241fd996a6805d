"""A robot of a DingTalk (钉钉) app, in private chats.

    in    what people write to the robot: `sign` is HMAC-SHA256 of the time alone, so the body proves nothing by itself;
          events of the app: encrypted as WeChat does (messaging/wechat_crypto.py), answered encrypted
    out   robot/oToMessages/batchSend to the company's people; to others the session webhook, while it lasts

A signed time is taken for five minutes and not for DingTalk's hour. The msgId keeps a message from being answered
twice. Groups are not answered: what the bot says is one customer's own.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import httpx
import orjson
from pydantic import Field, SecretStr, field_validator

from bot.channels.base import make_message
from bot.messages import Attachment, BotMessage, Button, UserMessage
from bot.messaging import dingtalk_api
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Answer, Channel, ChannelSettings, Fetched, Inbound, Part, Recipient
from bot.messaging.dingtalk_api import JSON, DingtalkApi, answer_of
from bot.messaging.errors import NotNow, Rejected
from bot.messaging.fitting import plain_file
from bot.messaging.sending import Call
from bot.messaging.signatures import any_matches, hmac_sha256_base64, is_fresh, refused
from bot.messaging.wechat_crypto import Envelopes, Signed, well_formed

Fields = dict[str, Any]
PRIVATE = "1"
WEBHOOK = "session_webhook"
"""In a message's metadata, of somebody who is not of the company: the address at which they can be answered."""
SAY = "dtmd://dingtalkclient/sendMessage?content="
"""A button's address that writes its words into the chat."""
KINDS: Mapping[str, Literal["image", "audio", "video", "file"]] = {
    "picture": "image",
    "audio": "audio",
    "video": "video",
    "file": "file",
}
PREVIEW = 40
PICTURE = "图片 · Picture"


class DingtalkSettings(ChannelSettings):
    """One app with a robot."""

    app_key: str = Field(description="The app's Client ID (AppKey).", min_length=1)
    app_secret: SecretStr = Field(description="Its Client Secret (AppSecret): signs what people write to the robot.")
    previous_app_secret: SecretStr | None = Field(
        default=None, description="The secret before: also accepted while you change it."
    )
    robot_code: str = Field(description="The robot's RobotCode; mostly the same as the Client ID.", min_length=1)
    event_token: SecretStr | None = Field(
        default=None, description="The Token of the event subscription (事件订阅), if you use it."
    )
    previous_event_token: SecretStr | None = Field(
        default=None, description="That Token before: also accepted while you change it."
    )
    event_aes_key: SecretStr | None = Field(default=None, description="The aes_key of the event subscription.")
    previous_event_aes_key: SecretStr | None = Field(
        default=None, description="That aes_key before: also accepted while you change it."
    )
    owner_key: str | None = Field(
        default=None,
        description="For whom events are encrypted: the Client ID, unless you set the company's CorpId here.",
    )
    api_url: str = Field(
        default="https://api.dingtalk.com", description="Another address of DingTalk's API.", pattern="^https?://"
    )
    oapi_url: str = Field(
        default="https://oapi.dingtalk.com", description="Another address of its older API.", pattern="^https?://"
    )

    _keys = field_validator("event_aes_key", "previous_event_aes_key")(well_formed)


class Dingtalk(Channel[DingtalkSettings]):
    name = "dingtalk"
    Settings = DingtalkSettings
    can = Capabilities(
        text_limit=15_000,
        unit="bytes",
        buttons=5,
        title_limit=60,
        images=True,
        files=True,
        uploads=True,
        cards=True,
        cards_at_once=1,
        card_text_limit=1000,
        card_buttons=5,
    )
    calls_per_second = 20
    is_timed = True

    def __init__(self, settings: DingtalkSettings, text_limit: int = 4000, url: str | None = None) -> None:
        super().__init__(settings, text_limit, url)
        secret = settings.app_secret.get_secret_value()
        self._api = DingtalkApi(settings.api_url, settings.oapi_url, settings.app_key, secret)
        tokens = [one for one in (settings.event_token, settings.previous_event_token) if one]
        keys = [one for one in (settings.event_aes_key, settings.previous_event_aes_key) if one]
        self._envelopes = Envelopes(tokens, keys, settings.owner_key or settings.app_key)

    # ---- in ----

    def verify(self, request: Inbound, now: float) -> None:
        if request.method != "POST":
            raise refused(self.name)
        if "sign" in request.headers:
            return self._verify_message(request, now)
        try:
            self._envelopes.open(orjson.loads(request.body)["encrypt"], signed_by(request), now)
        except (ValueError, KeyError, TypeError):
            raise refused(self.name) from None

    def _verify_message(self, request: Inbound, now: float) -> None:
        milliseconds, previous = request.header("timestamp"), self.settings.previous_app_secret
        secrets = [self.settings.app_secret, *([previous] if previous else [])]
        is_signed = any_matches(secrets, [request.header("sign")], lambda secret: signature(secret, milliseconds))
        if not (is_signed and is_fresh(milliseconds[:-3], now)):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        payload = orjson.loads(request.body)
        if "encrypt" in payload or payload["conversationType"] != PRIVATE:
            return []
        webhook = payload.get("sessionWebhook", "")
        staff, marks = payload.get("senderStaffId"), {}
        if not staff and self._api.is_webhook(webhook):
            marks[WEBHOOK] = webhook
        words, files = said(payload), attached(payload)
        sender_id, name = staff or payload["senderId"], payload["msgId"]
        return [make_message(self.name, sender_id, words, name, marks, self.text_limit, attachments=files)]

    def answer(self, request: Inbound) -> Answer:
        """An event is acknowledged by an encrypted `success`, its check of the address too."""
        if "sign" in request.headers:
            return Answer(b"{}", "application/json")
        ciphertext, signed = self._envelopes.seal(b"success", str(round(time.time() * 1000)))
        fields = {"msg_signature": signed.signature, "timeStamp": signed.timestamp, "nonce": signed.nonce}
        return Answer(orjson.dumps({**fields, "encrypt": ciphertext}), "application/json")

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        limit = self.can.attachment_limit_bytes
        return await self._api.fetch(http, self.settings.robot_code, attachment.reference, limit)

    # ---- out ----

    def render(self, part: Part, to: Recipient) -> Call:
        webhook = to.latest.get(WEBHOOK)
        if webhook:
            return Call(str(webhook), orjson.dumps(shown_by_webhook(part.message)), JSON)
        return self._message(to, *shown(part.message))

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:
        """A file is handed over first, and a session webhook is called only at DingTalk."""
        webhook = to.latest.get(WEBHOOK)
        if webhook and not self._api.is_webhook(str(webhook)):
            raise Rejected("the address to answer at is not DingTalk's")
        for file in () if webhook else part.message.files:
            if (content := part.contents.get(file.reference)) is not None:
                return await self.send(http, self._message(to, *await self._handed_over(http, file, content)))
        return await super().deliver(http, part, to)

    async def _handed_over(self, http: httpx.AsyncClient, file: Attachment, content: Fetched) -> tuple[str, Fields]:
        if file.kind == "image":
            return "sampleImageMsg", {"photoURL": await self._api.upload(http, "image", content)}
        name = content.name or file.name or "file"
        media_id = await self._api.upload(http, "file", content)
        return "sampleFile", {"mediaId": media_id, "fileName": name, "fileType": name.rpartition(".")[2].lower()}

    async def call(self, http: httpx.AsyncClient, call: Call) -> httpx.Response:
        return await self._api.call(http, call)

    def judge(self, response: httpx.Response) -> None:
        dingtalk_api.judge(response)
        answer = answer_of(response)
        if answer.get("flowControlledStaffIdList"):
            raise NotNow("too many messages to this person", dingtalk_api.MINUTE)
        if answer.get("invalidStaffIdList"):
            raise Rejected("the person is not in the company, or not among those who see the robot")

    def sent_id(self, response: httpx.Response) -> str:
        return str(answer_of(response).get("processQueryKey", ""))

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        try:
            await self._api.lent(http)
        except Rejected as error:
            return [f"DingTalk does not know KEFU_DINGTALK_APP_KEY with KEFU_DINGTALK_APP_SECRET: {error.reason}."]
        return []

    def _message(self, to: Recipient, kind: str, fields: Mapping[str, Any]) -> Call:
        param = orjson.dumps(fields).decode()
        robot = {"robotCode": self.settings.robot_code, "userIds": [to.sender_id]}
        return self._api.post("robot/oToMessages/batchSend", {**robot, "msgKey": kind, "msgParam": param})


def signature(secret: str, milliseconds: str) -> str:
    signed = f"{milliseconds}\n{secret}".encode("utf-8", "surrogateescape")
    return hmac_sha256_base64(secret.encode(), signed)


def signed_by(request: Inbound) -> Signed:
    """DingTalk names the signature either way."""
    query = request.query
    given = query.get("msg_signature") or query.get("signature", "")
    return Signed(given, query.get("timestamp", ""), query.get("nonce", ""))


def said(payload: Mapping[str, Any]) -> str:
    """The words of a message; of what was spoken, what DingTalk heard."""
    content = payload.get("content", {})
    match payload["msgtype"]:
        case "text":
            return str(payload["text"]["content"])
        case "richText":
            return "\n".join(str(piece["text"]) for piece in content["richText"] if piece.get("text"))
        case "audio":
            return str(content.get("recognition", ""))
    return ""


def attached(payload: Mapping[str, Any]) -> list[Attachment]:
    content = payload.get("content", {})
    if payload["msgtype"] == "richText":
        return [Attachment("image", one["downloadCode"]) for one in content["richText"] if one.get("downloadCode")]
    kind = KINDS.get(payload["msgtype"])
    return [Attachment(kind, content["downloadCode"], str(content.get("fileName", "")))] if kind else []


def shown(message: BotMessage) -> tuple[str, Fields]:
    """The msgKey and msgParam that show one fitted message."""
    if message.image:
        return "sampleImageMsg", {"photoURL": message.image}
    title, text, buttons = face(message)
    if not message.cards and not buttons:
        return "sampleText", {"content": title}
    card = {"title": preview(title), "text": text}
    if not buttons:
        return "sampleMarkdown", card
    if len(buttons) == 1:
        return "sampleActionCard", {**card, "singleTitle": buttons[0].title, "singleURL": pressing(buttons[0])}
    for number, one in enumerate(buttons, 1):
        card |= {f"actionTitle{number}": one.title, f"actionURL{number}": pressing(one)}
    return f"sampleActionCard{len(buttons)}", card


def shown_by_webhook(message: BotMessage) -> Fields:
    if message.image:
        return {"msgtype": "markdown", "markdown": {"title": PICTURE, "text": f"![]({message.image})"}}
    title, text, buttons = face(message)
    if not message.cards and not buttons:
        return {"msgtype": "text", "text": {"content": title}}
    card: Fields = {"title": preview(title), "text": text}
    if not buttons:
        return {"msgtype": "markdown", "markdown": card}
    shown = [{"title": one.title, "actionURL": pressing(one)} for one in buttons]
    return {"msgtype": "actionCard", "actionCard": {**card, "btnOrientation": "0", "btns": shown}}


def face(message: BotMessage) -> tuple[str, str, tuple[Button, ...]]:
    """A message's words, the same as DingTalk's Markdown, and its buttons."""
    if not message.cards:
        words = message.text or "\n".join(plain_file(file) for file in message.files)
        return words, marked_down(words), message.buttons
    [card] = message.cards
    lines = [f"![]({card.image})" if card.image else "", f"**{card.title}**", card.price or "", card.subtitle]
    return card.title, marked_down("\n".join(line for line in lines if line)), card.buttons


def pressing(button: Button) -> str:
    return SAY + quote(button.payload, safe="")


def preview(text: str) -> str:
    """What the list of chats shows of a card; the card itself shows all of it."""
    return text.split("\n")[0][:PREVIEW]


def marked_down(text: str) -> str:
    """A card's text is Markdown, in which a line ends by two spaces."""
    return text.replace("\n", "  \n")
