"""How many, and which one: `two`, `3个`, `x2` are quantities; `the second one`, `最后一个` are ordinals."""

import re
from collections.abc import Iterator

from nlu.components.entities.numbers import CHINESE_PATTERN, ENGLISH, ENGLISH_PATTERN, plain, read_number
from nlu.components.entities.span import Span
from nlu.components.wordlist import wordlist

_MEASURES = "个件只双条台套份瓶盒包张把支本块部袋箱顶副对床罐桶枚组款辆盏幅根串颗片"
_CHINESE_COUNT = re.compile(
    rf"(?<![第\d.号一二三四五六七八九十])(?P<number>\d{{1,4}}|{CHINESE_PATTERN})\s?[{_MEASURES}](?!月|钱|工作日|小时|星期|礼拜|多月)"
)
_SPOKEN_ONE = frozenset(wordlist("一个 一件 一下 一套 一款 一张 一块 一份 一部 一双 一条 一把 一只 一组 一对 一片"))
_NOT_AFTER = re.compile(r"(?:另|哪|这|那|换|上|下|每|同|有|某|第)$")
_NO_COUNT_BEFORE = (
    r"am|pm|st|nd|rd|th|days?|weeks?|months?|years?|hours?|minutes?|business|working|times|ml|cm|mm|kg|inch(?:es)?|gb|oz|"
    r"stars?|dollars|bucks|percent|degrees|street|avenue|ave|road|drive|lane"
)
_ENGLISH_COUNT = re.compile(
    r"(?<![\w#$¥€£/:+-])(?<!\d[.,])(?:(?:x|qty:?|quantity(?: of)?:?)\s?(?P<after>\d{1,4})|"
    rf"(?P<number>\d{{1,3}}|{ENGLISH_PATTERN})"
    r"(?:\s?(?P<times>x|pcs|pieces?|units?|pairs?|packs?|sets?|copies|of (?:them|those|these|it)))?)"
    rf"(?![\w%$/:-]|[.,]\d|(?:\s?(?:{_NO_COUNT_BEFORE})\b))",
    re.IGNORECASE,
)
_NAMED_ORDINALS = wordlist("first second third fourth fifth sixth seventh eighth ninth tenth")
_WRITTEN_ORDINALS = wordlist("1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th")
_ORDINALS = {
    **{word: str(number) for number, word in enumerate(_NAMED_ORDINALS, start=1)},
    **{word: str(number) for number, word in enumerate(_WRITTEN_ORDINALS, start=1)},
    **{"last": "-1", "latter": "-1", "former": "1"},
}
_TIME_AFTER = (
    r"week|month|year|night|time|name|mon|tue|wed|thu|fri|sat|sun|class|of all|january|february|march|april|may|june|"
    r"july|august|september|october|november|december"
)
_ENGLISH_ORDINAL = re.compile(
    rf"\b(?:(?:the|number|option|no\.?)\s+)?(?P<word>{'|'.join(_ORDINALS)})"
    rf"(?:\s+(?P<noun>one|item|option|order|product|parcel|choice|line))?\b(?!\s+(?:{_TIME_AFTER}))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:number|option|no\.|#)\s?(?P<number>[1-9]|one|two|three|four|five)\b(?!\d)"
    r"|(?:^|选|要)\s*(?P<choice>[1-9])\s*号?(?=$|吧|[。,])",
    re.IGNORECASE,
)
_CHINESE_ORDINAL = re.compile(
    rf"第\s?(?P<number>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[{_MEASURES}单项种](?!月|人)|(?P<last>最后|末尾|倒数第)[一1][{_MEASURES}单项种]"
)


def find_ordinals(text: str) -> Iterator[Span]:
    """ "2" for the second, "-1" for the last. A bare "first" without "one", "the" or "option" is too weak."""
    for match in _CHINESE_ORDINAL.finditer(text):
        number = "-1" if match["last"] else plain(read_number(match["number"]) or 0)
        yield Span("ordinal", number, match.start(), match.end())
    for match in _ENGLISH_ORDINAL.finditer(text):
        if (
            match["noun"]
            or match[0].lower().startswith(("the ", "number", "option", "no"))
            or match[0] == text.strip(" .!")
        ):
            yield Span(
                "ordinal", _ORDINALS[match["word"].lower()], match.start(), match.end(), 1.0 if match["noun"] else 0.8
            )
    for match in _NUMBERED.finditer(text):
        number = match["number"] or match["choice"]
        yield Span("ordinal", plain(read_number(number) or 0), match.start(), match.end(), 0.8)


def find_quantities(text: str) -> Iterator[Span]:
    """Counts of things. English "one" and Chinese "一个" are mostly no counts and are left out unless alone."""
    for match in _CHINESE_COUNT.finditer(text):
        number = read_number(match["number"])
        casual = (
            match[0] in _SPOKEN_ONE
            and match[0] != text.strip("。！ ")
            and not re.search(r"[要买来改成]$", text[: match.start()])
        )
        if number and not casual and not _NOT_AFTER.search(text[: match.start()]):
            yield Span("quantity", plain(number), match.start(), match.end())
    for match in _ENGLISH_COUNT.finditer(text):
        written = match["after"] or match["number"]
        if written.lower() == "one" and match[0].strip().lower() != text.strip(" .!").lower() and not match["times"]:
            continue
        number = read_number(written)
        if number:
            sure = match["after"] or match["times"] or written.lower() in ENGLISH
            yield Span("quantity", plain(number), match.start(), match.end(), 1.0 if sure else 0.7)
