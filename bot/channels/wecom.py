"""Apps of WeCom (企业微信自建应用): for the company's own people, or those of the companies it works with.

    in    text, image, voice, video, location, link, a pressed button, a click in the app's menu; always encrypted
    out   message/send: text, a card with buttons (template_card), news for a picture, uploaded files

WeCom waits for five seconds and asks three times. A message's MsgId keeps it from being answered twice; an event has
none, but its sender, second and key. For customers in WeChat there is wecom_kf.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import httpx
from pydantic import Field

from bot.channels.base import make_message
from bot.messages import Attachment, BotMessage, UserMessage
from bot.messaging import wechat_api
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Inbound, Part, Recipient
from bot.messaging.errors import Rejected
from bot.messaging.fitting import plain_file
from bot.messaging.sending import Call
from bot.messaging.wechat_api import answer_of
from bot.messaging.wecom import WecomChannel, WecomSettings

KINDS: Mapping[str, Literal["image", "audio", "video", "file"]] = {"image": "image", "voice": "audio", "video": "video"}


class WecomAppSettings(WecomSettings):
    """One app that employees write to."""

    agent_id: int = Field(description="The app's AgentId (应用ID).")


class Wecom(WecomChannel[WecomAppSettings]):
    name = "wecom"
    Settings = WecomAppSettings
    can = Capabilities(
        text_limit=2048,
        unit="bytes",
        buttons=6,
        title_limit=30,
        button_text_limit=160,
        images=True,
        files=True,
        uploads=True,
    )

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        fields = self.opened(request)
        words, attachments = said(fields), attached(fields)
        if words is None and not attachments:
            return []
        marks = wechat_api.pressed(fields.get("EventKey", ""))
        sender_id, name = fields["FromUserName"], id_of(fields)
        message = make_message(self.name, sender_id, words or "", name, marks, self.text_limit, attachments=attachments)
        return [message]

    def render(self, part: Part, to: Recipient) -> Call:
        return self._message(to, shown(part))

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:
        """A file is handed over first; what cannot be, is linked to."""
        sent = await self.api.handed_over(http, part, {"image", "voice", "video", "file"})
        if sent is None:
            return await super().deliver(http, part, to)
        kind, media_id = sent
        return await self.send(http, self._message(to, {"msgtype": kind, kind: {"media_id": media_id}}))

    def judge(self, response: httpx.Response) -> None:
        super().judge(response)
        if answer_of(response).get("invaliduser"):
            raise Rejected("the person cannot be reached: not in the company, or not among those who see the app")

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        call = Call(f"{self.api.url}/cgi-bin/agent/get?agentid={self.settings.agent_id}", method="GET")
        try:
            response = await self.call(http, call)
            wechat_api.judge(response)
        except Rejected as error:
            return [f"WeCom does not let Kefu use this app: {error.reason}."]
        return ["The app is switched off in WeCom (停用)."] if answer_of(response).get("close") else []

    def _message(self, to: Recipient, fields: Mapping[str, Any]) -> Call:
        return self.api.post("message/send", {"touser": to.sender_id, "agentid": self.settings.agent_id, **fields})


def id_of(fields: Mapping[str, str]) -> str:
    event = "-".join(fields.get(name, "") for name in ("FromUserName", "CreateTime", "Event", "TaskId", "EventKey"))
    return fields.get("MsgId") or event


def said(fields: Mapping[str, str]) -> str | None:
    """The words of a message, or which button was pressed; None for what nobody said."""
    match fields["MsgType"]:
        case "text":
            return fields["Content"]
        case "location":
            return f"{fields.get('Label', '')} ({fields['Location_X']}, {fields['Location_Y']})".strip()
        case "link":
            return f"{fields.get('Title', '')} {fields['Url']}".strip()
        case "event" if fields["Event"] in ("click", "template_card_event"):
            return fields["EventKey"]
    return None


def attached(fields: Mapping[str, str]) -> list[Attachment]:
    kind = KINDS.get(fields["MsgType"])
    return [Attachment(kind, fields["MediaId"])] if kind else []


def shown(part: Part) -> dict[str, Any]:
    """The fields of message/send that show one fitted message."""
    message: BotMessage = part.message
    if message.image:
        return wechat_api.picture(message.image)
    if message.files:
        return {"msgtype": "text", "text": {"content": plain_file(message.files[0])}}
    if not message.buttons:
        return {"msgtype": "text", "text": {"content": message.text}}
    keys = [{"text": one.title, "key": f"{part.seq}.{number}"} for number, one in enumerate(message.buttons)]
    task = str(uuid5(NAMESPACE_URL, part.key))
    card = {"card_type": "button_interaction", "sub_title_text": message.text, "task_id": task, "button_list": keys}
    return {"msgtype": "template_card", "template_card": card}
