"""The assistant: everything its YAML says, read once and checked."""

from pathlib import Path
from typing import Any


class AssistantError(Exception):
    """The assistant's files cannot be used. The message lists every problem with file, line and the way out."""


class Assistant:
    initial_slots: dict[str, Any]

    @classmethod
    def load(cls, directory: Path, *, languages: tuple[str, ...] = ("en", "zh")) -> "Assistant":
        """Read every *.yml under `directory` except nlu/ and sentiment/. Raises AssistantError.

        Every response must speak each of `languages`; an empty tuple switches that check off.
        """
        raise NotImplementedError

    def domain_dict(self) -> dict[str, Any]:
        """The domain in Rasa's shape for the action protocol: one shared dict, not to be changed."""
        raise NotImplementedError
