"""A Twilio number, or several of one account: SMS, MMS and WhatsApp.

    in    the messaging webhook, and the status callback at the same address; signed over the public URL and the form
    out   POST Messages: a text, its buttons as a numbered list, media by its address

What Twilio signs is the address that it was given, not the one that a proxy passes on, with or without the port. It
signs no time; the MessageSid keeps a delivery from being answered twice. An answer goes out from the number that was
written to.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Literal
from urllib.parse import urlencode

import httpx
import orjson
from pydantic import Field, SecretStr

from bot.channels.base import make_message
from bot.messages import Attachment, Json, UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Answer, Channel, ChannelSettings, Fetched, Inbound, Part, Receipt, Recipient
from bot.messaging.downloads import download, kind_of
from bot.messaging.errors import NotNow, Rejected
from bot.messaging.sending import MAYBE_TAKEN, Call, check_status, post, retry_after
from bot.messaging.signatures import any_matches, refused
from bot.messaging.sms import plain
from bot.messaging.twilio_signing import (
    BODY_HASH,
    KEY_HEADER,
    algorithm_of,
    fields_of,
    is_body_hash_right,
    signature,
    signed_fields,
    with_and_without_port,
    with_query,
)
from bot.settings import SettingsError

PART = "part"
"""In the address of a status callback: our own name of what it is about."""
MOST_FIELDS = 1000
"""Twilio sends some dozens; a form of megabytes, which anybody may send, would keep Kefu busy for seconds."""
WHATSAPP = "whatsapp:"
TEMPLATE_LIMIT = 1024
API = "https://api.twilio.com"
TYPING = "https://messaging.twilio.com"
"""Another address for the same login: only here it can be said that an answer is being written."""
NUMBER, SID = "number", "sid"
"""In a message's metadata: which of our numbers was written to, and Twilio's name of the message."""
HOSTS = ("api.twilio.com", ".twiliocdn.com", "s3-external-1.amazonaws.com")
"""Where Twilio keeps what people send, and where that leads to."""
STATES: Mapping[str, Literal["delivered", "read", "failed"]] = {
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
}
NOT_NOW = frozenset({14107, 20429, 20500, 20503, 21611, 30001, 30022, 63018})
"""Too much at once, a queue that is full, or trouble of Twilio's own."""


class TwilioSettings(ChannelSettings):
    """One account."""

    account_sid: str = Field(description="The Account SID, on the console's first page.", pattern="^AC[0-9a-f]{32}$")
    auth_token: SecretStr = Field(description="The Auth Token beside it.")
    previous_auth_token: SecretStr | None = Field(
        default=None, description="The other of the primary and the secondary token: also accepted while you change it."
    )
    shared_key: SecretStr | None = Field(
        default=None, description="The secret of a SharedKey, if a Webhook Setting of yours signs with one."
    )
    number: str = Field(
        description="Your number, `+14155550100` or `whatsapp:+14155550100`, or a Messaging Service, `MG…`: what Kefu "
        "writes from where nobody wrote first.",
        pattern=r"^((whatsapp:)?\+\d+|MG[0-9a-f]{32})$",
    )
    reopening_template: str | None = Field(
        default=None,
        description="The Content SID of an approved WhatsApp template with one variable, 1: in it goes what is said "
        "more than 24 hours after the customer's last message. Without it such a line is not sent.",
        pattern="^HX[0-9a-fA-F]{32}$",
    )
    url: str | None = Field(
        default=None,
        description="The webhook's address exactly as it stands at Twilio, if it is another one than "
        "`KEFU_PUBLIC_URL` and `/webhooks/twilio`.",
        pattern="^https?://",
    )
    api_url: str = Field(default=API, description="Another address of Twilio's API.", pattern="^https?://")


