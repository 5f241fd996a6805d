"""Personal data out of a message, so that it may be kept to learn from.

What names somebody is replaced by a stand-in of the same kind, so that the sentence stays one that a customer could
write: a model that trains on "[REDACTED]" learns that word.
"""

import re
from collections.abc import Iterable

from bot.review.accounts import without_accounts
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
_NUMBER = re.compile(r"\d(?:[\s()（）_\-‐-—－]{0,3}\d){4,}|\d+(?:\s?[./·．／]\s?\d+){2,}")
"""Five digits or more, however they are set apart; a point or slash counts from the second on: 12.50 is a price."""
_SECRET = re.compile(
    r"(?:\b(?:pin|cv[vc]2?|passcode|(?:security|verification) code|ending(?: in)?|last (?:4|four))\b"
    r"|密码|验证码|尾号|后四位|后4位)\D{0,12}\d{2,}",
    re.IGNORECASE,
)
"""Digits that are secret however few."""
_PASSWORD = re.compile(
    r"(\bpass(?:word|code)\s*(?:is|was|[:：=])\s*|密码[是为：:]\s*)(?!(?:not|wrong|right|in)\b)[!-~]+", re.IGNORECASE
)
_TITLED = re.compile(r"\b((?:Mr|Mrs|Ms|Miss|Dr)\.?\s+)[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*")
_SURNAME = re.compile(
    r"(?<=姓)(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|(?![名氏什啥甚何别后前])[\u4e00-\u9fff])"
)
_BORN = re.compile(r"(?:birth|\bborn\b|\bdob\b|生日|出生)", re.IGNORECASE)
_BIRTHDAY = ("January 1", "1月1日")
_NEAR = 24
"""Characters before a date in which a word may say that it is a birthday."""
_DIGIT = re.compile(r"\d")
_KEPT = frozenset(stand_in for pair in STAND_INS.values() for stand_in in pair)
_SHORTEST_NAME = 2


def redact(text: str, entities: Iterable[Entity], language: Language, names: Iterable[str] = ()) -> str:
    """The text with a stand-in for every personal entity, every one of `names` (what the shop knows of the customer),
    and, whatever the model found, for e-mail addresses, links, account names that look like one or that the word before
    them names, names after a title or 姓, passwords, and numbers of five digits or more."""
    place = int(language == "zh")
    for entity in sorted(entities, key=lambda entity: -entity.start):
        if stand_in := _stand_in(entity, text[max(0, entity.start - _NEAR) : entity.start], place):
            text = text[: entity.start] + stand_in + text[entity.end :]
    for name in sorted(filter(None, names), key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            text = _named(name).sub(STAND_INS["person"][place], text)
    text = _EMAIL.sub(STAND_INS["email"][0], _LINK.sub("link", text))
    text = _SURNAME.sub("李", _TITLED.sub(r"\1Smith", _PASSWORD.sub(r"\1secret", text)))
    return _NUMBER.sub(_zeros, _SECRET.sub(_zeros, without_accounts(text, _KEPT)))


def _stand_in(entity: Entity, before: str, place: int) -> str | None:
    if entity.name == "date" and _BORN.search(before):
        return _BIRTHDAY[place]
    return STAND_INS[entity.name][place] if entity.name in STAND_INS else None


def _named(name: str) -> re.Pattern[str]:
    """A Latin name as a word of its own, whatever its case; a Chinese one wherever it stands."""
    edge = r"(?<![A-Za-z])" if name.isascii() else ""
    end = r"(?![A-Za-z])" if name.isascii() else ""
    return re.compile(f"{edge}{re.escape(name)}{end}", re.IGNORECASE)


def _zeros(found: re.Match[str]) -> str:
    return found.group() if found.group() in _KEPT else _DIGIT.sub("0", found.group())
