"""Which language a turn is answered in: the message's own, or the one so far when it has none ("#W2378156", "ok")."""

import re
from typing import cast, get_args

from bot.dialogue.request import Request
from bot.messages import UserMessage
from nlu.types import Language, Understanding

LANGUAGES = get_args(Language)
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
WORD = re.compile(r"[^\W\d_]+")
SHARED_WORDS = frozenset(
    {"ok", "okay", "okey", "app", "vip", "sms", "id", "xs", "s", "m", "l", "xl", "xxl", "hi", "bye"}
)
"""Latin words that people write in either language."""


def language_of(understanding: Understanding, previous: str | None, message: UserMessage) -> Language:
    if has_own_language(understanding):
        return understanding.language
    return _known(previous) or _known(_locale(message)[:2]) or understanding.language


def has_own_language(understanding: Understanding) -> bool:
    """Whether anything but names, numbers and signs is written in it; whatever is all Chinese is Chinese."""
    if HAN.search(understanding.text) and not LATIN.search(understanding.text):
        return True
    words = WORD.findall(Request.of(understanding).words_beside_entities())
    return any(word.casefold() not in SHARED_WORDS for word in words)


def _locale(message: UserMessage) -> str:
    return str(message.metadata.get("locale") or "").casefold()


def _known(name: str | None) -> Language | None:
    return cast("Language", name) if name in LANGUAGES else None
