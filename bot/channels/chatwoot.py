"""Chatwoot: Kefu is the agent bot of its inboxes, of whatever kind they are.

    in    message_created (a customer's), message_updated (a chosen option)     sha256 HMAC over time and body
          conversation_status_changed, an agent's own message: who has it now
    out   messages: text, options, cards, attachments; `open`, where it takes a person

Kefu speaks only while a conversation is `pending`, Chatwoot's word for "the bot has it". Chatwoot tells a bot of all
messages, so the state is looked at twice: when one comes, and right before the answer goes out. A message's own number
keeps it from being answered twice, however many webhooks (of the bot, an API inbox, the account) bring it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import unquote

import httpx
import orjson
from pydantic import Field, SecretStr, ValidationInfo, field_validator

from bot.channels.base import make_message
from bot.messages import Attachment, BotMessage, UserMessage
from bot.messaging import chatwoot
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Channel, ChannelSettings, Fetched, Handover, Inbound, Part, Recipient
from bot.messaging.downloads import download
from bot.messaging.errors import Rejected
from bot.messaging.fitting import plain_card
from bot.messaging.sending import Call, check_status, post
from bot.messaging.signatures import any_matches, refused

KINDS: Mapping[str, Any] = {"image": "image", "audio": "audio", "video": "video", "file": "file"}
STATUS_EVENTS = frozenset({"conversation_status_changed", "conversation_opened", "conversation_resolved"})
OWNER_BY_STATUS: Mapping[str, Literal["bot", "agent", "resolved"]] = {
    "pending": "bot",
    "open": "agent",
    "resolved": "resolved",
}
INBOX = "inbox"
"""In a message's metadata: the kind of inbox it came through. Most of them drop options, and so get numbered text."""
EVERYWHERE = Capabilities(text_limit=4000, files=True, uploads=True)
OPTIONS = replace(EVERYWHERE, buttons=10, title_limit=20)
"""As WhatsApp has them, behind Chatwoot too: what is longer would be shown as sent there, and never arrive."""
OWN_WIDGET = replace(OPTIONS, buttons=20, title_limit=80, cards=True)
SHOWN_BY: Mapping[str, Capabilities] = {
    "Channel::WebWidget": OWN_WIDGET,
    "Channel::Api": OWN_WIDGET,
    "Channel::Whatsapp": OPTIONS,
    "Channel::Telegram": OPTIONS,
}


