"""A Discord app: its command (`/ask`), in servers and in direct messages with it.

    in    interactions: a command, a pressed button, a chosen row; PING           Ed25519 signature, five minutes
    out   at once that an answer will come ("… is thinking"), then in its place the answer, then follow-ups; after
          fifteen minutes, when the interaction is over, a direct message of the bot's

Discord wants to hear something within three seconds, and delivers an interaction only once. In a server only the person
who asked sees the answers: they are that customer's own. Wrong signatures are sent on purpose, and 401 is wanted.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx
import orjson
import regex
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import Field, SecretStr

from bot.channels.base import make_message
from bot.messages import Attachment, BotMessage, Json, UserMessage
from bot.messaging.capabilities import Capabilities, size
from bot.messaging.channel import Answer, Channel, ChannelSettings, Fetched, Inbound, Part, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.downloads import download, kind_of
from bot.messaging.errors import NotNow, Rejected
from bot.messaging.sending import LONGEST_WAIT_SECONDS, MAYBE_TAKEN, Call, check_status, post
from bot.messaging.signatures import is_fresh, refused
from bot.messaging.uploads import upload

PING, COMMAND, COMPONENT = 1, 2, 3
PONG, DEFERRED = 1, 5
TEXT_OPTION, FILE_OPTION = 3, 11
BOT_DM = 1
LOADING, EPHEMERAL = 1 << 7, 1 << 6
BUTTONS_A_ROW, SECONDARY = 5, 2
ID_LIMIT, TEXT_LIMIT = 100, 2000
REFERENCE = "="
"""Begins an id that names the button instead of holding its words, which are too long for Discord."""
TOKEN, ASKED_AT, IS_PRIVATE = "interaction_token", "asked_at", "is_private"
OPEN_SECONDS = 14 * 60
"""An interaction can be answered for fifteen minutes."""
UNSETTLED_SECONDS = 10
"""So long Discord may not yet know an interaction that it has just handed over."""
HOSTS = ("cdn.discordapp.com", "media.discordapp.net")
MARKED = regex.compile(r"(https?://\S+)|([\\*_~`|]|^(?:[>#-]))", regex.MULTILINE)


class DiscordSettings(ChannelSettings):
    """One app."""

    application_id: str = Field(description="The Application ID, under General Information.", pattern=r"^\d+$")
    public_key: str = Field(description="The Public Key beside it.", pattern="^[0-9a-fA-F]{64}$")
    previous_public_key: str | None = Field(
        default=None,
        description="The public key before: also accepted while you change the app.",
        pattern="^[0-9a-fA-F]{64}$",
    )
    bot_token: SecretStr = Field(
        description="The bot's token, under Bot: for what is said after an interaction is over."
    )
    api_url: str = Field(
        default="https://discord.com/api/v10", description="Another address of Discord's API.", pattern="^https?://"
    )


class Discord(Channel[DiscordSettings]):
    name = "discord"
    Settings = DiscordSettings
    can = Capabilities(
        text_limit=1900,
        unit="utf16",
        buttons=25,
        title_limit=80,
        rows=25,
        row_title_limit=100,
        row_description_limit=100,
        images=True,
        files=True,
        uploads=True,
        attachment_limit_bytes=10_000_000,
    )
    calls_per_second = 40
    is_timed = True

    def verify(self, request: Inbound, now: float) -> None:
        timestamp, given = request.header("x-signature-timestamp"), request.header("x-signature-ed25519")
        keys = [self.settings.public_key, self.settings.previous_public_key]
        signed = timestamp.encode("utf-8", "surrogateescape") + request.body
        if not (is_fresh(timestamp, now) and any(is_signed(key, given, signed) for key in keys if key)):
            raise refused(self.name)

    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        asked = orjson.loads(request.body)
        if asked["type"] not in (COMMAND, COMPONENT):
            return []
        person = (asked.get("member") or asked)["user"]["id"]
        at = int(request.header("x-signature-timestamp"))
        marks = {TOKEN: asked["token"], ASKED_AT: at, IS_PRIVATE: is_private(asked), "locale": asked.get("locale")}
        words = words_of(asked["data"])
        if asked["type"] == COMPONENT and words.startswith(REFERENCE):
            marks[PRESSED] = words.removeprefix(REFERENCE)
        attachments = attachments_of(asked["data"])
        return [make_message(self.name, person, words, asked["id"], marks, self.text_limit, attachments=attachments)]

    def answer(self, request: Inbound) -> Answer:
        asked = orjson.loads(request.body)
        return Answer(orjson.dumps(first_answer(asked)), "application/json")

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        url, limit = attachment.reference, self.can.attachment_limit_bytes
        found = await download(http, url, hosts=HOSTS, origin=self.settings.api_url, limit_bytes=limit)
        return Fetched(found.content, found.media_type, attachment.name)

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:
        """In place of the deferred answer, below it, or where the interaction is over as a direct message."""
        call = await self._to_interaction(http, part, to)
        return await self.send(http, call or self._message(part, await self._direct(http, to)))

    async def _to_interaction(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> Call | None:
        """The call that answers the interaction; None where it is over."""
        age = time.time() - float(to.latest.get(ASKED_AT) or 0)
        if age >= OPEN_SECONDS:
            return None
        follow_up = self.render(part, to)
        original = f"{follow_up.url}/messages/@original"
        found = await self.call(http, Call(original, method="GET"))
        if found.status_code == httpx.codes.NOT_FOUND:
            if age < UNSETTLED_SECONDS:
                raise NotNow("Discord does not know the interaction yet", 1.0)
            return None
        self.judge(found)
        is_waiting = bool(found.json().get("flags", 0) & LOADING)
        return replace(follow_up, url=original, method="PATCH") if is_waiting else follow_up

    async def _direct(self, http: httpx.AsyncClient, to: Recipient) -> str:
        """The id of the channel between the bot and a person."""
        response = await self.call(http, self._api("users/@me/channels", {"recipient_id": to.sender_id}))
        self.judge(response)
        return str(response.json()["id"])

    def render(self, part: Part, to: Recipient) -> Call:
        """A follow-up. It stays with the person who asked, unless they are alone with the bot anyway."""
        flags = {} if to.latest.get(IS_PRIVATE) else {"flags": EPHEMERAL}
        url = f"{self._base}/webhooks/{self.settings.application_id}/{to.latest.get(TOKEN)}"
        return with_files(url, {**shown(part.message, part.seq), **flags}, part)

    def _message(self, part: Part, channel_id: str) -> Call:
        """A direct message; for a few minutes Discord knows the nonce of one that it has had."""
        nonce = {"nonce": uuid5(NAMESPACE_URL, part.key).hex[:25], "enforce_nonce": True}
        url = f"{self._base}/channels/{channel_id}/messages"
        call = with_files(url, {**shown(part.message, part.seq), **nonce}, part)
        return replace(call, headers={**call.headers, **self._login()})

    def judge(self, response: httpx.Response) -> None:
        error = error_of(response)
        if error is None or response.status_code in MAYBE_TAKEN:
            return check_status(response)
        reason = f"HTTP {response.status_code}: {str(error.get('message', ''))[:200]}"
        if response.status_code == 429:
            wait = min(float(error.get("retry_after") or 1), LONGEST_WAIT_SECONDS)
            raise NotNow(reason, wait, whole_channel=bool(error.get("global")))
        raise NotNow(reason) if response.status_code >= 500 else Rejected(reason)

    def sent_id(self, response: httpx.Response) -> str:
        return str(response.json()["id"])

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:
        response = await post(http, self._api("applications/@me"))
        try:
            self.judge(response)
        except Rejected as error:
            return [f"Discord does not take KEFU_DISCORD_BOT_TOKEN: {error.reason}."]
        app, problems = response.json(), []
        if app.get("id") != self.settings.application_id:
            problems.append(f"KEFU_DISCORD_BOT_TOKEN belongs to another app, {app.get('id')}.")
        if str(app.get("verify_key", "")).lower() != self.settings.public_key.lower():
            problems.append("KEFU_DISCORD_PUBLIC_KEY is not the app's public key.")
        told = app.get("interactions_endpoint_url")
        if url and told != url:
            problems.append(f"Discord delivers to {told or 'nobody'}, not to {url}: Interactions Endpoint URL.")
        return problems or await self._commands(http)

    async def _commands(self, http: httpx.AsyncClient) -> list[str]:
        response = await post(http, self._api(f"applications/{self.settings.application_id}/commands"))
        self.judge(response)
        return [] if response.json() else ["The app has no command: register /ask (docs/channels/discord.md)."]

    @property
    def _base(self) -> str:
        return self.settings.api_url.rstrip("/")

    def _login(self) -> dict[str, str]:
        return {"authorization": f"Bot {self.settings.bot_token.get_secret_value()}"}

    def _api(self, path: str, fields: Json | None = None) -> Call:
        if fields is None:
            return Call(f"{self._base}/{path}", headers=self._login(), method="GET")
        headers = {**self._login(), "content-type": "application/json"}
        return Call(f"{self._base}/{path}", orjson.dumps(fields), headers)


def is_signed(key: str, given: str, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(given), signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def first_answer(asked: Json) -> dict[str, Any]:
    """What the interaction is answered with at once."""
    if asked["type"] == PING:
        return {"type": PONG}
    return {"type": DEFERRED, **({} if is_private(asked) else {"data": {"flags": EPHEMERAL}})}


def is_private(asked: Json) -> bool:
    """Whether nobody else is there: a direct message with the bot."""
    return bool(asked.get("context", BOT_DM if "guild_id" not in asked else None) == BOT_DM)


def words_of(data: Json) -> str:
    """What was typed after a command, or which button or row was chosen."""
    if "custom_id" in data:
        return str((data.get("values") or [data["custom_id"]])[0])
    return " ".join(str(one["value"]) for one in data.get("options") or () if one["type"] == TEXT_OPTION)


def attachments_of(data: Json) -> list[Attachment]:
    chosen = [str(one["value"]) for one in data.get("options") or () if one["type"] == FILE_OPTION]
    return [attachment_of(data["resolved"]["attachments"][one]) for one in chosen]


def attachment_of(file: Json) -> Attachment:
    media_type = file.get("content_type") or ""
    return Attachment(kind_of(media_type), file["url"], file.get("filename", ""), media_type, file.get("size"))


def shown(message: BotMessage, seq: int) -> dict[str, Any]:
    """The fields of a message; nobody is called by an @name in it."""
    fields: dict[str, Any] = {"allowed_mentions": {"parse": []}}
    if message.image:
        return {**fields, "embeds": [{"image": {"url": message.image}}]}
    if message.text:
        fields["content"] = escaped(message.text)
    components = [*rows_of_buttons(message, seq), *([menu(message, seq)] if message.rows else [])]
    return {**fields, **({"components": components} if components else {})}


def rows_of_buttons(message: BotMessage, seq: int) -> list[dict[str, Any]]:
    buttons = [
        {"type": 2, "style": SECONDARY, "label": one.title, "custom_id": id_of(one.payload, number, seq)}
        for number, one in enumerate(message.buttons)
    ]
    starts = range(0, len(buttons), BUTTONS_A_ROW)
    return [{"type": 1, "components": buttons[start : start + BUTTONS_A_ROW]} for start in starts]


def menu(message: BotMessage, seq: int) -> dict[str, Any]:
    options = [
        {"label": one.title, "value": id_of(one.payload, number, seq)}
        | ({"description": one.description} if one.description else {})
        for number, one in enumerate(message.rows)
    ]
    return {"type": 1, "components": [{"type": 3, "custom_id": f"list.{seq}", "options": options}]}


def id_of(words: str, number: int, seq: int) -> str:
    """The words that it stands for, or where they are too long, which one it is: the line's seq and its number."""
    is_short = 0 < size(words, "utf16") <= ID_LIMIT and not words.startswith(REFERENCE)
    return words if is_short else f"{REFERENCE}{seq}.{number}"


def escaped(text: str) -> str:
    """The text without marks that Discord would take for its markup, where there is room for that."""
    marked = MARKED.sub(lambda found: found[1] or f"\\{found[2]}", text)
    return marked if size(marked, "utf16") <= TEXT_LIMIT else text


def with_files(url: str, fields: Json, part: Part) -> Call:
    """A call with the part's file beside the fields, if it has one whose bytes are there."""
    contents = [part.contents[one.reference] for one in part.message.files if one.reference in part.contents]
    if contents:
        return upload(url, "files[0]", contents[0], {"payload_json": orjson.dumps(fields).decode()})
    links = [one.reference for one in part.message.files]
    body = {**fields, **({"content": "\n".join(links)} if links else {})}
    return Call(url, orjson.dumps(body), {"content-type": "application/json"})


def error_of(response: httpx.Response) -> Json | None:
    try:
        error = response.json()
    except ValueError:
        return None
    return error if response.status_code >= 400 and isinstance(error, dict) else None