class Twilio(Channel[TwilioSettings]):
    name = "twilio"
    Settings = TwilioSettings
    can = Capabilities(text_limit=1600, unit="utf16", attachment_limit_bytes=16_000_000)
    calls_per_second = 10

    def __init__(self, settings: TwilioSettings, text_limit: int = 4000, url: str | None = None) -> None:
        super().__init__(settings, text_limit, settings.url or url)
        if not self.url:
            why = "Twilio signs the address that it delivers to, and Kefu does not know it."
            raise SettingsError(f"KEFU_PUBLIC_URL or KEFU_TWILIO_URL is missing: {why} See docs/channels/twilio.md.")

    def shows(self, latest: Json) -> Capabilities:
        """WhatsApp shows media and closes after a day; in a text message only American numbers show any."""
        number = self._number(latest)
        takes_media = number.startswith((WHATSAPP, "+1", "MG"))
        window = 24 if number.startswith(WHATSAPP) else None
        return replace(self.can, images=takes_media, files=takes_media, window_hours=window)

    def verify(self, request: Inbound, now: float) -> None:  # noqa: ARG002
        if request.body.count(b"&") > MOST_FIELDS:
            raise refused(self.name)
        key_about = request.header(KEY_HEADER)
        digest = algorithm_of(key_about)
        candidates = [self.settings.shared_key] if key_about else [*self._tokens()]
        secrets, given = [one for one in candidates if one], [request.header("x-twilio-signature")]
        texts = [url + signed_fields(request) for url in with_and_without_port(self._address(request))]
        same = [any_matches(secrets, given, partial(signature, text=text, digest=digest or "sha1")) for text in texts]
        if not (digest and any(same) and is_body_hash_right(request)):
            raise refused(self.name)

    def _tokens(self) -> Sequence[SecretStr | None]:
        return self.settings.auth_token, self.settings.previous_auth_token

    def _address(self, request: Inbound) -> str:
        """The address that Twilio called, as it saw it: with our name of a part and the body's hash, if it has them."""
        given = {name: request.query[name] for name in (PART, BODY_HASH) if name in request.query}
        return with_query(str(self.url), given)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        """A status callback is no message, and what somebody sends to leave or to come back Twilio answers itself."""
        fields = fields_of(request)
        is_ours = fields["AccountSid"] == self.settings.account_sid
        if "MessageStatus" in fields or fields.get("OptOutType") or not is_ours:
            return []
        words, attachments = words_of(fields), attachments_of(fields)
        marks = {NUMBER: fields["To"], SID: fields["MessageSid"]}
        said = make_message(
            self.name, fields["From"], words, fields["MessageSid"], marks, self.text_limit, attachments=attachments
        )
        return [said]

    def receipts(self, request: Inbound) -> Sequence[Receipt]:
        fields = fields_of(request)
        state = STATES.get(fields.get("MessageStatus", ""))
        key = request.query.get(PART, "")
        return [Receipt(fields["MessageSid"], state, fields.get("ErrorCode", ""), key)] if state else []

    def answer(self, request: Inbound) -> Answer:  # noqa: ARG002
        """Nothing to be said at once, in Twilio's own language."""
        return Answer(b"<Response/>", "text/xml")

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        headers, limit = {"authorization": self._login()}, self.can.attachment_limit_bytes
        url, origin = attachment.reference, self.settings.api_url
        return await download(http, url, hosts=HOSTS, origin=origin, headers=headers, limit_bytes=limit)

    def render(self, part: Part, to: Recipient) -> Call:
        message, is_sms = part.message, not to.sender_id.startswith(WHATSAPP)
        media = message.image or (message.files[0].reference if message.files else None)
        text = message.text or ""
        return self._say(part, to, {"MediaUrl": media} if media else {"Body": plain(text) if is_sms else text})

    def reopening(self, part: Part, to: Recipient) -> Call | None:
        """The template that brings the words although the 24 hours are over; None where there is none that can."""
        text, template = " ".join((part.message.text or "").split()), self.settings.reopening_template
        if not template or not 0 < len(text) <= TEMPLATE_LIMIT:
            return None
        variables = orjson.dumps({"1": text}).decode()
        return self._say(part, to, {"ContentSid": template, "ContentVariables": variables})

    def _say(self, part: Part, to: Recipient, shown: Mapping[str, str]) -> Call:
        number = like(self._number(to.latest), to.sender_id)
        sender = {"MessagingServiceSid" if number.startswith("MG") else "From": number}
        back = with_query(str(self.url), {PART: part.key})
        return self._call("Messages.json", {"To": to.sender_id, **sender, **shown, "StatusCallback": back})

    def typing(self, to: Recipient) -> Call | None:
        """On WhatsApp, with the message that is being answered, which is marked as read by it."""
        sid = to.latest.get(SID)
        if not sid or not to.sender_id.startswith(WHATSAPP):
            return None
        url = TYPING if self.settings.api_url == API else self.settings.api_url.rstrip("/")
        return self._post(f"{url}/v2/Indicators/Typing.json", {"channel": "whatsapp", "messageId": str(sid)})

    def judge(self, response: httpx.Response) -> None:
        code, message = error_of(response)
        if not code or response.status_code in MAYBE_TAKEN:
            return check_status(response)
        reason = f"HTTP {response.status_code}: {code} {message[:200]}"
        if code in NOT_NOW or response.status_code == 429 or response.status_code >= 500:
            wait = retry_after(response.headers.get("retry-after", ""), datetime.now(UTC))
            raise NotNow(reason, wait, whole_channel=response.status_code == 429)
        raise Rejected(reason)

    def sent_id(self, response: httpx.Response) -> str:
        return str(response.json()["sid"])

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        """Of a number that Twilio lists; of WhatsApp's and a Messaging Service's addresses it only sees the account."""
        number = self.settings.number
        is_listed = number.startswith("+")
        query = f"?{urlencode({'PhoneNumber': number})}" if is_listed else ""
        response = await post(http, self._call("IncomingPhoneNumbers.json" + query))
        try:
            self.judge(response)
        except Rejected as error:
            return [f"Twilio does not take KEFU_TWILIO_ACCOUNT_SID with KEFU_TWILIO_AUTH_TOKEN: {error.reason}."]
        return self._complaints(response.json()["incoming_phone_numbers"]) if is_listed else []

    def _complaints(self, numbers: Sequence[Mapping[str, str]]) -> list[str]:
        if not numbers:
            return [f"The account has no number {self.settings.number}."]
        told, method = numbers[0].get("sms_url"), numbers[0].get("sms_method", "POST")
        if told == self.url and method == "POST":
            return []
        return [
            f"Twilio delivers to {told or 'nobody'} by {method}, not to {self.url} by POST: see the number's settings."
        ]

    def _number(self, latest: Json) -> str:
        return str(latest.get(NUMBER) or self.settings.number)

    def _call(self, path: str, fields: Mapping[str, str] | None = None) -> Call:
        url = f"{self.settings.api_url.rstrip('/')}/2010-04-01/Accounts/{self.settings.account_sid}/{path}"
        if fields is None:
            return Call(url, headers={"authorization": self._login()}, method="GET")
        return self._post(url, fields)

    def _post(self, url: str, fields: Mapping[str, str]) -> Call:
        headers = {"authorization": self._login(), "content-type": "application/x-www-form-urlencoded"}
        return Call(url, urlencode(fields).encode(), headers)

    def _login(self) -> str:
        login = f"{self.settings.account_sid}:{self.settings.auth_token.get_secret_value()}"
        return f"Basic {base64.b64encode(login.encode()).decode()}"


