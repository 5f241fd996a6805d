"""Microsoft Teams, in one-to-one chats with the bot; by the Bot Framework's own protocol, without its SDK.

    in    message activities: text, a pressed button, files and pictures     a signed token (bot_framework.py)
    out   POST {serviceUrl}/v3/conversations/{id}/activities: text, adaptive cards, pictures, typing

The address to answer to comes with each message. It is called only if its host is on the list: our token goes there.
Groups and channels are not answered: what the bot says is one customer's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import orjson
from pydantic import Field, SecretStr

from bot.channels.base import make_message
from bot.messages import Attachment, BotMessage, Button, Card, UserMessage
from bot.messaging.access_tokens import AccessToken, Lent
from bot.messaging.bot_framework import ISSUER, Keys, is_proven, key_id_of
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Answer, Channel, ChannelSettings, Fetched, Inbound, Part, Recipient
from bot.messaging.downloads import download, is_allowed
from bot.messaging.errors import NotNow, Rejected
from bot.messaging.sending import Call, check_status, post
from bot.messaging.signatures import refused

SERVICE_HOSTS = "smba.trafficmanager.net,smba.infra.gcc.teams.microsoft.com,smba.infra.gov.teams.microsoft.us"
FILE_HOSTS = (".sharepoint.com", ".sharepoint.us")
FILE = "application/vnd.microsoft.teams.file.download.info"
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
SERVICE, BOT = "service", "bot"
"""In a message's metadata: where to answer, and as whom."""


class TeamsSettings(ChannelSettings):
    """One Azure Bot with the Teams channel."""

    app_id: str = Field(description="The bot's Microsoft App ID.", min_length=8)
    app_secret: SecretStr = Field(description="A client secret of the app.")
    previous_app_secret: SecretStr | None = Field(
        default=None, description="The client secret before: used while Microsoft does not take the other one yet."
    )
    tenant: str = Field(
        default="botframework.com",
        description="The app's tenant ID, for a single-tenant app.",
        pattern=r"^[\w.-]+$",
    )
    service_hosts: str = Field(
        default=SERVICE_HOSTS,
        description="Hosts that may be answered at, comma-separated; an address of another host is never called.",
    )
    service_url: str | None = Field(
        default=None,
        description="Another Bot Connector, called instead of the one that a delivery names.",
        pattern="^https?://",
    )
    login_url: str = Field(
        default="https://login.microsoftonline.com", description="Where access tokens are lent.", pattern="^https?://"
    )
    openid_url: str = Field(
        default="https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Where Microsoft publishes the keys that it signs with.",
        pattern="^https?://",
    )


