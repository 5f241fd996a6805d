"""What another system must be, for conversations to be handed to its people."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import httpx

from bot.messages import Attachment, Json
from bot.messaging.channel import Inbound

Deed = Literal["answer", "taken", "handed_back", "resolved"]
OUTSIDE = ".outside"
"""Ends the made-up address of an agent who works in another system (`agents.outside`)."""


@dataclass(frozen=True)
class Opening:
    """A conversation that goes to people."""

    key: str
    """Names it for good, here and there: the same when it is tried again."""
    conversation_id: str
    language: Literal["en", "zh"]
    subject: str
    brief: str = field(repr=False)
    """For whoever takes it: why, what is known, what was said. In the customer's language, which is also theirs."""
    customer: str = field(repr=False)
    """The customer's name, or where they write from."""
    priority: str
    context: Json = field(repr=False)
    """The context package (bot/handoff/context.py)."""


@dataclass(frozen=True)
class Opened:
    """A case that is there."""

    case: str
    """Its name there."""
    may_be_earlier: bool = False
    """Whether its brief may be that of a try before, which does not tell of what came since."""


@dataclass(frozen=True)
class Said:
    """What the customer wrote since. `files` are addresses."""

    key: str
    text: str = field(repr=False)
    at: float = 0.0
    files: Sequence[str] = ()

    @property
    def words(self) -> str:
        """All of it as one text."""
        return "\n".join(one for one in (self.text, *self.files) if one)


@dataclass(frozen=True)
class Done:
    """What somebody did there with a case."""

    case: str
    key: str
    """The other system's name for this very event: heard twice, it is done once."""
    what: Deed
    agent: str = ""
    text: str = field(default="", repr=False)
    """The answer, or the note with which it is given back."""
    files: tuple[Attachment, ...] = ()


class HelpDesk(ABC):
    """One account of such a system. What goes there raises SendError; what comes from there raises Problem."""

    name: ClassVar[str]

    @abstractmethod
    async def open(self, http: httpx.AsyncClient, opening: Opening) -> Opened:
        """Begin a case, or find the one that a try before has begun."""

    @abstractmethod
    async def has(self, http: httpx.AsyncClient, case: str, key: str) -> bool:
        """Whether what was told under this key is there. False too where that system takes a key only once."""

    @abstractmethod
    async def tell(self, http: httpx.AsyncClient, case: str, said: Said) -> None:
        """Add what the customer wrote."""

    @abstractmethod
    async def note(self, http: httpx.AsyncClient, case: str, key: str, text: str) -> None:
        """Say something to the people there that the customer does not see. `key` names it for good."""

    @abstractmethod
    async def close(self, http: httpx.AsyncClient, case: str, key: str, text: str) -> None:
        """The conversation is no longer with people; `text` says why. Done again, it is done once."""

    @abstractmethod
    async def check(self, http: httpx.AsyncClient) -> list[str]:
        """What keeps it from working, in words that name the setting; changes nothing there."""

    @abstractmethod
    def verify(self, request: Inbound, now: float) -> None:
        """Raises Problem 401 unless that system signed these bytes."""

    @abstractmethod
    def decode(self, request: Inbound) -> Sequence[Done]:
        """What a verified delivery says was done; empty for what does not concern us."""
