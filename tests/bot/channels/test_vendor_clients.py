"""The vendors' own clients and Kefu say the same thing to the same API: the calls that arrive are the same."""

import asyncio
from typing import Any

import httpx
import lark_oapi
import orjson
from dingtalk_stream import ChatbotHandler, ChatbotMessage
from lark_oapi.api.im.v1 import CreateMessageRequest, CreateMessageRequestBody
from pydantic import SecretStr
from wechatpy.client import WeChatClient
from wechatpy.enterprise import WeChatClient as WecomClient

from bot.channels.dingtalk import WEBHOOK
from bot.channels_in_use import open_channel
from bot.messages import BotMessage, Button
from bot.messaging.channel import Part, Recipient
from bot.settings import Settings
from tests.contracts.conftest import platform_of
from tests.contracts.emulator import Emulator, Heard, Reply, running

TEXT = "你好 👋 & <hello>"
MENU = (Button("是", "yes"), Button("否", "no"))


def kefu_says(name: str, emulator: Emulator, message: BotMessage, to: Recipient) -> Heard:
    """The last call that arrives."""
    values = {field: SecretStr(value) for field, value in platform_of(name).settings(emulator.url).items()}

    async def run() -> None:
        async with httpx.AsyncClient() as http:
            await open_channel(name, Settings(channels={name: values})).deliver(http, Part(message, "k", 12), to)

    asyncio.run(run())
    return emulator.heard[-1]


def told(heard: Heard) -> tuple[str, Any]:
    return heard.path, orjson.loads(heard.body)


def test_wechat() -> None:
    with running(Emulator(platform_of("wechat").answer)) as emulator:
        client = WeChatClient("wx1", "secret", "a-token-lent")
        client.API_BASE_URL = f"{emulator.url}/cgi-bin/"
        client.message.send_text("oAnn", TEXT)
        theirs = told(emulator.heard[-1])
        assert told(kefu_says("wechat", emulator, BotMessage(text=TEXT), Recipient("oAnn"))) == theirs
        choices = [{"id": "12.0", "content": "是"}, {"id": "12.1", "content": "否"}]
        client.message.send_msg_menu("oAnn", {"head_content": TEXT, "list": choices, "tail_content": ""})
        theirs = told(emulator.heard[-1])
        menu = BotMessage(text=TEXT, buttons=MENU)
        assert told(kefu_says("wechat", emulator, menu, Recipient("oAnn"))) == theirs


def test_wecom() -> None:
    with running(Emulator(platform_of("wecom").answer)) as emulator:
        client = WecomClient("ww1", "secret", access_token="a-token-lent")
        client.API_BASE_URL = f"{emulator.url}/cgi-bin/"
        client.message.send_text(1000002, "ann", TEXT)
        path, fields = told(emulator.heard[-1])
        ours = told(kefu_says("wecom", emulator, BotMessage(text=TEXT), Recipient("ann")))
        unsaid = {name: fields.pop(name) for name in ("toparty", "totag", "safe") if name in fields}
        assert ours == (path, fields) and not any(unsaid.values())


def test_feishu() -> None:
    with running(Emulator(platform_of("feishu").answer)) as emulator:
        client = lark_oapi.Client.builder().app_id("cli_1").app_secret("secret").domain(emulator.url).build()
        ours = kefu_says("feishu", emulator, BotMessage(text=TEXT), Recipient("ou_ann"))
        said = orjson.loads(ours.body)
        body = CreateMessageRequestBody.builder().receive_id("ou_ann").msg_type("text").uuid(said["uuid"])
        request = CreateMessageRequest.builder().receive_id_type("open_id")
        response = client.im.v1.message.create(
            request.request_body(body.content(said["content"]).build()).build()  # what text is, Feishu's page says
        )
        assert response.success() and response.data.message_id == "om_sent"
        theirs = emulator.heard[-1]
        assert told(ours) == told(theirs) and orjson.loads(said["content"]) == {"text": TEXT}
        assert ours.headers["authorization"] == theirs.headers["authorization"]


def test_dingtalk_at_a_session_webhook() -> None:
    with running(Emulator(lambda _heard: Reply(200, b'{"errcode": 0, "errmsg": "ok"}'))) as emulator:
        address = f"{emulator.url}/robot/sendBySession?session=abc"
        message = ChatbotMessage.from_dict({"sessionWebhook": address, "senderStaffId": ""})
        assert ChatbotHandler().reply_text(TEXT, message) == {"errcode": 0, "errmsg": "ok"}
        path, fields = told(emulator.heard[-1])
        fields.pop("at")
        to = Recipient("$:LWCP_v1:$ann", latest={WEBHOOK: address})
        assert told(kefu_says("dingtalk", emulator, BotMessage(text=TEXT), to)) == (path, fields)
