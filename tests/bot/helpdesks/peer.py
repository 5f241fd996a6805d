"""What a test must know of a system that conversations are handed to: how it answers, and how it calls."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from pydantic import SecretStr

from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import Delivered

End = Literal["resolved", "handed_back"]
SECRETS = {name: f"the-{name}-webhook-secret" for name in ("current", "previous", "wrong")}


@dataclass
class Case:
    """A handoff as its people see it."""

    notes: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    is_open: bool = True


class Peer(ABC):
    name: ClassVar[str]
    secrets = SECRETS

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}

    def settings(self, url: str) -> dict[str, Any]:
        secrets = {"handoff_secret": self.secrets["current"], "handoff_previous_secret": self.secrets["previous"]}
        wrapped = {name: SecretStr(value) for name, value in secrets.items()}
        return {"handoff_target": self.name, "handoff_url": url, **wrapped}

    @abstractmethod
    def answer(self, heard: Heard) -> Reply:
        """What it answers to a call, and remembers of it."""

    @abstractmethod
    def says(
        self, case: str, text: str, number: int, at: float, secret: str = "current", agent: str = "Mei"
    ) -> Delivered:
        """Somebody wrote this to the customer."""

    @abstractmethod
    def ends(self, case: str, end: End, number: int, at: float) -> Delivered:
        """Mei is done with it."""

    def chatter(self, case: str, at: float) -> list[Delivered]:  # noqa: ARG002
        """What it calls for as well, and nobody has done anything."""
        return []