class Teams(Channel[TeamsSettings]):
    name = "teams"
    Settings = TeamsSettings
    can = Capabilities(text_limit=20_000, unit="utf16", buttons=6, title_limit=60, cards=True, images=True)
    is_timed = True

    def __init__(self, settings: TeamsSettings, text_limit: int = 4000, url: str | None = None) -> None:
        super().__init__(settings, text_limit, url)
        self._keys = Keys(settings.openid_url)
        self._tokens = AccessToken(self._lend)

    # ---- in ----

    async def prepare(self, http: httpx.AsyncClient, request: Inbound, now: float) -> None:
        """Have the key that the delivery says it is signed with."""
        if key_id := key_id_of(request):
            await self._keys.learn(http, key_id, now)

    def verify(self, request: Inbound, now: float) -> None:
        activity = activity_of(request)
        if activity is None or not is_proven(request, activity, self.settings.app_id, self._keys, now):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        activity = orjson.loads(request.body)
        conversation = activity.get("conversation") or {}
        is_said = activity.get("type") == "message" and activity.get("channelId") == "msteams"
        if not is_said or conversation.get("conversationType") != "personal":
            return []
        marks = {SERVICE: activity["serviceUrl"], BOT: activity["recipient"]["id"], "locale": activity.get("locale")}
        words, files = activity.get("text") or "", tuple(attached(activity.get("attachments") or ()))
        sender_id, activity_id = conversation["id"], activity["id"]
        return [make_message(self.name, sender_id, words, activity_id, marks, self.text_limit, attachments=files)]

    def answer(self, request: Inbound) -> Answer:
        """An invoke wants a JSON answer; Kefu has none to give."""
        is_invoke = orjson.loads(request.body).get("type") == "invoke"
        return Answer(b'{"status": 200}', "application/json") if is_invoke else Answer()

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        """A file lies in the person's OneDrive, open for some minutes; a picture needs the bot's token."""
        hosts, origin = (*FILE_HOSTS, *self._hosts), self.settings.service_url or ""
        headers, limit = {}, self.can.attachment_limit_bytes
        if is_allowed(attachment.reference, self._hosts, origin):
            headers = {"authorization": f"Bearer {await self._tokens.get(http)}"}
        got = await download(http, attachment.reference, hosts=hosts, origin=origin, headers=headers, limit_bytes=limit)
        return replace(got, name=attachment.name)

    # ---- out ----

    def render(self, part: Part, to: Recipient) -> Call:
        return self._call(to, {"type": "message", **shown(part.message)})

    def typing(self, to: Recipient) -> Call:
        return self._call(to, {"type": "typing"})

    def _call(self, to: Recipient, activity: Mapping[str, Any]) -> Call:
        """Not yet with a token: `call` puts it in. Raises Rejected where nobody may be told that way."""
        service = self.settings.service_url or str(to.latest.get(SERVICE, ""))
        if not is_allowed(service, self._hosts, self.settings.service_url or ""):
            raise Rejected("the address to answer to is not one of Microsoft's (KEFU_TEAMS_SERVICE_HOSTS)")
        url = f"{service.rstrip('/')}/v3/conversations/{quote(to.sender_id, safe='')}/activities"
        fields = {"from": {"id": to.latest.get(BOT)}, "conversation": {"id": to.sender_id}, **activity}
        return Call(url, orjson.dumps(fields), {"content-type": "application/json"})

    async def call(self, http: httpx.AsyncClient, call: Call) -> httpx.Response:
        def with_token(token: str) -> Call:
            return replace(call, headers={**call.headers, "authorization": f"Bearer {token}"})

        return await self._tokens.call(http, with_token, lambda response: response.status_code == 401)

    def judge(self, response: httpx.Response) -> None:
        if response.status_code == 412:  # two messages at once to one chat: Microsoft wants it tried again
            raise NotNow("HTTP 412")
        check_status(response)

    def sent_id(self, response: httpx.Response) -> str:
        return str(response.json().get("id", ""))

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:
        problems = [] if not url or url.startswith("https://") else [f"Microsoft delivers to https only, not to {url}."]
        try:
            await self._tokens.get(http)
        except Rejected as error:
            problems.append(f"Microsoft lends no token for this app: {error.reason}.")
        return problems

    # ---- the app's own ----

    @property
    def _hosts(self) -> tuple[str, ...]:
        return tuple(one.strip() for one in self.settings.service_hosts.split(",") if one.strip())

    async def _lend(self, http: httpx.AsyncClient) -> Lent:
        """With the secret, or with the one before where Microsoft does not take that. Raises SendError."""
        previous = self.settings.previous_app_secret
        for secret in (self.settings.app_secret, *([previous] if previous else [])):
            response = await post(http, self._ask(secret))
            if response.status_code not in (400, 401):
                check_status(response)
                lent = response.json()
                return Lent(lent["access_token"], float(lent["expires_in"]))
        raise Rejected("KEFU_TEAMS_APP_ID, its secret and KEFU_TEAMS_TENANT do not belong together")

    def _ask(self, secret: SecretStr) -> Call:
        fields = {"client_id": self.settings.app_id, "client_secret": secret.get_secret_value()}
        scope = {"grant_type": "client_credentials", "scope": f"{ISSUER}/.default"}
        url = f"{self.settings.login_url.rstrip('/')}/{self.settings.tenant}/oauth2/v2.0/token"
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return Call(url, urlencode({**scope, **fields}).encode(), headers)


def activity_of(request: Inbound) -> dict[str, Any] | None:
    try:
        activity = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return None
    return activity if isinstance(activity, dict) else None


def attached(attachments: Sequence[Mapping[str, Any]]) -> list[Attachment]:
    """Files and pictures; the copy of the message as HTML that comes along is neither."""
    found = []
    for one in attachments:
        kind, name = str(one.get("contentType", "")), str(one.get("name") or "")
        if kind == FILE:
            found.append(Attachment("file", one["content"]["downloadUrl"], name))
        elif kind.startswith("image/") and one.get("contentUrl"):
            found.append(Attachment("image", one["contentUrl"], name, "" if kind == "image/*" else kind))
    return found


def shown(message: BotMessage) -> dict[str, Any]:
    """The fields of one fitted message."""
    if message.image:
        return {"attachments": [{"contentType": "image/*", "contentUrl": message.image}]}
    if message.cards:
        cards = [adaptive(card_body(card), card.buttons) for card in message.cards]
        return {"attachmentLayout": "carousel" if len(cards) > 1 else "list", "attachments": cards}
    if message.custom:
        return dict(message.custom)
    if message.buttons:
        return {"attachments": [adaptive(lines(message.text or ""), message.buttons)], "summary": message.text}
    return {"text": message.text, "textFormat": "plain"}


def card_body(card: Card) -> list[dict[str, Any]]:
    image = [{"type": "Image", "url": card.image, "altText": card.title}] if card.image else []
    return [*image, run(card.title, weight="Bolder"), *lines(card.price or ""), *lines(card.subtitle)]


def lines(text: str) -> list[dict[str, Any]]:
    return [run(line) for line in text.splitlines() if line.strip()]


def run(text: str, **style: str) -> dict[str, Any]:
    """Text as it is: a TextBlock would read Markdown into it."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}


def adaptive(body: list[dict[str, Any]], buttons: Sequence[Button]) -> dict[str, Any]:
    actions = [{"type": "Action.Submit", "title": one.title, "data": {"msteams": pressed(one)}} for one in buttons]
    content = {"type": "AdaptiveCard", "version": "1.4", "body": body, "actions": actions}
    return {"contentType": ADAPTIVE, "content": content}


def pressed(button: Button) -> dict[str, str]:
    """The chat shows the title, the bot is told the words."""
    return {"type": "messageBack", "displayText": button.title, "text": button.payload}
