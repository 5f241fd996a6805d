"""What WeCom's apps and its customer service share: encrypted callbacks, and an API with a lent token."""

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlencode

import httpx
from pydantic import Field, SecretStr, field_validator

from bot.messages import Attachment
from bot.messaging import wechat_api
from bot.messaging.channel import Answer, Channel, ChannelSettings, Fetched, Inbound
from bot.messaging.flat_xml import fields_of
from bot.messaging.sending import Call
from bot.messaging.signatures import refused
from bot.messaging.wechat_api import WechatApi
from bot.messaging.wechat_crypto import SHORT_TOKENS, Envelopes, NotTheirs, signed_by, well_formed


class WecomSettings(ChannelSettings):
    """One app of one company."""

    least_letters = SHORT_TOKENS

    corp_id: str = Field(description="The company's id (企业ID), at the bottom of 我的企业.", min_length=1)
    secret: SecretStr = Field(description="The Secret with which Kefu asks for access tokens.")
    token: SecretStr = Field(description="The Token of the callback settings (接收消息服务器配置).")
    previous_token: SecretStr | None = Field(
        default=None, description="The Token before: also accepted while you change it."
    )
    encoding_aes_key: SecretStr = Field(description="The EncodingAESKey of the callback settings.")
    previous_encoding_aes_key: SecretStr | None = Field(
        default=None, description="The EncodingAESKey before: also accepted while you change it."
    )
    api_url: str = Field(
        default="https://qyapi.weixin.qq.com", description="Another address of WeCom's API.", pattern="^https?://"
    )

    _keys = field_validator("encoding_aes_key", "previous_encoding_aes_key")(well_formed)


W = TypeVar("W", bound=WecomSettings)


class WecomChannel(Channel[W]):
    """Everything but what is said: proof of origin, attachments, calls."""

    is_timed = True

    def __init__(self, settings: W, text_limit: int = 4000, url: str | None = None) -> None:
        super().__init__(settings, text_limit, url)
        tokens = [one for one in (settings.token, settings.previous_token) if one]
        keys = [one for one in (settings.encoding_aes_key, settings.previous_encoding_aes_key) if one]
        self._envelopes = Envelopes(tokens, keys, settings.corp_id)
        query = urlencode({"corpid": settings.corp_id, "corpsecret": settings.secret.get_secret_value()})
        lending = Call(f"{settings.api_url.rstrip('/')}/cgi-bin/gettoken?{query}", method="GET")
        self.api = WechatApi(settings.api_url, lending)

    def handshake(self, request: Inbound, now: float) -> Answer | None:
        """The console's check of the address: it wants to read what it encrypted."""
        if request.method != "GET":
            return None
        try:
            return Answer(self._envelopes.open(request.query["echostr"], signed_by(request.query), now))
        except NotTheirs:
            raise refused(self.name) from None

    def verify(self, request: Inbound, now: float) -> None:
        try:
            self._envelopes.open(fields_of(request.body)["Encrypt"], signed_by(request.query), now)
        except (ValueError, KeyError):
            raise refused(self.name) from None

    def opened(self, request: Inbound) -> Mapping[str, str]:
        """The fields of a verified delivery."""
        return fields_of(self._envelopes.read(fields_of(request.body)["Encrypt"]))

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        return await self.api.fetch(http, attachment.reference, self.can.attachment_limit_bytes)

    async def call(self, http: httpx.AsyncClient, call: Call) -> httpx.Response:
        return await self.api.call(http, call)

    def judge(self, response: httpx.Response) -> None:
        wechat_api.judge(response)

    def sent_id(self, response: httpx.Response) -> str:
        return str(wechat_api.answer_of(response).get("msgid", ""))
