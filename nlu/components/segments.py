"""Several requests in one message: where a message may be cut, and whether its clauses really ask different things.

Being wrong here costs more than missing a second request, so a message stays whole unless the clauses are sure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.components.language import has_han
from nlu.types import IntentGuess

MAX_CLAUSES = 6
_EXPLICIT_EN = (
    r"(?:(?:^|[,.!?;]+)\s*(?:(?:and|oh|but)\s+)*|\s(?:and|oh|but)\s+)"
    r"(?:also|another thing|one more thing|while (?:you're|i'm) at it|by the way|btw|besides|plus|separately|"
    r"(?=whether\b))\b"
)
_EXPLICIT_ZH = (
    r"(?:[,.!?;\s]*(?:另外|顺便|对了|此外)|[,.!?;。\s]+"
    r"(?:还有|以及|同时|再就是|其次|第二|并且|再(?=[把帮给列查看推])|(?=另一|以后别)))(?:就是|呢)?"
)
_BREAK = re.compile(
    rf"(?P<explicit>(?:{_EXPLICIT_EN}|{_EXPLICIT_ZH})[,:\s]*)"
    r"|(?P<sentence>[.!?](?=\s)\s*|[;。！？；\n]+\s*|[!?]+(?=[\u4e00-\u9fff]))"
    r"|(?P<weak>,\s+(?:and\s+then\s+|and\s+|then\s+|but\s+)?|\s+and\s+(?:then\s+)?|\s+then\s+|[，,]\s*(?:然后|再|并且)?)",
    re.IGNORECASE,
)
_ASKS_EN = re.compile(
    r"\W*(?:(?:and|oh|first|second|secondly|then|two things|please|pls|so|hi|hello|hey)\W+)*"
    r"(?:(?:what|how|where|when|which|who)(?:'?s\b|\s+(?:is|are|was|do|does|did|can|could|will|would|should|much|many|long|"
    r"fast|far|soon)\b)|(?:can|could|will|would|do|does|is|are|may)\s+(?:you|i|we|it|there|the|my|this|that)\b|"
    r"i(?:'d| would)? (?:like|want|need|wish)\b|"
    r"(?:cancel|show|tell|send|track|check|change|update|set|add|remove|reset|delete|erase|return|exchange|swap|recommend|"
    r"find|give|sign|switch|list|compare|refund|unsubscribe|stop|close|open|let|help|get|put|make)\b)",
    re.IGNORECASE,
)
_ASKS_ZH = re.compile(
    r"[吗么?]|怎么|多少|什么|几[天点个时]|哪|能不能|可不可以|有没有|是不是|多久|多长|帮我|给我|麻烦|请|我要|我想|想要|需要|"
    r"^\W*(?:再|把|取消|查|看|改|换|退|推荐|开|加|删|发|转|告诉)"
)
_ORDER = re.compile(r"#?[A-Za-z]{0,3}\d{4,}", re.ASCII)


@dataclass(frozen=True)
class Clause:
    """A stretch of the text. `explicit`: the customer said "also", "另外" before it."""

    start: int
    end: int
    explicit: bool
    sentence: bool


@dataclass(frozen=True)
class Segment:
    """One request of several: its stretch of the text, and the clause that names it."""

    start: int
    end: int
    clause: int


def clauses(folded: str) -> list[Clause]:
    """The clauses of a text; a text that can't hold two requests is one clause."""
    found: list[Clause] = []
    start, explicit, sentence = 0, False, True
    for cut in [*_BREAK.finditer(folded), None]:
        end = cut.start() if cut else len(folded)
        if _is_substantial(folded[start:end]):
            found.append(Clause(start, end, explicit, sentence))
            explicit, sentence = False, False
        if cut:
            start = cut.end()
            explicit = explicit or cut["explicit"] is not None
            sentence = sentence or cut["sentence"] is not None
    return found if len(found) <= MAX_CLAUSES else []


def _is_substantial(clause: str) -> bool:
    if has_han(clause):
        return len(clause.strip()) >= 3
    return len(clause.split()) >= 2


def several_requests(
    folded: str,
    parts: Sequence[Clause],
    guesses: Sequence[IntentGuess],
    whole: IntentGuess,
    conversational: frozenset[str],
    threshold: float,
) -> list[Segment]:
    """Two segments or more, covering the whole text; empty when it is one request.

    A clause that is no sure request (a detail, a reason, a greeting) belongs to the request before it, or to the
    first one.
    """
    requests: list[int] = []
    for index, (part, guess) in enumerate(zip(parts, guesses, strict=True)):
        if guess.name in conversational or guess.confidence < threshold:
            continue
        if not requests or _differs(folded, parts, guesses, requests[-1], index):
            if requests and not (
                _other_orders(folded, parts[requests[-1]], part)
                or _is_deliberate(folded, parts[requests[-1]], part, whole, threshold)
            ):
                return []
            requests.append(index)
    if len(requests) < 2:
        return []
    starts = [0, *(parts[index].start for index in requests[1:])]
    ends = [*(parts[index - 1].end for index in requests[1:]), len(folded)]
    return [Segment(*bounds) for bounds in zip(starts, ends, requests, strict=True)]


def _differs(folded: str, parts: Sequence[Clause], guesses: Sequence[IntentGuess], before: int, now: int) -> bool:
    if guesses[before].name != guesses[now].name:
        return True
    return _other_orders(folded, parts[before], parts[now])


def _other_orders(folded: str, before: Clause, part: Clause) -> bool:
    """Whether each of the two names an order of its own."""
    first, second = (set(_ORDER.findall(folded[one.start : one.end])) for one in (before, part))
    return bool(first and second and not first & second)


def _is_deliberate(folded: str, before: Clause, part: Clause, whole: IntentGuess, threshold: float) -> bool:
    """Two questions, or "also …", announce a second request; a story and its wish ("it broke, I want my money back") do
    not, unless the whole reads as neither."""
    if part.explicit or (_asks(folded, before) and _asks(folded, part)):
        return True
    return whole.confidence < (0.5 + threshold / 2 if part.sentence else threshold)


def _asks(folded: str, part: Clause) -> bool:
    text = folded[part.start : part.end]
    return bool(_ASKS_ZH.search(text) if has_han(text) else _ASKS_EN.match(text))