class ChatwootSettings(ChannelSettings):
    """One agent bot of a Chatwoot."""

    url: str = Field(description="Your Chatwoot, e.g. `https://app.chatwoot.com`.", pattern="^https?://")
    token: SecretStr = Field(description="The agent bot's access token.")
    secret: SecretStr | None = Field(
        default=None, description="The agent bot's webhook secret. Chatwoot signs from version 4.13 on."
    )
    previous_secret: SecretStr | None = Field(
        default=None,
        description="Another secret that is accepted: the one before, or that of an API inbox's own webhook.",
    )
    key: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="For a Chatwoot that does not sign yet: letters of your own that end the bot's URL, `?key=…`. "
        "Without it nothing unsigned is accepted.",
    )
    hands_over: bool = Field(
        default=True,
        description="Where it takes a person, open the conversation for Chatwoot's people. `false`: it stays pending, "
        "and yours answer in Kefu's console.",
    )
    attachment_hosts: str = Field(
        default="",
        description="Where else Chatwoot keeps attachments, e.g. `bucket.s3.amazonaws.com`; comma-separated. Its own "
        "address is always allowed.",
    )

    @field_validator("key")
    @classmethod
    def one_of_both(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("secret") is None:
            raise ValueError("set KEFU_CHATWOOT_SECRET, or this one for a Chatwoot that does not sign yet")
        return value


class Chatwoot(Channel[ChatwootSettings]):
    name = "chatwoot"
    Settings = ChatwootSettings
    can = OWN_WIDGET
    is_timed = True

    @property
    def api(self) -> chatwoot.Api:
        return chatwoot.Api(self.settings.url, self.settings.token)

    def shows(self, latest: Mapping[str, Any]) -> Capabilities:
        """What the inbox behind Chatwoot can show."""
        return SHOWN_BY.get(str(latest.get(INBOX)), EVERYWHERE)

    def verify(self, request: Inbound, now: float) -> None:
        secrets = [one for one in (self.settings.secret, self.settings.previous_secret) if one]
        key = self.settings.key
        if request.header("x-chatwoot-signature") or not key:
            is_proven = chatwoot.is_signed(request, secrets, now)
        else:
            is_proven = any_matches([key], [request.query.get("key", "")], lambda secret: secret)
        if not is_proven:
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        payload = orjson.loads(request.body)
        event = payload.get("event")
        if event not in ("message_created", "message_updated") or payload["conversation"]["status"] != "pending":
            return []
        return self._said(payload) if event == "message_created" else self._chosen(payload)

    def _said(self, payload: Mapping[str, Any]) -> list[UserMessage]:
        if payload.get("message_type") != "incoming" or payload.get("private"):
            return []
        return [self._message(payload, payload.get("content") or "", str(payload["id"]), tuple(attached(payload)))]

    def _chosen(self, payload: Mapping[str, Any]) -> list[UserMessage]:
        """In Chatwoot's own widget, choosing an option fills in the bot's message."""
        chosen = (payload.get("content_attributes") or {}).get("submitted_values") or [{}]
        if payload.get("content_type") != "input_select" or not chosen[0].get("value"):
            return []
        return [self._message(payload, str(chosen[0]["value"]), f"{payload['id']}:chosen")]

    def _message(
        self, payload: Mapping[str, Any], words: str, message_id: str, files: tuple[Attachment, ...] = ()
    ) -> UserMessage:
        conversation = payload["conversation"]
        browser = (conversation.get("additional_attributes") or {}).get("browser_language")
        marks = {INBOX: conversation.get("channel"), "locale": browser}
        sender_id = sender_id_of(payload["account"]["id"], conversation["id"])
        return make_message(self.name, sender_id, words, message_id, marks, self.text_limit, attachments=files)

    def ownership(self, request: Inbound) -> Sequence[Handover]:
        payload = orjson.loads(request.body)
        event = payload.get("event")
        if event == "message_created":
            return taken_by_writing(payload)
        return changed(payload) if event in STATUS_EVENTS else ()

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:
        """A line of the bot's only while Chatwoot says that the bot has the conversation."""
        if to.owner == "bot" and await self._is_with_people(http, to):
            raise Rejected("a person has the conversation in Chatwoot")
        if to.owner == "queue" and self.settings.hands_over:
            check_status(await self.call(http, self.api.set_status(*named(to), "open")))
        return await super().deliver(http, part, to)

    async def _is_with_people(self, http: httpx.AsyncClient, to: Recipient) -> bool:
        """False too where this Chatwoot does not tell bots: then what it said with the message has to do."""
        response = await self.call(http, self.api.conversation(*named(to)))
        return response.status_code == 200 and response.json().get("status", "pending") != "pending"

    def render(self, part: Part, to: Recipient) -> Call:
        for file in part.message.files:
            return self.api.send_file(*named(to), part.contents[file.reference])
        return self.api.say(*named(to), shown(part.message))

    def typing(self, to: Recipient) -> Call:
        return self.api.show_typing(*named(to))

    def sent_id(self, response: httpx.Response) -> str:
        return str(response.json()["id"])

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        hosts = [one.strip() for one in self.settings.attachment_hosts.split(",") if one.strip()]
        limit = self.can.attachment_limit_bytes
        got = await download(http, attachment.reference, hosts=hosts, origin=self.settings.url, limit_bytes=limit)
        return replace(got, name=attachment.name)

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        """A bot may ask Chatwoot nothing about itself; a conversation that does not exist tells a token from none."""
        answer = await post(http, self.api.set_status("0", "0", "pending"))
        if answer.status_code == 401 and "Invalid Access Token" in answer.text:
            return ["Chatwoot does not know KEFU_CHATWOOT_TOKEN: take it from Settings, Bots, the bot's access token."]
        return []


def sender_id_of(account: object, conversation: object) -> str:
    return f"{int(str(account))}.{int(str(conversation))}"


def taken_by_writing(payload: Mapping[str, Any]) -> list[Handover]:
    """An agent who writes has the conversation, whatever state it is in."""
    sender = payload.get("sender") or {}
    if payload.get("message_type") != "outgoing" or payload.get("private") or sender.get("type") != "user":
        return []
    sender_id = sender_id_of(payload["account"]["id"], payload["conversation"]["id"])
    return [Handover(sender_id, "agent", str(sender.get("name") or ""))]


def changed(payload: Mapping[str, Any]) -> list[Handover]:
    """Whose a conversation is by its new state. Open without an agent is nobody's yet: Kefu may have opened it."""
    account = (payload.get("account") or {}).get("id") or next(
        (message["account_id"] for message in payload.get("messages") or ()), None
    )
    owner = OWNER_BY_STATUS.get(str(payload.get("status")))
    agent = str(((payload.get("meta") or {}).get("assignee") or {}).get("name") or "")
    if account is None or owner is None or (owner == "agent" and not agent):
        return []
    return [Handover(sender_id_of(account, payload["id"]), owner, agent)]


def named(to: Recipient) -> tuple[str, str]:
    """The account and the conversation."""
    account, _, conversation = to.sender_id.partition(".")
    return account, conversation


def attached(payload: Mapping[str, Any]) -> list[Attachment]:
    """Files only; a shared place or contact is no file."""
    return [
        Attachment(
            KINDS[one["file_type"]],
            one["data_url"],
            unquote(str(one["data_url"]).partition("?")[0].rpartition("/")[2]),
            size=one.get("file_size"),
        )
        for one in payload.get("attachments") or ()
        if one.get("file_type") in KINDS and one.get("data_url")
    ]


def shown(message: BotMessage) -> dict[str, Any]:
    """The fields of one message. A card's buttons do nothing in Chatwoot's widget, so they are options below it."""
    buttons = [(one.title, one.payload) for one in message.buttons]
    for card in message.cards:
        buttons += [(f"{one.title}: {card.title}", one.payload) for one in card.buttons]
    if message.cards and not buttons:
        return {"content": message.cards[0].title, **of_kind("cards", [shown_card(card) for card in message.cards])}
    text = message.text or "\n".join(plain_card(card) for card in message.cards)
    if message.custom and not text:
        return dict(message.custom)
    items = [{"title": title, "value": value} for title, value in buttons]
    return {"content": text, **(of_kind("input_select", items) if items else {})}


def shown_card(card: Any) -> dict[str, Any]:
    text = " · ".join(part for part in (card.price, card.subtitle) if part)
    return {"title": card.title, "description": text, "media_url": card.image or "", "actions": []}


def of_kind(kind: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"content_type": kind, "content_attributes": {"items": items}}
