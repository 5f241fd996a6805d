"""The same message as strangers type it: slips, missing spaces, another script or width, words of the other language.

Only for testing. The lists and slips are not those that training rewrites with (nlu/augmentation.py), and every
rewriting depends on nothing but the text: the same test every time.
"""

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nlu.components.language import has_han
from nlu.components.normalizer import simplified
from nlu.components.wordlist import wordlist
from nlu.types import Language

_LETTERS_A_SLIP = 25
"""One slip in so many characters, at least one."""
_ROWS = wordlist("qwertyuiop asdfghjkl zxcvbnm")
_WORD = re.compile(r"(?<![\w#@.])[A-Za-z]{4,}(?![\w@])")
_USUAL_IN_BOTH = "胡板修真才了出云面冲范升系"
"""The characters that traditional writing mostly has, too."""
_WIDE_FROM, _WIDE_TO, _WIDE = 0x21, 0x7E, 0xFEE0


def keyboard_slips(text: str) -> str:
    """A finger on the next key, or on two at once, in the longer English words."""
    rng = random.Random(f"keyboard {text}")
    for _ in range(_slips(text)):
        words = list(_WORD.finditer(text))
        if not words:
            return text
        word = rng.choice(words)
        at = rng.randrange(word.start() + 1, word.end())
        key = rng.choice(_next_keys(text[at].lower()))
        text = text[:at] + key + text[at + rng.choice((0, 1)) :]
    return text


def missing_spaces(text: str) -> str:
    """A space in six is not typed; at least one."""
    rng = random.Random(f"spaces {text}")
    spaces = [match.start() for match in re.finditer(r"(?<=[A-Za-z]) (?=[A-Za-z])", text)]
    dropped = set(rng.sample(spaces, min(len(spaces), max(1, len(spaces) // 6))))
    return "".join(character for at, character in enumerate(text) if at not in dropped)


def pinyin_slips(text: str) -> str:
    """One or two words replaced by others that sound alike."""
    return _swapped(text, "sounds", most=2)


def traditional(text: str) -> str:
    """Traditional characters, as far as one stands for one."""
    return "".join(_traditional().get(character, character) for character in text)


def full_width(text: str) -> str:
    """ＡＢＣ１２３！ for ABC123!, as Chinese keyboards do."""
    return "".join(chr(ord(c) + _WIDE) if _WIDE_FROM <= ord(c) <= _WIDE_TO else c for c in text)


def code_switched(text: str) -> str:
    """One or two words in the other language."""
    return _swapped(text, "into_english" if has_han(text) else "into_chinese", most=2)


VARIANTS: dict[Language, dict[str, Callable[[str], str]]] = {
    "en": {
        "keyboard slips": keyboard_slips,
        "missing spaces": missing_spaces,
        "full width": full_width,
        "code-switched": code_switched,
    },
    "zh": {
        "pinyin slips": pinyin_slips,
        "traditional": traditional,
        "full width": full_width,
        "code-switched": code_switched,
    },
}


def _slips(text: str) -> int:
    return max(1, round(len(text) / _LETTERS_A_SLIP))


@cache
def _next_keys(key: str) -> str:
    """The keys left and right of one, and those above and below it."""
    for row, keys in enumerate(_ROWS):
        if key in keys:
            at = keys.index(key)
            near = [keys[max(0, at - 1) : at], keys[at + 1 : at + 2]]
            near += [other[at : at + 1] for other in (*_ROWS[max(0, row - 1) : row], *_ROWS[row + 1 : row + 2])]
            return "".join(near)
    return "e"


def _swapped(text: str, list_name: str, most: int) -> str:
    words: dict[str, str] = _lists()[list_name]
    found = [word for word in words if _place(word, text)]
    found = [word for word in found if not any(word != other and word in other for other in found)]
    chosen = random.Random(f"{list_name} {text}").sample(sorted(found), min(most, len(found)))
    for word in chosen:
        if place := _place(word, text):
            gap = " " if words[word].isascii() and not word.isascii() else ""
            text = (text[: place.start()] + gap + words[word] + gap + text[place.end() :]).strip()
    return text


def _place(word: str, text: str) -> re.Match[str] | None:
    return re.search(rf"\b{word}s?\b" if word.isascii() else word, text, re.IGNORECASE)


@cache
def _lists() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8")))


@cache
def _traditional() -> dict[str, str]:
    """Simplified → the first traditional character that folds to it."""
    pairs: dict[str, str] = {}
    for written, folded in simplified().items():
        if folded not in _USUAL_IN_BOTH:
            pairs.setdefault(folded, written)
    return pairs
