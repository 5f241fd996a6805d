"""Several requests in one message: where a message may be cut, and whether its clauses really ask different things.

Being wrong here costs more than missing a second request, so a message stays whole unless the clauses are sure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlu.components.language import has_han
from nlu.types import IntentGuess

MAX_CLAUSES = 6
_ANNOUNCED = 0.7
"""After "also" a clause that is this much of the threshold sure will do."""
_DOUBT = 0.2
"""Two requests without a word between them must leave only this much of the doubt that the threshold allows."""
_EXPLICIT_EN = (
    r"(?:(?:^|[,.!?;]+)\s*(?:(?:and|oh|but)\s+)*|\s(?:and|oh|but)\s+)"
    r"(?:also|another thing|one more thing|while (?:you're|i'm) at it|by the way|btw|besides|plus|separately|"
    r"(?:before|after) that|(?=whether\b|another\b|the other\b))\b"
    r"|\splus\s+(?=my|the|i|can|could|is|where|when|what|how|do)\b"
    r"|(?:^|(?<=[\s,.;:!?]))\(?[1-4][.):](?!\d)|\s[+&](?=\s)"
)
_EXPLICIT_ZH = (
    r"(?:[,.!?;\s]*(?:另外|顺便|对了|此外)|[,.!?;。\s]+"
    r"(?:还有(?!别的|其他|没|货|多少|什么|几|吗|哪|得|的)|以及|同时|再就是|其次|第二|并且|再(?=[把帮给列查看推])|(?=另一|以后别)))"
    r"(?:就是|呢)?|(?:^|(?<=[\s,.;:!?]))(?:[1-4]、|第[一二三]\s*[,.:、])"
)
_BREAK = re.compile(
    rf"(?P<explicit>(?:{_EXPLICIT_EN}|{_EXPLICIT_ZH})[,:\s]*)"
    r"|(?P<sentence>[.!?](?=\s)\s*|[;。！？；\n]+\s*|[!?]+(?=[\u4e00-\u9fff]))"
    r"|(?P<weak>,\s+(?:and\s+then\s+|and\s+|then\s+|but\s+)?|\s+and\s+(?:then\s+)?|\s+then\s+|[，,]\s*(?:然后|再|并且)?"
    r"|(?<=[\u4e00-\u9fff]{3})然后再?)",
    re.IGNORECASE,
)
_ASKS_EN = re.compile(
    r"\W*(?:(?:and|oh|first|second|secondly|then|two things|please|pls|so|hi|hello|hey|now|maybe|just)\W+)*"
    r"(?:(?:what|how|where|when|which|who|why|whose)\b|any\s+(?:chance|way|discount|coupon|news|left|update)\b|"
    r"(?:can|could|will|would|do|does|is|are|may|have|has|did|should)\s+(?:you|i|we|it|they|there|the|my|this|that|those|"
    r"these)\b|i(?:'d| would)? (?:also )?(?:like|want|need|wish)\b|"
    r"(?:cancel|show|tell|send|track|check|change|update|set|add|remove|reset|delete|erase|return|exchange|swap|recommend|"
    r"find|give|sign|switch|list|compare|refund|unsubscribe|stop|close|open|let|help|get|put|make|create|subscribe|register|"
    r"buy|order|explain|replace|repair|resend|redirect|deliver|ship|email|mail|call|connect|transfer|charge|apply|take|"
    r"look)\b)",
    re.IGNORECASE,
)
_ASKS_ZH = re.compile(
    r"[吗么?？]|怎么|多少|什么|啥|咋|几[天点个时]|哪|能不能|可不可以|有没有|是不是|多久|多长|帮我|给我|麻烦|请|我要|我想|想[要退换买改取查问]|需要|"
    r"[不没呢呗]\W*$|没有\W*$|求推荐|(?:取消|退掉|退货|换货|注销|删掉|删了|去掉|订阅|注册|投诉)(?:一下|掉)?\W*$|"
    r"(?:换|改|开|加|查|补)(?:一?[张个件份条双码]|一?下|成|到|刷|为)|"
    r"^\W*(?:(?:之前|之后)?先|再|把|取消|查|看|改|换|退|推荐|开|加|删|发|转|告诉|注册|订阅|买|下单)"
)
_DEPENDS = re.compile(
    r"\W*(?:(?:so|because|cause|since|unless|in case|as|"
    r"if(?!\s+(?:so|yes|not|no|it(?: i|')s|they(?: a|')re|there (?:is|are)|you (?:do|can|have))\b))\b|"
    r"(?:let me know|tell me)\s(?:where|when|if|whether|what|how|why)\b.*\b(?:it|they|that)\b|"
    r"(?:所以|因为|那就|那我|(?:如果|要是)(?!没?有|可以|不?能)|不(?![^，,]{0,3}的话)[^，,]{1,4}就|好让))",
    re.IGNORECASE,
)
"""How a clause begins that only goes on with the one before it: a reason, a condition, what is to follow of it."""
_ELSE = re.compile(
    r"\W*(?:(?:otherwise|or else|if not)\b|不然|否则|要不|(?:不行|没有)的?话|(?:已经)?发了)", re.IGNORECASE
)
"""How a clause begins that says what to do where the condition before it does not hold."""
_SUPPOSES = re.compile(r"\W*(?:(?:if|unless|because|since|in case)\b|如果|要是|因为|万一|假如)", re.IGNORECASE)
_WISHES = re.compile(r"\b(?:just|please|then)\b|就(?:帮|给|把|取消|退|换|改|下单|买|拍)", re.IGNORECASE)
"""What a supposition says when it ends in a wish of its own: "if it's sold out, just cancel"."""
_DENIES = re.compile(
    r"\W*(?:(?:no|well|hi|hello)\W+)*(?:not\b|nothing(?: is|'s)\b|"
    r"(?:it|this|that)(?:'s| is) not\b|(?:it|this|that) isn'?t\b|"
    r"i(?:'m| am) not\b|i don'?t want\b|(?:我)?(?:不是|没说|没要|没想)|质量没问题|没[少坏丢])",
    re.IGNORECASE,
)
"""How a clause begins that says what the matter is not, before the one that says what it is."""
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
    first one; a wish that ends a story ("it broke, I want my money back") names the request that the story began.
    """
    requests: list[Segment] = []
    for index, (part, guess) in enumerate(zip(parts, guesses, strict=True)):
        if guess.name in conversational or guess.confidence < _enough(parts, index, threshold):
            continue
        if _goes_on(folded, parts, index):
            continue
        before = requests[-1].clause if requests else index
        if requests and not _differs(folded, parts, guesses, before, index):
            continue
        if not requests or _is_another(folded, parts, guesses, (before, index), whole, threshold):
            requests.append(Segment(part.start if requests else 0, len(folded), index))
        else:
            requests[-1] = replace(requests[-1], clause=index)
    return _side_by_side(requests, parts) if len(requests) > 1 else []


