"""LINE Official Accounts, in one-to-one chats.

    in    message (text, image, video, audio, file, sticker), postback     base64 HMAC-SHA256 of the body, no time
    out   push message: text with quick replies, or an image by its address; X-Line-Retry-Key makes a repeat known

LINE may deliver again (where that is switched on) and in any order; the webhookEventId keeps an event from being
answered twice. Push is used and not the reply token: that is good for a minute, and an answer may come later.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import httpx
import orjson
from pydantic import Field, SecretStr

from bot.channels.base import make_message
from bot.conversation.attachments import Kind
from bot.messages import Attachment, BotMessage, Button, UserMessage
from bot.messaging.capabilities import Capabilities, size
from bot.messaging.channel import Channel, ChannelSettings, Fetched, Inbound, Part, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.downloads import media_type_of, read
from bot.messaging.errors import NotNow, Rejected
from bot.messaging.sending import TIMEOUT_SECONDS, Call, check_status, post
from bot.messaging.signatures import any_matches, hmac_sha256_base64, refused

ACTION_LIMIT = 300
TAKEN_BEFORE = 409
"""A message with this retry key has already been accepted: that is what was wanted."""
TYPING_SECONDS = 20
KINDS: Mapping[str, Kind] = {"image": "image", "video": "video", "audio": "audio", "file": "file"}
API, CONTENT_API = "https://api.line.me", "https://api-data.line.me"
BEING_PREPARED = 202
"""A film that LINE still converts."""


class LineSettings(ChannelSettings):
    """One Messaging API channel."""

    channel_secret: SecretStr = Field(description="The Channel secret, under Basic settings.")
    previous_channel_secret: SecretStr | None = Field(
        default=None, description="The channel secret before: also accepted while you change it."
    )
    access_token: SecretStr = Field(description="A Channel access token (long-lived), under Messaging API.")
    api_url: str = Field(default=API, description="Another address of LINE's API.", pattern="^https?://")


class Line(Channel[LineSettings]):
    name = "line"
    Settings = LineSettings
    can = Capabilities(text_limit=5000, unit="utf16", buttons=13, title_limit=20, images=True)
    remembers_seconds = 23 * 3600
    """LINE knows a retry key for a day; an hour of that is kept back."""

    def verify(self, request: Inbound, now: float) -> None:  # noqa: ARG002
        previous = self.settings.previous_channel_secret
        secrets = [self.settings.channel_secret, *([previous] if previous else [])]

        def sign(secret: str) -> str:
            return hmac_sha256_base64(secret.encode(), request.body)

        if not any_matches(secrets, [request.header("x-line-signature")], sign):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        """The console's "Verify" sends no events; an account in standby is answered by somebody else."""
        events = orjson.loads(request.body)["events"]
        return [said for event in events if event.get("mode") == "active" and (said := self._said(event))]

    def _said(self, event: Mapping[str, Any]) -> UserMessage | None:
        if event["source"]["type"] != "user" or event["type"] not in ("message", "postback"):
            return None
        sender_id, event_id, marks = event["source"]["userId"], event["webhookEventId"], {}
        if event["type"] == "postback":
            words = marks[PRESSED] = event["postback"]["data"]
        else:
            words = words_of(event["message"])
        files = files_of(event.get("message", {}))
        return make_message(self.name, sender_id, words, event_id, marks, self.text_limit, attachments=files)

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        api = CONTENT_API if self.settings.api_url == API else self.settings.api_url.rstrip("/")
        url = f"{api}/v2/bot/message/{quote(attachment.reference, safe='')}/content"
        try:
            async with http.stream("GET", url, headers=self._headers(), timeout=TIMEOUT_SECONDS) as response:
                if response.status_code == BEING_PREPARED:
                    raise NotNow("LINE still prepares the file")
                check_status(response)
                return Fetched(await read(response, self.can.attachment_limit_bytes), media_type_of(response))
        except httpx.HTTPError as error:
            raise NotNow(f"not fetched: {type(error).__name__}") from None

    def render(self, part: Part, to: Recipient) -> Call:
        call = self._call("message/push", {"to": to.sender_id, "messages": [shown(part.message, part.seq)]})
        retry_key = str(uuid5(NAMESPACE_URL, part.key))
        return Call(call.url, call.body, {**call.headers, "x-line-retry-key": retry_key})

    def typing(self, to: Recipient) -> Call:
        return self._call("chat/loading/start", {"chatId": to.sender_id, "loadingSeconds": TYPING_SECONDS})

    def judge(self, response: httpx.Response) -> None:
        if response.status_code == TAKEN_BEFORE:
            return
        if response.status_code == 429 and "monthly limit" in response.text:
            raise Rejected("the account's messages of this month are used up")
        check_status(response)

    def sent_id(self, response: httpx.Response) -> str:
        sent = response.json().get("sentMessages") or [{}]
        return str(sent[0].get("id", ""))

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:
        response = await post(http, self._call("channel/webhook/test", {"endpoint": url} if url else {}))
        try:
            self.judge(response)
        except Rejected as error:
            return [f"LINE does not take KEFU_LINE_ACCESS_TOKEN, or knows no webhook URL: {error.reason}."]
        result = response.json()
        return [] if result["success"] else [f"LINE could not deliver: {result.get('reason')}, {result.get('detail')}"]

    def _call(self, method: str, fields: Mapping[str, Any]) -> Call:
        headers = {"content-type": "application/json", **self._headers()}
        return Call(f"{self.settings.api_url.rstrip('/')}/v2/bot/{method}", orjson.dumps(fields), headers)

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.settings.access_token.get_secret_value()}"}


def words_of(message: Mapping[str, Any]) -> str:
    """What was written; a sticker says the first of the words that stand for it."""
    return str(message.get("text") or next(iter(message.get("keywords") or []), ""))


def files_of(message: Mapping[str, Any]) -> list[Attachment]:
    """What LINE holds itself; an address of somebody else's is not followed."""
    kind = KINDS.get(message.get("type", ""))
    if kind is None or message.get("contentProvider", {}).get("type", "line") != "line":
        return []
    return [Attachment(kind, message["id"], message.get("fileName", ""), size=message.get("fileSize"))]


def shown(message: BotMessage, seq: int) -> dict[str, Any]:
    """One message object."""
    if message.image:
        return {"type": "image", "originalContentUrl": message.image, "previewImageUrl": message.image}
    items = [{"type": "action", "action": action(one, n, seq)} for n, one in enumerate(message.buttons)]
    return {"type": "text", "text": message.text, **({"quickReply": {"items": items}} if items else {})}


def action(button: Button, number: int, seq: int) -> dict[str, str]:
    """A quick reply says its words; where they are too long for LINE, which button it is."""
    if size(button.payload, "utf16") <= ACTION_LIMIT:
        return {"type": "message", "label": button.title, "text": button.payload}
    return {"type": "postback", "label": button.title, "data": f"{seq}.{number}", "displayText": button.title}
