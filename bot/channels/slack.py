"""A Slack app, in direct messages with it.

    in    Events API (message.im), interactivity (block_actions), url_verification    v0 signature, five minutes
    out   chat.postMessage: text, or a section with buttons or a select menu, or an image; files.completeUploadExternal

A delivery that Slack repeats (X-Slack-Retry-Num) is taken like the first: perhaps that one never arrived. Its event_id
keeps it from being answered twice. Channels are not answered: what the bot says is one customer's own.
"""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import orjson
from pydantic import Field, SecretStr

from bot.channels.base import make_message
from bot.messages import Attachment, BotMessage, Button, Row, UserMessage
from bot.messaging.capabilities import Capabilities, size
from bot.messaging.channel import FOR_GOOD, Answer, Channel, ChannelSettings, Fetched, Inbound, Part, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.downloads import download
from bot.messaging.errors import NotNow, Rejected, SendError, Uncertain
from bot.messaging.media import kind_of
from bot.messaging.sending import Call, check_status, post, retry_after
from bot.messaging.signatures import any_matches, hmac_sha256, is_fresh, refused

LINK = re.compile(r"<(?:mailto:|tel:)?([^|>]+)(?:\|([^>]*))?>")
NOT_NOW = frozenset({"ratelimited", "rate_limited", "service_unavailable"})
FILE_HOSTS = ("files.slack.com",)
BUTTON_VALUE, OPTION_VALUE = 2000, 150
REFERENCE = "="
"""Begins a value that names the button or row instead of holding its words."""
MAYBE_TAKEN = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Slack: "it's possible some aspect of the operation succeeded before the error was raised"."""

OURS = "kefu_line"
"""The kind of metadata that holds our own name of a message: Slack shows it to the app alone."""
CLOCK_SECONDS = 60
"""How far Slack's clock may be from ours."""


class SlackSettings(ChannelSettings):
    """One Slack app in one workspace."""

    signing_secret: SecretStr = Field(description="The app's Signing Secret, under Basic Information.")
    previous_signing_secret: SecretStr | None = Field(
        default=None, description="The signing secret before: also accepted while you change it."
    )
    bot_token: SecretStr = Field(
        description="The Bot User OAuth Token (`xoxb-…`); scopes chat:write, im:history, files:read, files:write."
    )
    api_url: str = Field(
        default="https://slack.com/api", description="Another address of Slack's Web API.", pattern="^https?://"
    )


