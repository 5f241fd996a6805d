"""WeChat Official Accounts (微信公众号), service accounts that may send customer-service messages.

    in    text, image, voice, video, location, link, a click in the account's menu    SHA-1 of token, time and nonce;
          in safe mode the message is encrypted and its ciphertext signed too (messaging/wechat_crypto.py)
    out   message/custom/send: text, a menu of answers (msgmenu), news for a picture, uploaded files

Whatever comes is answered with `success` at once: WeChat waits for five seconds, asks three times, and then tells the
customer that the account is out of order. Without an EncodingAESKey nothing signs a delivery's text.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import httpx
from pydantic import Field, SecretStr, field_validator

from bot.channels.base import make_message
from bot.messages import Attachment, BotMessage, UserMessage
from bot.messaging import wechat_api
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Answer, Channel, ChannelSettings, Fetched, Inbound, Part, Recipient
from bot.messaging.errors import Rejected
from bot.messaging.flat_xml import fields_of
from bot.messaging.sending import Call
from bot.messaging.signatures import refused
from bot.messaging.wechat_api import WechatApi
from bot.messaging.wechat_crypto import SHORT_TOKENS, Envelopes, NotTheirs, signed_by, well_formed

KINDS: Mapping[str, Literal["image", "audio", "video", "file"]] = {
    "image": "image",
    "voice": "audio",
    "video": "video",
    "shortvideo": "video",
    "file": "file",
}


class WechatSettings(ChannelSettings):
    """One official account."""

    least_letters = SHORT_TOKENS

    app_id: str = Field(description="The developer id (AppID) of the account.", min_length=1)
    app_secret: SecretStr = Field(description="Its developer password (AppSecret).")
    token: SecretStr = Field(description="The Token that you made up for the server settings (服务器配置).")
    previous_token: SecretStr | None = Field(
        default=None, description="The Token before: also accepted while you change it."
    )
    encoding_aes_key: SecretStr | None = Field(
        default=None, description="The EncodingAESKey of safe mode (安全模式). With it, nothing else is accepted."
    )
    previous_encoding_aes_key: SecretStr | None = Field(
        default=None, description="The EncodingAESKey before: also accepted while you change it."
    )
    api_url: str = Field(
        default="https://api.weixin.qq.com", description="Another address of WeChat's API.", pattern="^https?://"
    )

    _keys = field_validator("encoding_aes_key", "previous_encoding_aes_key")(well_formed)


class Wechat(Channel[WechatSettings]):
    name = "wechat"
    Settings = WechatSettings
    can = Capabilities(
        text_limit=2048,
        unit="bytes",
        buttons=10,
        title_limit=120,
        images=True,
        files=True,
        uploads=True,
        window_hours=48,
    )
    is_timed = True

    def __init__(self, settings: WechatSettings, text_limit: int = 4000, url: str | None = None) -> None:
        super().__init__(settings, text_limit, url)
        tokens = [one for one in (settings.token, settings.previous_token) if one]
        keys = [one for one in (settings.encoding_aes_key, settings.previous_encoding_aes_key) if one]
        self._envelopes = Envelopes(tokens, keys, settings.app_id)
        self._api = WechatApi(settings.api_url, lending(settings))

    # ---- in ----

    def handshake(self, request: Inbound, now: float) -> Answer | None:
        """The console's check of the address: signed like a delivery, and never encrypted."""
        if request.method != "GET":
            return None
        try:
            self._envelopes.check(signed_by(request.query, "signature"), now)
        except NotTheirs:
            raise refused(self.name) from None
        return Answer(request.query["echostr"].encode())

    def verify(self, request: Inbound, now: float) -> None:
        try:
            if request.method != "POST":
                raise NotTheirs
            if self._envelopes.keys:
                self._envelopes.open(fields_of(request.body)["Encrypt"], signed_by(request.query), now)
            else:
                self._envelopes.check(signed_by(request.query, "signature"), now)
        except (ValueError, KeyError):
            raise refused(self.name) from None

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        fields = fields_of(request.body)
        if self._envelopes.keys:
            fields = fields_of(self._envelopes.read(fields["Encrypt"]))
        words, attachments = said(fields), attached(fields)
        if words is None and not attachments:
            return []
        menu_id, sender_id = fields.get("bizmsgmenuid", ""), fields["FromUserName"]
        marks = wechat_api.pressed(menu_id)
        return [
            make_message(
                self.name, sender_id, words or "", id_of(fields), marks, self.text_limit, attachments=attachments
            )
        ]

    def answer(self, request: Inbound) -> Answer:  # noqa: ARG002
        return Answer(b"success")

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        return await self._api.fetch(http, attachment.reference, self.can.attachment_limit_bytes)

    # ---- out ----

    def render(self, part: Part, to: Recipient) -> Call:
        return self._api.post("message/custom/send", {"touser": to.sender_id, **shown(part.message, part.seq)})

    def typing(self, to: Recipient) -> Call:
        return self._api.post("message/custom/typing", {"touser": to.sender_id, "command": "Typing"})

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:
        """A picture whose bytes are here is handed over first."""
        sent = await self._api.handed_over(http, part, {"image"})
        if sent is None:
            return await super().deliver(http, part, to)
        kind, media_id = sent
        fields = {"touser": to.sender_id, "msgtype": kind, kind: {"media_id": media_id}}
        return await self.send(http, self._api.post("message/custom/send", fields))

    async def call(self, http: httpx.AsyncClient, call: Call) -> httpx.Response:
        return await self._api.call(http, call)

    def judge(self, response: httpx.Response) -> None:
        wechat_api.judge(response)

    def sent_id(self, response: httpx.Response) -> str:  # noqa: ARG002
        return ""

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        try:
            await self._api.ask(http, "message/custom/typing", {"touser": "nobody", "command": "Typing"})
        except Rejected as error:
            return [] if "errcode 40003:" in error.reason else [f"WeChat does not let Kefu send: {error.reason}."]
        return []


