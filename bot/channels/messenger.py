"""A Facebook page's Messenger, in chats with one person.

    in    messages, quick replies, postbacks, delivery reports          bot/messaging/meta.py verifies
    out   text with quick replies, cards as a generic template, media by its address; typing_on

A delivery's mid keeps it from being answered twice. Echoes of what the page says are no messages; one of somebody who
writes in the page's inbox means that a person has taken over. What Messenger only lets us overhear, while another app
has the conversation (`standby`), is ignored. Of what was read it names a time and no message: it stays unknown.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import httpx
import orjson
from pydantic import Field

from bot.channels.base import greeted, make_message
from bot.messages import Attachment, BotMessage, Button, Card, UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Fetched, Handover, Inbound, Part, Receipt, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.downloads import download
from bot.messaging.errors import Rejected
from bot.messaging.meta import HOSTS, MetaChannel, MetaSettings
from bot.messaging.sending import Call

KINDS: Mapping[str, Literal["image", "audio", "video", "file"]] = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "file": "file",
}
PAYLOAD_LIMIT = 1000
REFERENCE = "="
"""Begins a payload that names the button instead of holding its words, which are too long for Messenger."""
PAGE_INBOX = 263902037430900
"""The app in whose name people write who answer on Facebook itself."""
NEEDED_FIELDS = ("messages", "messaging_postbacks", "message_deliveries")


class MessengerSettings(MetaSettings):
    """One page."""

    page_id: str = Field(description="The page's ID, under About → Page transparency.", pattern=r"^\d+$")


class Messenger(MetaChannel[MessengerSettings]):
    name = "messenger"
    Settings = MessengerSettings
    can = Capabilities(
        text_limit=2000,
        unit="utf16",
        buttons=13,
        title_limit=20,
        cards=True,
        cards_at_once=10,
        card_text_limit=80,
        card_buttons=3,
        images=True,
        files=True,
        window_hours=24,
    )
    calls_per_second = 40

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        return [said for event in self._events(request) if (said := self._said(event))]

    def receipts(self, request: Inbound) -> Sequence[Receipt]:
        """What arrived, and echoes of our own: they say that Messenger has had a message, by the name we gave it."""
        events = self._events(request)
        mids = [mid for event in events for mid in event.get("delivery", {}).get("mids") or ()]
        echoes = [message for event in events if (message := event.get("message") or {}).get("is_echo")]
        named = [Receipt(one["mid"], "sent", key=one["metadata"]) for one in echoes if one.get("metadata")]
        return [*named, *(Receipt(mid, "delivered") for mid in mids)]

    def _events(self, request: Inbound) -> list[Mapping[str, Any]]:
        """What happened between people and our page; an app may have others."""
        entries = orjson.loads(request.body)["entry"]
        return [
            event for entry in entries if entry["id"] == self.settings.page_id for event in entry.get("messaging", ())
        ]

    def _said(self, event: Mapping[str, Any]) -> UserMessage | None:
        message, postback = event.get("message") or {}, event.get("postback")
        if message.get("is_echo") or message.get("is_deleted") or not (message or postback):
            return None
        pressed = postback or message.get("quick_reply")
        words = greeted(str((pressed or {}).get("payload") or message.get("text") or ""))
        marks: dict[str, Any] = {}
        if pressed and words.startswith(REFERENCE):
            marks[PRESSED] = words.removeprefix(REFERENCE)
        sender_id, attachments = event["sender"]["id"], attachments_of(message)
        return make_message(self.name, sender_id, words, id_of(event), marks, self.text_limit, attachments=attachments)

    def ownership(self, request: Inbound) -> Sequence[Handover]:
        return [found for event in self._events(request) if (found := handover_of(event))]

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        url, limit = attachment.reference, self.can.attachment_limit_bytes
        return await download(http, url, hosts=HOSTS, origin=self.settings.api_url, limit_bytes=limit)

    def render(self, part: Part, to: Recipient) -> Call:
        message = {**shown(part.message, part.seq), "metadata": part.key}
        return self._to(to, {"messaging_type": "RESPONSE", "message": message})

    def typing(self, to: Recipient) -> Call:
        return self._to(to, {"sender_action": "typing_on"})

    def sent_id(self, response: httpx.Response) -> str:
        return str(response.json()["message_id"])

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        try:
            apps = (await self.ask(http, f"{self.settings.page_id}/subscribed_apps"))["data"]
        except Rejected as error:
            return [self.not_taken(error)]
        fields = {field for app in apps for field in app.get("subscribed_fields", ())}
        missing = [field for field in NEEDED_FIELDS if field not in fields]
        return (
            [f"The page does not tell the app of {', '.join(missing)}: Messenger → Settings → Webhooks."]
            if missing
            else []
        )

    def _to(self, to: Recipient, fields: Mapping[str, Any]) -> Call:
        return self.graph(f"{self.settings.page_id}/messages", {"recipient": {"id": to.sender_id}, **fields})


def handover_of(event: Mapping[str, Any]) -> Handover | None:
    """Who answers from now on: whoever Meta gave the conversation to, or a person in the page's inbox."""
    if "pass_thread_control" in event:
        return Handover(event["sender"]["id"], "bot")
    if "take_thread_control" in event:
        return Handover(event["sender"]["id"], "agent")
    message = event.get("message") or {}
    is_person = message.get("is_echo") and message.get("app_id") == PAGE_INBOX
    return Handover(event["recipient"]["id"], "agent") if is_person else None