class Slack(Channel[SlackSettings]):
    name = "slack"
    Settings = SlackSettings
    can = Capabilities(
        text_limit=3000,
        unit="utf16",
        buttons=25,
        title_limit=75,
        images=True,
        files=True,
        uploads=True,
        rows=100,
        row_title_limit=75,
        row_description_limit=75,
    )
    calls_per_second = 20
    is_timed = True
    remembers_seconds = FOR_GOOD

    def verify(self, request: Inbound, now: float) -> None:
        timestamp, given = request.header("x-slack-request-timestamp"), request.header("x-slack-signature")
        previous = self.settings.previous_signing_secret
        secrets = [self.settings.signing_secret, *([previous] if previous else [])]

        def sign(secret: str) -> str:
            return signature(secret, timestamp, request.body)

        if not (is_fresh(timestamp, now) and any_matches(secrets, [given], sign)):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        payload = payload_of(request)
        if payload.get("type") == "event_callback":
            return self._said(payload)
        return self._pressed(payload) if payload.get("type") == "block_actions" else []

    def _said(self, payload: Mapping[str, Any]) -> Sequence[UserMessage]:
        event = payload["event"]
        is_said = event.get("type") == "message" and event.get("subtype") in (None, "file_share")
        if not is_said or event.get("channel_type") != "im" or event.get("bot_id") or not event.get("user"):
            return []
        words, files = plain(event.get("text") or ""), [attachment(one) for one in event.get("files") or ()]
        sender, event_id = event["channel"], payload["event_id"]
        return [make_message(self.name, sender, words, event_id, {}, self.text_limit, attachments=files)]

    def _pressed(self, payload: Mapping[str, Any]) -> Sequence[UserMessage]:
        channel = payload["container"]["channel_id"]
        if not channel.startswith("D"):
            return []
        chosen = [(action, value) for action in payload["actions"] if (value := value_of(action))]
        return [
            make_message(self.name, channel, value, pressed_id(payload, action), marks_of(value), self.text_limit)
            for action, value in chosen
        ]

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        limit, api = self.can.attachment_limit_bytes, self.settings.api_url
        url = attachment.reference
        return await download(http, url, hosts=FILE_HOSTS, origin=api, headers=self._bearer(), limit_bytes=limit)

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:
        """A file is announced, uploaded, and then shown in the conversation."""
        if part.is_again and (found := await self._found(http, part, to)):
            return found
        file = part.message.files[0] if part.message.files else None
        if file is None or file.reference not in part.contents:
            return await super().deliver(http, part, to)
        fetched = part.contents[file.reference]
        wanted = {"filename": f"{part.key}-{fetched.name or 'file'}", "length": str(len(fetched.content))}
        announced = await self._ask(http, self._form("files.getUploadURLExternal", wanted))
        check_status(await post(http, Call(announced["upload_url"], fetched.content)))
        shown = {"files": [{"id": announced["file_id"], "title": fetched.name or "file"}], "channel_id": to.sender_id}
        await self._ask(http, self._call("files.completeUploadExternal", shown))
        return str(announced["file_id"])

    async def _found(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:
        """What a try before has brought, by the part's key in its metadata or before a file's name; else empty."""
        wanted = {"channel": to.sender_id, "oldest": f"{part.made_at - CLOCK_SECONDS:.6f}", "limit": "200"}
        try:
            since = await self._ask(
                http, self._form("conversations.history", {**wanted, "include_all_metadata": "true"})
            )
        except Rejected as error:
            raise Uncertain(error.reason) from None
        for message in since["messages"]:
            files = message.get("files") or () if message.get("bot_id") else ()
            uploaded = next((str(file["id"]) for file in files if str(file.get("name")).startswith(f"{part.key}-")), "")
            if uploaded or key_in(message) == part.key:
                return uploaded or str(message["ts"])
        return ""

    async def _ask(self, http: httpx.AsyncClient, call: Call) -> dict[str, Any]:
        response = await self.call(http, call)
        self.judge(response)
        answer: dict[str, Any] = response.json()
        return answer

    def answer(self, request: Inbound) -> Answer:
        payload = payload_of(request)
        return Answer(payload["challenge"].encode()) if payload.get("type") == "url_verification" else Answer()

    def render(self, part: Part, to: Recipient) -> Call:
        named = {"metadata": {"event_type": OURS, "event_payload": {"key": part.key}}}
        fields = {"channel": to.sender_id, "unfurl_links": False, **shown(part.message, part.seq), **named}
        return self._call("chat.postMessage", fields)

    def judge(self, response: httpx.Response) -> None:
        """Slack's limits are for a method and a workspace, not for one conversation."""
        if response.status_code == 429:
            wait = retry_after(response.headers.get("retry-after", ""), datetime.now(UTC))
            raise NotNow("HTTP 429", wait, whole_channel=True)
        check_status(response)
        answer = response.json()
        if not answer.get("ok"):
            raise problem(str(answer.get("error", "unknown error"))[:200])

    def sent_id(self, response: httpx.Response) -> str:
        return str(response.json()["ts"])

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        response = await post(http, self._call("auth.test", {}))
        try:
            self.judge(response)
        except Rejected as error:
            return [f"Slack does not take KEFU_SLACK_BOT_TOKEN: {error.reason}."]
        scopes = {one.strip() for one in response.headers.get("x-oauth-scopes", "").split(",")}
        missing = {"chat:write", "im:history", "files:read", "files:write"} - scopes
        return [
            f"The bot token lacks the scope {scope}: add it and install the app again." for scope in sorted(missing)
        ]

    def _call(self, method: str, fields: Mapping[str, Any]) -> Call:
        headers = {"content-type": "application/json; charset=utf-8", **self._bearer()}
        return Call(f"{self.settings.api_url.rstrip('/')}/{method}", orjson.dumps(fields), headers)

    def _form(self, method: str, fields: Mapping[str, str]) -> Call:
        """Some methods take no JSON."""
        headers = {"content-type": "application/x-www-form-urlencoded", **self._bearer()}
        return Call(f"{self.settings.api_url.rstrip('/')}/{method}", urlencode(fields).encode(), headers)

    def _bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.settings.bot_token.get_secret_value()}"}


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return "v0=" + hmac_sha256(secret.encode(), f"v0:{timestamp}:".encode("utf-8", "surrogateescape") + body).hex()