def _side_by_side(requests: Sequence[Segment], parts: Sequence[Clause]) -> list[Segment]:
    """Each up to the clause that begins the next."""
    ends = [max(part.end for part in parts if part.start < after.start) for after in requests[1:]]
    return [replace(one, end=end) for one, end in zip(requests, [*ends, requests[-1].end], strict=True)]


def _enough(parts: Sequence[Clause], index: int, threshold: float) -> float:
    """How sure a clause must be: less where "also" says that there are two requests."""
    announced = any(part.explicit for part in parts[max(index, 1) : index + 2])
    return _ANNOUNCED * threshold if announced else threshold


def _differs(folded: str, parts: Sequence[Clause], guesses: Sequence[IntentGuess], before: int, now: int) -> bool:
    if guesses[before].name != guesses[now].name:
        return True
    return _other_orders(folded, parts[before], parts[now])


def _other_orders(folded: str, before: Clause, part: Clause) -> bool:
    """Whether each of the two names an order of its own."""
    first, second = (set(_ORDER.findall(folded[one.start : one.end])) for one in (before, part))
    return bool(first and second and not first & second)


def _is_another(
    folded: str,
    parts: Sequence[Clause],
    guesses: Sequence[IntentGuess],
    pair: tuple[int, int],
    whole: IntentGuess,
    threshold: float,
) -> bool:
    """Two questions, "also …" and two orders announce a second request, and so do two that are beyond doubt; a story
    and its wish do not, unless the whole reads as neither."""
    before, part = (parts[index] for index in pair)
    if part.explicit or _other_orders(folded, before, part):
        return True
    if whole.confidence < (0.5 + threshold / 2 if part.sentence else threshold):
        return True
    if _asks(folded, part):
        return _asks(folded, before)
    return min(guesses[index].confidence for index in pair) >= 1 - _DOUBT * (1 - threshold)


def _goes_on(folded: str, parts: Sequence[Clause], index: int) -> bool:
    """Whether the clause only serves another: a reason, a condition, or what the matter is not."""
    part = parts[index]
    text = folded[part.start : part.end]
    if part.explicit or (index and part.sentence):
        return False
    has_next = index + 1 < len(parts) and not parts[index + 1].explicit
    if has_next and _SUPPOSES.match(text):
        return not (_WISHES.search(text) or _ELSE.match(folded, parts[index + 1].start))
    if has_next and _DENIES.match(text):
        return True
    return index > 0 and bool(_DEPENDS.match(text))


def _asks(folded: str, part: Clause) -> bool:
    text = folded[part.start : part.end]
    return bool(_ASKS_ZH.search(text) if has_han(text) else _ASKS_EN.match(text))
