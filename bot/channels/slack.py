"""A Slack app, in direct messages with it.

    in    Events API (message.im), interactivity (block_actions), url_verification    v0 signature, five minutes
    out   chat.postMessage: text, or a section with buttons, or an image

A delivery that Slack repeats (X-Slack-Retry-Num) is taken like the first: perhaps that one never arrived. Its event_id
keeps it from being answered twice. Channels are not answered: what the bot says is one customer's own.
"""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import httpx
import orjson
from pydantic import Field, SecretStr

from bot.channels.base import make_message
from bot.messages import BotMessage, UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Answer, Channel, ChannelSettings, Inbound, Part, Recipient
from bot.messaging.errors import NotNow, Rejected, SendError, Uncertain
from bot.messaging.sending import Call, check_status, post
from bot.messaging.signatures import any_matches, hmac_sha256, is_fresh, refused

LINK = re.compile(r"<(?:mailto:|tel:)?([^|>]+)(?:\|([^>]*))?>")
NOT_NOW = frozenset({"ratelimited", "rate_limited", "service_unavailable"})
MAYBE_TAKEN = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Slack: "it's possible some aspect of the operation succeeded before the error was raised"."""


class SlackSettings(ChannelSettings):
    """One Slack app in one workspace."""

    signing_secret: SecretStr = Field(description="The app's Signing Secret, under Basic Information.")
    previous_signing_secret: SecretStr | None = Field(
        default=None, description="The signing secret before: also accepted while you change it."
    )
    bot_token: SecretStr = Field(
        description="The Bot User OAuth Token (`xoxb-…`) with the scopes chat:write and im:history."
    )
    api_url: str = Field(
        default="https://slack.com/api", description="Another address of Slack's Web API.", pattern="^https?://"
    )


class Slack(Channel[SlackSettings]):
    name = "slack"
    Settings = SlackSettings
    can = Capabilities(text_limit=3000, unit="utf16", buttons=25, title_limit=75, images=True)
    calls_per_second = 20
    is_timed = True

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
        words = plain(event.get("text") or "")
        return [make_message(self.name, event["channel"], words, payload["event_id"], {}, self.text_limit)]

    def _pressed(self, payload: Mapping[str, Any]) -> Sequence[UserMessage]:
        channel = payload["container"]["channel_id"]
        if not channel.startswith("D"):
            return []
        return [
            make_message(self.name, channel, action["value"], pressed_id(payload, action), {}, self.text_limit)
            for action in payload["actions"]
            if action.get("type") == "button" and action.get("value")
        ]

    def answer(self, request: Inbound) -> Answer:
        payload = payload_of(request)
        return Answer(payload["challenge"].encode()) if payload.get("type") == "url_verification" else Answer()

    def render(self, part: Part, to: Recipient) -> Call:
        fields = {"channel": to.sender_id, "unfurl_links": False, **shown(part.message)}
        return self._call("chat.postMessage", fields)

    def judge(self, response: httpx.Response) -> None:
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
        except SendError as error:
            return [f"Slack does not take KEFU_SLACK_BOT_TOKEN: {error.reason}."]
        scopes = {one.strip() for one in response.headers.get("x-oauth-scopes", "").split(",")}
        missing = {"chat:write", "im:history"} - scopes
        return [
            f"The bot token lacks the scope {scope}: add it and install the app again." for scope in sorted(missing)
        ]

    def _call(self, method: str, fields: Mapping[str, Any]) -> Call:
        token = self.settings.bot_token.get_secret_value()
        headers = {"content-type": "application/json; charset=utf-8", "authorization": f"Bearer {token}"}
        return Call(f"{self.settings.api_url.rstrip('/')}/{method}", orjson.dumps(fields), headers)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return "v0=" + hmac_sha256(secret.encode(), f"v0:{timestamp}:".encode("utf-8", "surrogateescape") + body).hex()


def payload_of(request: Inbound) -> dict[str, Any]:
    """Events come as JSON, interactivity as a form whose one field holds the JSON."""
    is_form = request.header("content-type").startswith("application/x-www-form-urlencoded")
    payload = orjson.loads(parse_qs(request.body.decode())["payload"][0] if is_form else request.body)
    if not isinstance(payload, dict):
        raise TypeError("a payload is an object")
    return payload


def pressed_id(payload: Mapping[str, Any], action: Mapping[str, Any]) -> str:
    return f"{payload['container']['message_ts']}:{action['action_ts']}"


def plain(text: str) -> str:
    """What was typed: Slack marks up links and addresses, and escapes `&`, `<` and `>`."""
    return html.unescape(LINK.sub(lambda found: found[2] or found[1], text))


def escaped(text: str) -> str:
    return html.escape(text, quote=False)


def shown(message: BotMessage) -> dict[str, Any]:
    """The fields of chat.postMessage that show one fitted message."""
    if message.image:
        return {"text": message.image, "blocks": [{"type": "image", "image_url": message.image, "alt_text": "image"}]}
    text = message.text or ""
    if not message.buttons:
        return {"text": escaped(text)}
    section = {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}
    actions = {"type": "actions", "elements": [button(b.title, b.payload, n) for n, b in enumerate(message.buttons)]}
    return {"text": escaped(text), "blocks": [section, actions]}


def button(title: str, payload: str, number: int) -> dict[str, Any]:
    label = {"type": "plain_text", "text": title, "emoji": False}
    return {"type": "button", "action_id": f"say-{number}", "text": label, "value": payload}


def problem(code: str) -> SendError:
    if code in NOT_NOW:
        return NotNow(code)
    return Uncertain(code) if code in MAYBE_TAKEN else Rejected(code)
