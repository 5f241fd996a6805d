"""What every channel shares: the callbacks it is handed, how a text is made safe, the route of a messaging platform.

A channel is two pure translations (wire → UserMessage, BotMessage → wire) and a thin handler. It is handed a
`Reception` and never imports the engine; channels know nothing of each other.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ParamSpec, Protocol, TypeVar
from uuid import uuid4

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.conversation.inbox import Accepted
from bot.conversation.outbox import Line
from bot.conversation.signing import SIGNED_AS, SIGNED_UNTIL
from bot.identity import Identity
from bot.messages import Attachment, UserMessage
from bot.messaging.channel import Channel, Inbound
from bot.messaging.intake import Intake
from bot.problem import Problem

T = TypeVar("T")
P = ParamSpec("P")

LONGEST_ID = 255
PROBLEM = "problem"
OPENING = re.compile(r"/?get_started|/(?:greet|hello|session_start|start(?: .*)?)", re.IGNORECASE)
"""What chats say by themselves when somebody opens them: Telegram's Start, Messenger's Get Started, rasa-webchat's
`initPayload`."""
HELLO = {"zh": "你好", "en": "Hello"}
BELIEVED = frozenset({SIGNED_AS, SIGNED_UNTIL, PROBLEM})
"""What the turn believes of a message's metadata; only a channel that has proved it may say so, never a sender."""
# Control characters (but tab and newline), lone surrogates, and the invisible marks that reverse or hide text.
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]"
)


class Reception(Protocol):
    """The way in: what a channel may ask of the turn."""

    async def receive(self, message: UserMessage, catch_up: bool = False) -> list[Line]: ...

    async def accept(self, message: UserMessage) -> Accepted: ...

    async def finish(self, accepted: Accepted) -> list[Line]: ...

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T: ...

    def sent(self, lines: Sequence[Line]) -> None: ...


def clean(text: str) -> str:
    """The text without characters that no customer types and no database or browser should be given."""
    return UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_json(value: object, depth: int = 0) -> Any:
    """Metadata that any database takes: safe strings, numbers of 64 bits, at most eight levels."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): clean_json(item, depth + 1) for key, item in value.items()} if depth < 8 else None
    if isinstance(value, list):
        return [clean_json(item, depth + 1) for item in value] if depth < 8 else None
    return str(value) if isinstance(value, int) and abs(value) >= 2**63 else value


def proof(identity: Identity | None) -> dict[str, str | float | None]:
    """What a message says of who is signed in: that customer, or (None) that nobody is."""
    return {SIGNED_AS: identity.subject, SIGNED_UNTIL: identity.expires_at} if identity else {SIGNED_AS: None}


def make_message(
    channel: str,
    sender_id: str,
    text: str,
    message_id: str | None,
    metadata: Mapping[str, Any],
    limit: int,
    proven: Mapping[str, str | float | None] = MappingProxyType({}),
    attachments: Sequence[Attachment] = (),
) -> UserMessage:
    """A UserMessage with a safe text. An empty or far too long one, and one that is only files, is marked, and answered
    without the assistant.

    `metadata` is the sender's word; `proven` is what the channel has verified: {} or
    `proof(identity)`.
    """
    cleaned = clean(text)
    marks = {key: value for key, value in clean_json(dict(metadata)).items() if key not in BELIEVED}
    marks |= proven
    if not cleaned.strip():
        marks[PROBLEM] = "files" if attachments else "empty"
    elif len(cleaned) > limit:
        marks[PROBLEM] = "too_long"
    said, name = cleaned[:limit].strip(), message_id or uuid4().hex
    return UserMessage(channel, sender_id, said, name, metadata=marks, attachments=tuple(attachments))


def greeted(words: str, locale: object = "") -> str:
    """The words, but a greeting in the person's language where the chat said them by itself."""
    language = "zh" if str(locale).startswith("zh") else "en"
    return HELLO[language] if OPENING.fullmatch(words.strip()) else words


def check_id(name: str, value: str) -> str:
    """A sender's or message's id: 1 to 255 printable characters. Raises Problem 422."""
    if not 1 <= len(value) <= LONGEST_ID or not value.isprintable():
        detail = f"{name} must be 1 to {LONGEST_ID} printable characters."
        raise Problem(422, "Unprocessable field", detail, [{"field": name, "message": detail}])
    return value


def webhook(channel: Channel[Any], intake: Intake) -> APIRouter:
    """The route that a messaging platform delivers to. What it answers has been stored; the turn runs afterwards."""
    routes = APIRouter(tags=[f"{channel.name} channel"])

    @routes.api_route(f"/webhooks/{channel.name}{channel.path}", methods=["GET", "POST"], include_in_schema=False)
    async def deliver(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        inbound = Inbound(request.method, dict(request.query_params), headers, await request.body())
        answer = await intake.take(channel, inbound)
        return Response(answer.body, answer.status, media_type=answer.media_type)

    return routes


async def nobody_at(http: httpx.AsyncClient, variable: str, url: str) -> list[str]:
    """Asks with a HEAD: your backend must be there, whatever it thinks of that."""
    try:
        await http.head(url, timeout=10)
    except httpx.HTTPError as error:
        return [f"Nothing answers at {variable}: {type(error).__name__}."]
    return []


def health(name: str) -> APIRouter:
    """What Rasa's channels answer to whoever asks whether they are there."""
    routes = APIRouter()

    @routes.get(f"/webhooks/{name}/", include_in_schema=False)
    async def is_there() -> dict[str, str]:
        return {"status": "ok"}

    return routes
