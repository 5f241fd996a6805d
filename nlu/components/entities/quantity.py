"""How many: `two`, `3 boxes`, `x2`, `3个`, `一打`."""

import re
from collections.abc import Iterator

from nlu.components.entities.numbers import CHINESE_PATTERN, ENGLISH, ENGLISH_PATTERN, plain, read_number
from nlu.components.entities.span import Span
from nlu.components.wordlist import wordlist

MEASURES = "个件只双条台套份瓶盒包张把支本块部袋箱顶副对床罐桶枚组款辆盏幅根串颗片"
_CHINESE = re.compile(
    rf"(?<![第\d.号一二三四五六七八九十])(?P<number>\d{{1,4}}|{CHINESE_PATTERN})\s?"
    rf"(?:[{MEASURES}](?!月|钱|工作日|小时|星期|礼拜|多月)|(?P<dozen>打)(?![电开包折扰算印扮造]))"
    r"|数量\s?(?:改成|改为|改|写|填|为|是|:)?\s?(?P<amount>\d{1,4})(?!\d|[.,]\d)"
)
_SPOKEN_ONE = frozenset(wordlist("一个 一下 一套 一款 一张 一块 一份 一部 一组"))
"""Often no count: "有一个问题"."""
_IDIOM = re.compile(r"一(?:件事|条(?:消息|信息|短信|评论|评价|龙)|把年纪|对一|双手|片)")
_WISHED = re.compile(r"[要买来改成剩]$|只(?:有|到|收到|来|来了|到了|剩|要|买|发)$|了$")
_ENOUGH = re.compile(r"$|[，。,.!！?？;；]|就[够行好可]|够了")
_NOT_AFTER = re.compile(r"(?:另|哪|这|那|换|上|下|每|同|有|某|第)$")
_ATTRIBUTE = re.compile(r"的(?!话|吧|$|[，。,])")
_NO_COUNT_BEFORE = (
    r"am|pm|st|nd|rd|th|days?|weeks?|months?|years?|hours?|minutes?|business|working|times|ml|cm|mm|kg|inch(?:es)?|gb|oz|"
    r"stars?|dollars|bucks|cents?|percent|degrees|street|avenue|ave|road|drive|lane|in (?:1|one)"
)
_UNITS = r"pcs|pieces?|units?|pairs?|packs?|sets?|copies"
_CONTAINERS = r"boxes|bottles|bags|cans|jars|packets|rolls|cases|cartons|tubes|tins|bundles|sheets"
_ENGLISH = re.compile(
    r"(?<![\w#$¥€£/:+-])(?<!\d[.,])(?<!\d in )"
    r"(?:(?:x|(?P<named>qty:?|quantity(?: of)?:?))\s?(?P<after>\d{1,4})|"
    rf"(?P<number>\d{{1,3}}|{ENGLISH_PATTERN})(?:\s?(?P<unit>x|{_UNITS})\b|\s(?P<container>{_CONTAINERS})(?= of\b))?)"
    rf"(?![\w%$/:-]|[.,]\d|(?:\s?(?:{_NO_COUNT_BEFORE})\b))",
    re.IGNORECASE,
)
_NUMBER_OF = re.compile(
    r"\b(?:flat|apt|apartment|unit|room|suite|floor|size|version|step|page|level|type|zone|gate|model)\.?\s$",
    re.IGNORECASE,
)
_CLOCK_BEFORE = re.compile(r"\b(?:after|before|at|until|till|around|past)\s$", re.IGNORECASE)
_CLOCK_AFTER = re.compile(r"$|[,.!?;]|\s(?:o'clock|today|tomorrow|tonight|on|in the)\b", re.IGNORECASE)
_ONE_BEFORE = re.compile(r"\b(?:only|just|exactly)(?: \w+(?:ed|got|t))?\s$", re.IGNORECASE)
_ONE_AFTER = re.compile(
    r"\s(?:is|was|would be|will be) (?:enough|fine|plenty)\b|\s(?:will|would) do\b"
    r"|\sof (?:the|my|them)\b(?!\s(?:best|worst|most|few|reasons|things|people|agents))",
    re.IGNORECASE,
)
_NO_ONE_AFTER = re.compile(r"\s(?:more thing|thing|question|more question|moment|second|sec|minute|last|by one)\b")


def find_measured(text: str) -> Iterator[Span]:
    """ "five bottles of shampoo": surer than the product that "bottle" may be."""
    for span in _english(text) if " of " in text else ():
        if re.search(rf"(?:{_CONTAINERS})$", text[span.start : span.end], re.IGNORECASE):
            yield span


def find_quantities(text: str) -> Iterator[Span]:
    """Counts of things. English "one" and Chinese "一个" are mostly no counts and are left out unless the words around
    them count."""
    yield from _chinese(text)
    yield from _english(text)


def _chinese(text: str) -> Iterator[Span]:
    for match in _CHINESE.finditer(text):
        if match["amount"]:
            yield Span("quantity", plain(float(match["amount"])), match.start("amount"), match.end("amount"))
            continue
        number, before, after = read_number(match["number"]), text[: match.start()], text[match.end() :]
        is_attribute = number is not None and number >= 100 and _ATTRIBUTE.match(after)  # 500片的拼图
        is_casual = match[0] in _SPOKEN_ONE and not _counts_one(match[0], text, before, after)
        if number and not (is_attribute or is_casual or _IDIOM.match(text, match.start()) or _NOT_AFTER.search(before)):
            yield Span("quantity", plain(number * (12 if match["dozen"] else 1)), match.start(), match.end())


def _counts_one(written: str, text: str, before: str, after: str) -> bool:
    if written == text.strip("。！ ") or re.search(r"[要买来改成]$", before):
        return True
    if not before.strip() or re.search(r"[，。,!！?？]\s*$", before):
        return bool(re.match(r"就|够", after))
    return bool(_WISHED.search(before) and _ENOUGH.match(after))


def _english(text: str) -> Iterator[Span]:
    for match in _ENGLISH.finditer(text):
        written = match["after"] or match["number"]
        number = read_number(written)
        if not number or _is_something_else(match, text, number):
            continue
        sure = match["after"] or match["unit"] or match["container"] or written.lower() in ENGLISH
        start = match.start("after") if match["named"] else match.start()
        yield Span("quantity", plain(number), start, match.end(), 1.0 if sure else 0.7)


def _is_something_else(match: re.Match[str], text: str, number: float) -> bool:
    """A time, a model's number, an attribute ("a 500 piece puzzle"), the "one" of "the red one"."""
    before, after = text[: match.start()], text[match.end() :]
    if match["after"] or match["container"]:
        return False
    if match["unit"]:
        is_singular = match["unit"].lower() in ("piece", "unit", "pair", "pack", "set")
        return is_singular and number != 1 and re.match(r"[ -]\w", after) is not None
    if match["number"].lower() == "one" and match[0].strip().lower() != text.strip(" .!").lower():
        counts = _ONE_AFTER.match(after) or (_ONE_BEFORE.search(before) and not _NO_ONE_AFTER.match(after))
        return not counts
    is_clock = _CLOCK_BEFORE.search(before) and _CLOCK_AFTER.match(after)
    return bool(is_clock or _NUMBER_OF.search(before) or _names_a_model(before, text))


def _names_a_model(before: str, text: str) -> bool:
    """ "iPhone 15", "Galaxy 12": the word before has a capital, and is not the first of the text."""
    word = re.search(r"\s(\S*[A-Z]\S*)\s$", before)
    return word is not None and word[1] != "I" and not text.isupper()
