"""Personal data out of a message, so that it may be kept to learn from.

What names somebody is replaced by a stand-in of the same kind, so that the sentence stays one that a customer could
write: a model that trains on "[REDACTED]" learns that word.
"""

import re
from collections.abc import Iterable

from nlu.types import Entity, Language

STAND_INS: dict[str, tuple[str, str]] = {
    "email": ("name@example.com", "name@example.com"),
    "phone": ("555-0100", "13800000000"),
    "order_number": ("#W0000000", "#W0000000"),
    "person": ("Alex", "小李"),
    "address": ("1 Main Street", "某某路1号"),
    "postcode": ("00000", "100000"),
}
"""By kind, in English and in Chinese."""
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"(?<![\w@])@[A-Za-z]\w{2,}|(?<![\w@.#-])(?=[A-Za-z_-]*\d)(?=\w*[A-Za-z])\w{6,}(?![\w@])", re.ASCII
)
_NUMBER = re.compile(r"\d(?:[ -]?\d){4,}")
_ZEROS = re.compile(r"\d")
_KEPT = frozenset(stand_in for pair in STAND_INS.values() for stand_in in pair)
_SHORTEST_NAME = 2


def redact(text: str, entities: Iterable[Entity], language: Language, names: Iterable[str] = ()) -> str:
    """The text with a stand-in for every personal entity, every one of `names` (what the shop knows of the customer),
    and, whatever the model found, for e-mail addresses, links, account names and numbers of five digits or more."""
    place = int(language == "zh")
    for entity in sorted(entities, key=lambda entity: -entity.start):
        if entity.name in STAND_INS:
            text = text[: entity.start] + STAND_INS[entity.name][place] + text[entity.end :]
    for name in sorted(filter(None, names), key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            text = _named(name).sub(STAND_INS["person"][place], text)
    text = _EMAIL.sub(STAND_INS["email"][0], _LINK.sub("link", text))
    return _NUMBER.sub(_zeros, _ACCOUNT.sub(_account, text))


def _named(name: str) -> re.Pattern[str]:
    """A Latin name as a word of its own, whatever its case; a Chinese one wherever it stands."""
    edge = r"(?<![A-Za-z])" if name.isascii() else ""
    end = r"(?![A-Za-z])" if name.isascii() else ""
    return re.compile(f"{edge}{re.escape(name)}{end}", re.IGNORECASE)


def _account(found: re.Match[str]) -> str:
    return found.group() if f"#{found.group()}" in _KEPT else "account0"


def _zeros(found: re.Match[str]) -> str:
    return found.group() if found.group() in _KEPT else _ZEROS.sub("0", found.group())
