"""The two things that cross a channel: what a person said and what Kefu answers. Imports nothing of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal

Json = Mapping[str, Any]
EMPTY: Json = MappingProxyType({})


@dataclass(frozen=True)
class Attachment:
    """A file that comes or goes with a message."""

    kind: Literal["image", "audio", "video", "file"]
    reference: str
    """Where its bytes are: coming in, the platform's id or address; going out, a stored one's id or an address."""
    name: str = ""
    media_type: str = ""
    size: int | None = None
    """In bytes, where it is known."""


@dataclass(frozen=True)
class UserMessage:
    """One message from a person, as a channel decoded it."""

    channel: str
    sender_id: str
    text: str
    message_id: str
    """The platform's id of this message, unique within (channel, account); a retry carries the same one."""
    account: str = ""
    metadata: Json = field(default_factory=lambda: EMPTY)
    """What the channel knows beside the text: locale, signed identity claims, page address."""
    received_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    attachments: tuple[Attachment, ...] = ()

    @property
    def conversation_id(self) -> str:
        return f"{self.channel}:{self.sender_id}"


@dataclass(frozen=True)
class Button:
    """A reply the customer can give with one click. `payload` is the message text that the click sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class Card:
    """A product or an order shown as a card."""

    title: str
    subtitle: str = ""
    image: str | None = None
    price: str | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of a list. `payload` is the message text that choosing it sends."""

    title: str
    payload: str
    description: str = ""


@dataclass(frozen=True)
class BotMessage:
    """One answer, before a channel renders it. `custom` passes through untouched (Rasa's `custom`)."""

    text: str | None = None
    buttons: tuple[Button, ...] = ()
    cards: tuple[Card, ...] = ()
    image: str | None = None
    rows: tuple[Row, ...] = ()
    """A list to choose from, where a platform has more room for it than for buttons."""
    files: tuple[Attachment, ...] = ()
    custom: Json | None = None
    notice: str = ""
    """What it tells about who has the conversation ("joined", "back" …), for those who show that differently."""
