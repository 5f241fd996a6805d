"""What a contract test must know of a platform: how it signs, how it delivers, how it answers our calls.

Each platform is a file in `platforms`, named like its channel, that defines `PLATFORM`.
"""

import base64
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Literal

from tests.contracts.emulator import Emulator, Heard, Reply, running

PUBLIC_URL = "https://kefu.example"
"""Where the served bot is told that it is reached: what some platforms sign."""


State = Literal["delivered", "read", "failed"]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
"""A PNG of one pixel."""


@dataclass(frozen=True)
class Delivered:
    """A request to Kefu's webhook."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"

    def with_flipped_byte(self, place: int) -> "Delivered":
        at = place % len(self.body)
        return replace(self, body=self.body[:at] + bytes([self.body[at] ^ 1]) + self.body[at + 1 :])


class Platform(ABC):
    signs_body: bool = True
    """False where a shared secret is all there is."""
    names_a_pause: bool = True
    """Whether it can say when to try again; SMTP cannot."""
    is_pulled: bool = False
    """Whether Kefu fetches messages from it, in its own time."""
    is_asked_first: bool = False
    """Whether Kefu asks it for what may have arrived, before it sends that again."""
    delivers: bool = True
    """False where it is asked: then `keep` puts a message into its store, and nothing of Kefu's is called."""

    @abstractmethod
    def settings(self, url: str) -> dict[str, str]:
        """The channel's settings, `previous_…` among them, for an API at `url`."""

    @abstractmethod
    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        """One message. `secret`: current, previous or wrong."""

    @abstractmethod
    def answer(self, heard: Heard) -> Reply:
        """What the platform answers to a call of ours that it takes."""

    @abstractmethod
    def said(self, heard: Heard) -> tuple[str, str] | None:
        """Whom a call shows which text; None for another kind of call."""

    def with_file(self, sender: str, number: int, at: float) -> Delivered | None:  # noqa: ARG002
        """A message that is `PICTURE` and no words; None for a platform whose files Kefu does not take."""
        return None

    def holds(self, heard: Heard) -> Reply | None:  # noqa: ARG002
        """The answer to a call that asks for that picture, or where it is; None for any other call."""
        return None

    def report(self, platform_id: str, state: State, number: int, at: float) -> Delivered | None:  # noqa: ARG002
        """What it tells of a message of ours; None where it never tells that."""
        return None

    def report_of(self, call: Heard, state: State, at: float) -> Delivered | None:  # noqa: ARG002
        """What it tells of a message by the name that Kefu gave it in this call; None where it tells no such thing."""
        return None

    def keep(self, delivered: Delivered) -> None:
        """Where it does not deliver: have it there to be pulled. `delivery` made it."""
        raise NotImplementedError

    def delivering(self, delivered: Delivered) -> None:  # noqa: B027
        """A delivery is on its way: what it only announces can be pulled from now on."""

    def running(self) -> AbstractContextManager[Emulator]:
        """Its API; over HTTP, unless it is one of another kind."""
        return running(Emulator(self.answer))

    def forged(self, genuine: Delivered) -> list[Delivered]:
        """What an attacker makes of a genuine delivery without knowing a secret. All of it must be refused."""
        made = [
            replace(genuine, headers={"content-type": "application/json"}),
            replace(genuine, headers={name: value + "x" for name, value in genuine.headers.items()}),
            replace(genuine, headers=dict.fromkeys(genuine.headers, "é" * 9)),
        ]
        if self.signs_body:
            made += [genuine.with_flipped_byte(place) for place in range(0, len(genuine.body), 7)]
            made.append(replace(genuine, body=genuine.body + b" "))
        return made