def id_of(event: Mapping[str, Any]) -> str:
    """The mid; a postback of an old kind has none."""
    about = event.get("message") or event["postback"]
    return str(about.get("mid") or f"{event['timestamp']}:{about.get('payload', '')[:200]}")


def attachments_of(message: Mapping[str, Any]) -> list[Attachment]:
    """Those with an address: a sticker or a shared post may come as something else."""
    return [
        Attachment(KINDS[one["type"]], str(one["payload"]["url"]))
        for one in message.get("attachments") or ()
        if one.get("type") in KINDS and (one.get("payload") or {}).get("url")
    ]


def shown(message: BotMessage, seq: int) -> dict[str, Any]:
    """The message that shows one fitted message."""
    if message.image:
        return attachment("image", {"url": message.image, "is_reusable": False})
    if message.files:
        return attachment(message.files[0].kind, {"url": message.files[0].reference, "is_reusable": False})
    if message.cards:
        elements = [element(card) for card in message.cards]
        return attachment("template", {"template_type": "generic", "elements": elements})
    replies = [
        {"content_type": "text", "title": one.title, "payload": payload(one, number, seq)}
        for number, one in enumerate(message.buttons)
    ]
    return {"text": message.text, **({"quick_replies": replies} if replies else {})}


def attachment(kind: str, about: Mapping[str, Any]) -> dict[str, Any]:
    return {"attachment": {"type": kind, "payload": about}}


def element(card: Card) -> dict[str, Any]:
    """A card of the carousel. A button of one says its words, or where they are too long, its title."""
    about = {"subtitle": " · ".join(one for one in (card.price, card.subtitle) if one), "image_url": card.image}
    buttons = [
        {
            "type": "postback",
            "title": one.title,
            "payload": one.payload if len(one.payload) <= PAYLOAD_LIMIT else one.title,
        }
        for one in card.buttons
    ]
    shown = {**about, "buttons": buttons}
    return {"title": card.title, **{key: value for key, value in shown.items() if value}}


def payload(button: Button, number: int, seq: int) -> str:
    """The words that it stands for, or where they are too long, which one it is: the line's seq and its number."""
    is_short = 0 < len(button.payload) <= PAYLOAD_LIMIT and not button.payload.startswith(REFERENCE)
    return button.payload if is_short else f"{REFERENCE}{seq}.{number}"
