"""Which one: `the second one`, `option 2`, `最后一个`, `倒数第二个`."""

import re
from collections.abc import Iterator

from nlu.components.entities.numbers import plain, read_number
from nlu.components.entities.quantity import MEASURES
from nlu.components.entities.span import Span
from nlu.components.wordlist import wordlist

_NAMED = wordlist("first second third fourth fifth sixth seventh eighth ninth tenth")
_WRITTEN = wordlist("1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th")
_ORDINALS = {
    **{word: str(number) for number, word in enumerate(_NAMED, start=1)},
    **{word: str(number) for number, word in enumerate(_WRITTEN, start=1)},
    **{"last": "-1", "latter": "-1", "former": "1"},
}
_TIME_AFTER = (
    r"week|month|year|night|time|name|mon|tue|wed|thu|fri|sat|sun|class|of all|january|february|march|april|may|june|"
    r"july|august|september|october|november|december"
)
_ENGLISH = re.compile(
    rf"\b(?:(?:(?P<the>the)|number|option|no\.?)\s+)?(?P<word>{'|'.join(_ORDINALS)})"
    rf"(?:\s+(?P<noun>one|item|option|order|product|parcel|choice|line))?\b(?!\s+(?:{_TIME_AFTER}))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:number|option|no\.|#)\s?(?P<number>[1-9]|one|two|three|four|five)\b(?!\d)"
    r"|(?:^|选|要)\s*(?P<choice>[1-9])\s*号?(?=$|吧|[。,])",
    re.IGNORECASE,
)
_COUNTED = rf"[{MEASURES}单项种]"
_CHINESE = re.compile(
    rf"第\s?(?P<number>\d{{1,2}}|[一二三四五六七八九十]{{1,3}}){_COUNTED}(?!月|人)"
    rf"|(?:最后|末尾|倒数第)[一1那]{_COUNTED}|倒数第(?P<back>[二三四五2-5]){_COUNTED}"
)


def find_ordinals(text: str) -> Iterator[Span]:
    """ "2" for the second, "-1" for the last. A bare "first" without "one", "the" or "option" is too weak."""
    for match in _CHINESE.finditer(text):
        yield Span("ordinal", plain(_place(match)), match.start(), match.end())
    for match in _ENGLISH.finditer(text):
        is_pointing = match[0].lower().startswith(("the ", "number", "option", "no"))
        if match["noun"] or is_pointing or match[0] == text.strip(" .!"):
            start = match.start("word") if match["the"] else match.start()
            yield Span("ordinal", _ORDINALS[match["word"].lower()], start, match.end(), 1.0 if match["noun"] else 0.8)
    for match in _NUMBERED.finditer(text):
        number = match["number"] or match["choice"]
        yield Span("ordinal", plain(read_number(number) or 0), match.start(), match.end(), 0.8)


def _place(match: re.Match[str]) -> float:
    if match["number"]:
        return read_number(match["number"]) or 0
    return -(read_number(match["back"]) or 0) if match["back"] else -1
