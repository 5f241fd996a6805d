"""The decision record of a turn: what was understood, what was decided and why, what was done. JSON all through.

It is kept for explanation, replay and analytics, so it holds no personal data: values of personal kinds are masked.
"""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

PLAIN = frozenset({"order_number", "product", "option", "quantity", "money", "date", "ordinal"})
"""Kinds whose values are kept as they are."""
PERSONAL = re.compile(r"email|phone|address|person|name|postcode|birth")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LONG_NUMBER = re.compile(r"\+?\d[\d\s-]{8,}\d")
CODE = re.compile(r"[#\w.:/-]{1,40}", re.ASCII)
LONGEST_VALUE = 160


@dataclass(frozen=True)
class Guess:
    intent: str
    confidence: float


@dataclass(frozen=True)
class Found:
    """An entity: its kind, and its value, masked when the kind is personal."""

    kind: str
    value: str


@dataclass(frozen=True)
class Step:
    """One decision: which policy and rule chose what, and why, in words a support lead understands (English).

    `code` and `facts` are the same reason for machines, and for saying it in another language (reasons.py).
    """

    policy: str
    action: str
    reason: str
    code: str
    facts: dict[str, str]
    rule: str | None = None


@dataclass(frozen=True)
class ActionRun:
    """One action: what it set and said. `failure` is None when it went well."""

    name: str
    slots: dict[str, Any] = field(default_factory=dict)
    responses: tuple[str, ...] = ()
    failure: str | None = None


@dataclass(frozen=True)
class Versions:
    model: str
    domain: str
    code: str


@dataclass(frozen=True)
class Decision:
    """`threshold` is the confidence that the first intent needed to be followed in this turn."""

    turn_number: int
    language: str
    sentiment_label: str
    sentiment_score: float
    intents: tuple[Guess, ...]
    threshold: float
    entities: tuple[Found, ...]
    active_form_before: str | None
    active_form_after: str | None
    steps: tuple[Step, ...]
    actions: tuple[ActionRun, ...]
    notes: tuple[str, ...]
    """Things worth a look: a placeholder that had no value, a cap that was reached."""
    versions: Versions
    out_of_scope_score: float | None = None
    """How far from every intent the message was (0-1); None when the model did not say."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def masked(name: str, value: object) -> Any:
    """`value` as it may be kept under `name`: codes, numbers and products as they are, personal values by their first
    letter, free text by its length alone.
    """
    is_personal = bool(PERSONAL.search(name))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return "•••" if is_personal else value
    if isinstance(value, dict):
        return {str(key): masked(name if is_personal else str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(name, item) for item in value]
    text = str(value)
    if is_personal:
        return _initial(text)
    return without_contacts(text) if name in PLAIN or CODE.fullmatch(text) else f"({len(text)} characters)"


def without_contacts(text: str) -> str:
    """The text, shortened, with e-mail addresses and phone numbers masked."""
    text = EMAIL.sub(lambda found: _initial(found.group()), text)
    return LONG_NUMBER.sub("•••", text)[:LONGEST_VALUE]


def _initial(text: str) -> str:
    return f"{text[:1]}•••" if text else ""
