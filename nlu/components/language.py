"""Which of the two encoders reads a text: decided by script, and where both scripts stand, by the words in them."""

import re

from nlu.types import Language

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"(?<![\w@.#/-])[A-Za-z][A-Za-z']*(?![\w@#/]|\.\w)")
_CHARACTERS_A_WORD = 1.7
"""Of Chinese, roughly."""
_UNTELLING = frozenset(
    {"ok", "okay", "hi", "hello", "bye", "vip", "app", "id", "usb", "pro", "xs", "s", "m", "l", "xl", "xxl"}
)


def has_han(text: str) -> bool:
    return _HAN.search(text) is not None


def evident_language(folded: str) -> Language | None:
    """The language a text shows by itself, of a mixed one that of most of its words; None for numbers, e-mail
    addresses, emoji, "OK".

    Hand it a text whose product names are blanked: "do you sell 保温杯?" asks in English.
    """
    words = _LATIN_WORD.findall(folded)
    if has_han(folded):
        english = [word for word in words if word.islower() or word == "I"]  # not iPhone, not Nike
        return "en" if len(english) > len(_HAN.findall(folded)) / _CHARACTERS_A_WORD else "zh"
    return "en" if any(word.lower() not in _UNTELLING for word in words) else None


def blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with the spans replaced by spaces, offsets kept."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = " " * (end - start)
    return "".join(characters)


def detect(folded: str, names: list[tuple[int, int]], hint: Language | None = None) -> Language:
    """The language to answer in. `names` are the spans of product names; `hint` decides what script can't."""
    bare = blanked(folded, names)
    return evident_language(bare) or hint or evident_language(folded) or "en"
