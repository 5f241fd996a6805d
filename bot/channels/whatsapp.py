"""A number on the WhatsApp Business Platform (Meta's Cloud API), in chats with one person.

    in    messages (text, media, pressed buttons and rows) and statuses     bot/messaging/meta.py verifies
    out   text, up to three buttons, a list of up to ten rows, media by link; a template once the 24 hours are over

Meta delivers again for up to seven days and in any order: the message's wamid keeps it from being answered twice.
Somebody who hides their number is known by Meta's id of them (`US.1234…`). Groups are not answered.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
import orjson
import regex
from pydantic import Field

from bot.channels.base import make_message
from bot.messages import Attachment, BotMessage, Button, Row, UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Fetched, Inbound, Part, Receipt, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.downloads import download
from bot.messaging.errors import Rejected
from bot.messaging.meta import HOSTS, MetaChannel, MetaSettings
from bot.messaging.sending import Call

WAMID = "wamid"
OUR_NAME = "biz_opaque_callback_data"
"""What Meta is told with a message and tells again with all that it reports of it."""
MEDIA: Mapping[str, Literal["image", "audio", "video", "file"]] = {
    "image": "image",
    "sticker": "image",
    "audio": "audio",
    "video": "video",
    "document": "file",
}
SILENT = frozenset({"reaction", "system", "ephemeral", "request_welcome"})
"""Nothing that anybody expects an answer to."""
STATES: Mapping[str, Literal["delivered", "read", "failed"]] = {
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
ID_LIMIT = 200
REFERENCE = "="
"""Begins an id that names the button instead of holding its words, which are too long for WhatsApp."""
OTHER_PICTURES = (".webp", ".gif", ".svg", ".avif")
CHINESE = regex.compile(r"\p{Han}")
TEMPLATE_LIMIT = 1024


class WhatsAppSettings(MetaSettings):
    """One number of one app."""

    phone_number_id: str = Field(description="The Phone number ID, under WhatsApp → API Setup.", pattern=r"^\d+$")
    business_account_id: str | None = Field(
        default=None,
        description="The WhatsApp Business Account ID beside it; `kefu channels check` then sees more.",
        pattern=r"^\d+$",
    )
    reopening_template: str | None = Field(
        default=None,
        description="An approved template `name/language` with one variable: in it goes what is said more than 24 "
        "hours after the customer's last message. Without it such a line is not sent.",
        pattern=r"^[a-z0-9_]+/[A-Za-z_]+$",
    )


class WhatsApp(MetaChannel[WhatsAppSettings]):
    name = "whatsapp"
    Settings = WhatsAppSettings
    can = Capabilities(
        text_limit=4096,
        unit="utf16",
        buttons=3,
        title_limit=20,
        button_text_limit=1024,
        rows=10,
        row_title_limit=24,
        row_description_limit=72,
        images=True,
        files=True,
        window_hours=24,
    )
    calls_per_second = 60

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        return [
            said
            for value in self._values(request)
            for message in value.get("messages", ())
            if (said := self._said(message))
        ]

    def receipts(self, request: Inbound) -> Sequence[Receipt]:
        return [
            Receipt(status["id"], STATES[status["status"]], why(status.get("errors") or ()), status.get(OUR_NAME) or "")
            for value in self._values(request)
            for status in value.get("statuses", ())
            if status.get("status") in STATES
        ]

    def _values(self, request: Inbound) -> list[Mapping[str, Any]]:
        """What a delivery says of our number; an app may have others."""
        changes = [change for entry in orjson.loads(request.body)["entry"] for change in entry["changes"]]
        values = [change["value"] for change in changes if change.get("field") == "messages"]
        return [one for one in values if one["metadata"]["phone_number_id"] == self.settings.phone_number_id]

    def _said(self, message: Mapping[str, Any]) -> UserMessage | None:
        if message["type"] in SILENT or message.get("group_id"):
            return None
        sender_id = message.get("from") or message["from_user_id"]
        words, marks = words_of(message), {WAMID: message["id"]}
        if words.startswith(REFERENCE) and message["type"] == "interactive":
            marks[PRESSED] = words.removeprefix(REFERENCE)
        return make_message(
            self.name,
            sender_id,
            words,
            message["id"],
            marks,
            self.text_limit,
            attachments=attachments_of(message),
        )

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        """In two steps: Meta gives an address for the id, good for five minutes, and that wants the token too."""
        phone_number_id = self.settings.phone_number_id
        about = await self.ask(http, f"{attachment.reference}?phone_number_id={phone_number_id}")
        headers = {"authorization": self.graph("").headers["authorization"]}
        limit = self.can.attachment_limit_bytes
        found = await download(
            http, str(about["url"]), hosts=HOSTS, origin=self.settings.api_url, headers=headers, limit_bytes=limit
        )
        return Fetched(found.content, str(about.get("mime_type") or found.media_type), attachment.name)

    def render(self, part: Part, to: Recipient) -> Call:
        return self._to(to, {**shown(part.message, part.seq), OUR_NAME: part.key})

    def reopening(self, part: Part, to: Recipient) -> Call | None:
        """The template that brings the words although the 24 hours are over; None where there is none that can."""
        text = " ".join((part.message.text or "").split())
        if not self.settings.reopening_template or not 0 < len(text) <= TEMPLATE_LIMIT or part.message.buttons:
            return None
        name, language = self.settings.reopening_template.split("/")
        body = {"type": "body", "parameters": [{"type": "text", "text": text}]}
        template = {"name": name, "language": {"code": language}, "components": [body]}
        return self._to(to, {"type": "template", "template": template, OUR_NAME: part.key})

    def typing(self, to: Recipient) -> Call | None:
        """Shows with the message that is being answered, which is marked as read by it."""
        wamid = to.latest.get(WAMID)
        fields = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        return self._call({**fields, "typing_indicator": {"type": "text"}}) if wamid else None

    def sent_id(self, response: httpx.Response) -> str:
        return str(response.json()["messages"][0]["id"])

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:
        wanted = "display_phone_number,status,webhook_configuration"
        try:
            number = await self.ask(http, f"{self.settings.phone_number_id}?fields={wanted}")
            apps = await self._apps(http)
        except Rejected as error:
            return [self.not_taken(error)]
        problems = [] if apps else ["The account is subscribed by no app: POST /BUSINESS_ACCOUNT_ID/subscribed_apps."]
        if number.get("status", "CONNECTED") != "CONNECTED":
            problems.append(f"The number is {number['status']}: register it under WhatsApp → API Setup.")
        told = (number.get("webhook_configuration") or {}).get("application")
        if url and told != url:
            problems.append(f"Meta delivers to {told or 'nobody'}, not to {url}: WhatsApp → Configuration.")
        return problems

    async def _apps(self, http: httpx.AsyncClient) -> Sequence[object]:
        """The apps that get what is written to the account; where it is not known, as if there were one."""
        account = self.settings.business_account_id
        return (await self.ask(http, f"{account}/subscribed_apps"))["data"] if account else ["unknown"]

    def _to(self, to: Recipient, fields: Mapping[str, Any]) -> Call:
        """Meta's own ids of people have a full stop, numbers have none."""
        whom = {"recipient" if "." in to.sender_id else "to": to.sender_id}
        return self._call({"messaging_product": "whatsapp", "recipient_type": "individual", **whom, **fields})

    def _call(self, fields: Mapping[str, Any]) -> Call:
        return self.graph(f"{self.settings.phone_number_id}/messages", fields)


