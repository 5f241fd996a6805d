"""What others published on the same sets: references.yml as typed values."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("references.yml")


@dataclass(frozen=True)
class Reference:
    """One published figure, in percent, of the metric that the set is measured with."""

    system: str
    value: float
    source: str
    read: bool
    """Whether the source was read; otherwise the figure is recalled from the paper."""


@cache
def references() -> dict[str, tuple[Reference, ...]]:
    """By the set's name; a set without published figures is not there."""
    raw = yaml.safe_load(FILE.read_text("utf-8"))
    return {name: tuple(Reference(**entry) for entry in entries) for name, entries in raw.items()}
