"""One sentence in two languages, said in the one that it mostly is: "我的 order 想 cancel" reads as "我的订单想取消",
"where is my 包裹" as "where is my parcel".

Either encoder has met few words of the other's language; the trade's own (glossary.txt) are enough for what people mix.
"""

import re
from functools import cache
from pathlib import Path

from nlu.components.language import has_han

_FILE = Path(__file__).with_name("glossary.txt")
_ONE_WAY = "~"


def in_chinese(text: str) -> str:
    """`text` with the English words of the glossary put into Chinese; the longest phrase wins."""
    words, pattern = _chinese()
    return pattern.sub(lambda match: words[" ".join(match[0].lower().split())], text)


def in_english(text: str) -> str:
    """`text` with the Chinese words of the glossary put into English; the longest wins, unknown ones stay."""
    if not has_han(text):
        return text
    words, pattern = _english()
    return " ".join(pattern.sub(lambda match: f" {words[match[0]]} ", text).split())


@cache
def _pairs() -> list[tuple[str, str]]:
    lines = [line for line in _FILE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [(english, chinese) for english, _, chinese in (line.partition("\t") for line in lines)]


@cache
def _chinese() -> tuple[dict[str, str], re.Pattern[str]]:
    words = {english: chinese for english, chinese in _pairs() if not english.startswith(_ONE_WAY)}
    phrases = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in _longest_first(words))
    return words, re.compile(rf"(?<![A-Za-z0-9#@.-])(?:{phrases})(?![A-Za-z0-9@-]|\.\w)\s*", re.IGNORECASE)


@cache
def _english() -> tuple[dict[str, str], re.Pattern[str]]:
    """What is marked as one way is the better word; else the first English one of several."""
    words: dict[str, str] = {}
    for english, chinese in sorted(_pairs(), key=lambda pair: not pair[0].startswith(_ONE_WAY)):
        words.setdefault(chinese, english.removeprefix(_ONE_WAY))
    return words, re.compile("|".join(map(re.escape, _longest_first(words))))


def _longest_first(words: dict[str, str]) -> list[str]:
    return sorted(words, key=len, reverse=True)