def payload_of(request: Inbound) -> dict[str, Any]:
    """Events come as JSON, interactivity as a form whose one field holds the JSON."""
    is_form = request.header("content-type").startswith("application/x-www-form-urlencoded")
    payload = orjson.loads(parse_qs(request.body.decode())["payload"][0] if is_form else request.body)
    if not isinstance(payload, dict):
        raise TypeError("a payload is an object")
    return payload


def key_in(message: Mapping[str, Any]) -> str:
    """Our name of a message, as `render` gave it."""
    about = message.get("metadata") or {}
    return str((about.get("event_payload") or {}).get("key", "")) if about.get("event_type") == OURS else ""


def pressed_id(payload: Mapping[str, Any], action: Mapping[str, Any]) -> str:
    return f"{payload['container']['message_ts']}:{action['action_ts']}"


def plain(text: str) -> str:
    """What was typed: Slack marks up links and addresses, and escapes `&`, `<` and `>`."""
    return html.unescape(LINK.sub(lambda found: found[2] or found[1], text))


def escaped(text: str) -> str:
    return html.escape(text, quote=False)


def value_of(action: Mapping[str, Any]) -> str:
    """What a pressed button or a chosen row of a menu says; empty for anything else."""
    if action.get("type") == "static_select":
        return str((action.get("selected_option") or {}).get("value") or "")
    return str(action.get("value") or "") if action.get("type") == "button" else ""


def marks_of(value: str) -> dict[str, str]:
    return {PRESSED: value.removeprefix(REFERENCE)} if value.startswith(REFERENCE) else {}


def attachment(file: Mapping[str, Any]) -> Attachment:
    """A file that somebody uploaded; one that is only linked to has an address elsewhere, which is not followed."""
    media_type, url = str(file.get("mimetype") or ""), file.get("url_private_download") or file.get("url_private")
    return Attachment(kind_of(media_type), str(url or ""), str(file.get("name") or ""), media_type, file.get("size"))


def shown(message: BotMessage, seq: int) -> dict[str, Any]:
    """The fields of chat.postMessage that show one fitted message."""
    if image := message.image or next((file.reference for file in message.files), None):
        return {"text": image, "blocks": [{"type": "image", "image_url": image, "alt_text": "image"}]}
    text = message.text or ""
    offered = menu(message.rows, seq) if message.rows else [button(b, n, seq) for n, b in enumerate(message.buttons)]
    if not offered:
        return {"text": escaped(text)}
    section = {"type": "section", "text": plain_text(text)}
    return {"text": escaped(text), "blocks": [section, {"type": "actions", "elements": offered}]}


def button(button: Button, number: int, seq: int) -> dict[str, Any]:
    label, value = plain_text(button.title), value_for(button.payload, number, seq, BUTTON_VALUE)
    return {"type": "button", "action_id": f"say-{number}", "text": label, "value": value}


def menu(rows: Sequence[Row], seq: int) -> list[dict[str, Any]]:
    options = [
        {
            "text": plain_text(row.title),
            "value": value_for(row.payload, number, seq, OPTION_VALUE),
            **({"description": plain_text(row.description)} if row.description else {}),
        }
        for number, row in enumerate(rows)
    ]
    return [{"type": "static_select", "action_id": "choose", "placeholder": plain_text("…"), "options": options}]


def plain_text(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def value_for(payload: str, number: int, seq: int, limit: int) -> str:
    """The words, or where they are too long for Slack, which button or row it is."""
    is_short = size(payload, "utf16") <= limit and not payload.startswith(REFERENCE)
    return payload if is_short else f"{REFERENCE}{seq}.{number}"


def problem(code: str) -> SendError:
    if code in NOT_NOW:
        return NotNow(code, whole_channel=True)
    return Uncertain(code) if code in MAYBE_TAKEN else Rejected(code)