def words_of(message: Mapping[str, Any]) -> str:
    """What was typed, pressed or written below a picture."""
    kind = message["type"]
    about = message.get(kind) or {}
    if kind == "interactive":
        return str((about.get(about.get("type")) or {}).get("id", ""))
    if kind == "location":
        place = (about.get("name"), about.get("address"), f"{about['latitude']}, {about['longitude']}")
        return ", ".join(str(one) for one in place if one)
    return str(about.get({"text": "body", "button": "payload"}.get(kind, "caption"), ""))


def attachments_of(message: Mapping[str, Any]) -> list[Attachment]:
    kind = message["type"]
    if kind not in MEDIA:
        return []
    about = message[kind]
    return [Attachment(MEDIA[kind], str(about["id"]), about.get("filename") or "", about.get("mime_type") or "")]


def why(errors: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(f"{one.get('code')} {one.get('title') or one.get('message') or ''}".strip() for one in errors)


def shown(message: BotMessage, seq: int) -> dict[str, Any]:
    """The fields that show one fitted message."""
    if message.image:
        return image(message.image)
    if message.files:
        return media(message.files[0])
    if message.rows:
        return choosing(message.text, [row(one, number, seq) for number, one in enumerate(message.rows)])
    if message.buttons:
        buttons = [reply(one, number, seq) for number, one in enumerate(message.buttons)]
        return interactive("button", message.text, {"buttons": buttons})
    return {"type": "text", "text": {"body": message.text, "preview_url": False}}


def image(address: str) -> dict[str, Any]:
    """WhatsApp shows JPEG and PNG; any other picture goes as its address."""
    if urlsplit(address).path.lower().endswith(OTHER_PICTURES):
        return {"type": "text", "text": {"body": address, "preview_url": True}}
    return {"type": "image", "image": {"link": address}}


def media(file: Attachment) -> dict[str, Any]:
    kind = "document" if file.kind == "file" else file.kind
    name = {"filename": file.name} if kind == "document" and file.name else {}
    return {"type": kind, kind: {"link": file.reference, **name}}


def choosing(text: str | None, rows: list[dict[str, Any]]) -> dict[str, Any]:
    label = "请选择" if CHINESE.search(text or "") else "Choose"
    return interactive("list", text, {"button": label, "sections": [{"rows": rows}]})


def interactive(kind: str, text: str | None, action: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": text}, "action": action}}


def row(one: Row, number: int, seq: int) -> dict[str, Any]:
    about = {"description": one.description} if one.description else {}
    return {"id": id_of(one, number, seq), "title": one.title, **about}


def reply(button: Button, number: int, seq: int) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": id_of(button, number, seq), "title": button.title}}


def id_of(choice: Button | Row, number: int, seq: int) -> str:
    """The words that it stands for, or where they are too long, which one it is: the line's seq and its number."""
    words = choice.payload
    is_short = 0 < len(words) <= ID_LIMIT and words == words.strip() and not words.startswith(REFERENCE)
    return words if is_short else f"{REFERENCE}{seq}.{number}"
