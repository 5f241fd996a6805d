"""Which Kefu this is, and when: what a trained model remembers."""

import importlib.metadata
from datetime import UTC, datetime


def code_version() -> str:
    """The installed version of Kefu."""
    return importlib.metadata.version("kefu")


def now() -> str:
    """UTC to the second, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")