def lending(settings: WechatSettings) -> Call:
    """The stable token: asking for it does not end the one that another system of yours holds."""
    secret = settings.app_secret.get_secret_value()
    fields = {"grant_type": "client_credential", "appid": settings.app_id, "secret": secret}
    return wechat_api.plain(settings.api_url, "stable_token", fields)


def id_of(fields: Mapping[str, str]) -> str:
    """Of an event there is no MsgId: WeChat says that its sender and second name it."""
    event = f"{fields.get('FromUserName')}-{fields.get('CreateTime')}-{fields.get('Event')}"
    return fields.get("MsgId") or event


def said(fields: Mapping[str, str]) -> str | None:
    """The words of a message; None for what nobody said: a subscription, a position reported on the way."""
    match fields["MsgType"]:
        case "text":
            return fields["Content"]
        case "voice":
            return fields.get("Recognition", "")
        case "location":
            return f"{fields.get('Label', '')} ({fields['Location_X']}, {fields['Location_Y']})".strip()
        case "link":
            return f"{fields.get('Title', '')} {fields['Url']}".strip()
        case "event" if fields["Event"] == "CLICK":
            return fields["EventKey"]
    return None


def attached(fields: Mapping[str, str]) -> list[Attachment]:
    kind, media_id = KINDS.get(fields["MsgType"]), fields.get("MediaId")
    if kind is None or not media_id:
        return []
    return [Attachment(kind, media_id, fields.get("Title", ""))]


def shown(message: BotMessage, seq: int) -> dict[str, Any]:
    """The fields of message/custom/send that show one fitted message."""
    if address := message.image or next((file.reference for file in message.files), None):
        return wechat_api.picture(address)
    if not message.buttons:
        return {"msgtype": "text", "text": {"content": message.text}}
    choices = [{"id": f"{seq}.{number}", "content": one.title} for number, one in enumerate(message.buttons)]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": message.text, "list": choices, "tail_content": ""}}