def words_of(fields: Mapping[str, str]) -> str:
    """What was typed or pressed, or where somebody is."""
    if "Latitude" in fields:
        place = (fields.get("Label"), fields.get("Address"), f"{fields['Latitude']}, {fields['Longitude']}")
        return ", ".join(one for one in place if one)
    return fields.get("ButtonPayload") or fields.get("ListId") or fields.get("Body", "")


def attachments_of(fields: Mapping[str, str]) -> list[Attachment]:
    numbers = range(int(fields.get("NumMedia") or 0))
    found = [(fields[f"MediaUrl{number}"], fields.get(f"MediaContentType{number}", "")) for number in numbers]
    return [Attachment(kind_of(media_type), url, media_type=media_type) for url, media_type in found]


def like(number: str, other: str) -> str:
    """Our number as somebody's who is written to by it: WhatsApp's are marked, a Messaging Service has none."""
    plain_number = number.removeprefix(WHATSAPP)
    return WHATSAPP + plain_number if other.startswith(WHATSAPP) and plain_number.startswith("+") else plain_number


def error_of(response: httpx.Response) -> tuple[int, str]:
    """Twilio's code and words; 0 where it says nothing of the kind."""
    try:
        error = response.json()
        return (int(error["code"]), str(error.get("message", ""))) if response.status_code >= 400 else (0, "")
    except (ValueError, KeyError, TypeError):
        return 0, ""
