"""Which of the things just offered a customer means: "the second one", "the lamp", 最后一个, 蓝色的那个. Pure.

What was offered lies in the slot `choices`, so that any later message, in any form, can point at it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.words import fold, is_chinese, phrase_pattern, words

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "8th": 8, "9th": 9, "10th": 10,
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
ORDINAL = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|1st|2nd|3rd|[4-9]th|10th"
CARDINAL = "one|two|three|four|five|six|seven|eight|nine|ten|[1-9]\\d?"
CHINESE_ORDINAL = re.compile(r"第\s*([一二两三四五六七八九十]|[1-9]\d?)")
ENGLISH_ORDINAL = re.compile(rf"(?<![a-z0-9])(?:the )?({ORDINAL})(?![a-z0-9])(?! (?:time|order ever|name))")
LABELLED = re.compile(
    rf"(?:option|number|no\.?|choice|item|选项?|选择|序号)\s*#?({CARDINAL}|[一二三四五六七八九十])(?![a-z0-9])"
)
BARE = re.compile(r"#?([1-9]\d?)\s*(?:号|\.|\))?")
BARE_LIST = re.compile(r"#?([1-9]\d?)(?:\s*(?:,|、|，|and|&|和|跟|\+|\s)\s*#?([1-9]\d?))+")
LAST = re.compile(r"(?<![a-z])last(?: one)?(?![a-z])(?! (?:week|month|year|time|name|night))|最后|倒数第一")
SECOND_LAST = re.compile(r"second (?:to )?last|second from (?:the )?(?:last|bottom)|倒数第二")
FIRST_FEW = re.compile(
    rf"(?:the )?first ({CARDINAL})(?: ones?| items?)?(?![a-z0-9])|前([一二两三四五六七八九十]|[2-9])个?"
)
LATTER = re.compile(r"(?<![a-z])(?:the )?latter(?![a-z])|后者|后面那个|下面那个")
FORMER = re.compile(r"(?<![a-z])(?:the )?former(?![a-z])|前者|前面那个|上面那个")
EVERYTHING = re.compile(
    r"(?<![a-z])(?:all(?: of (?:them|it|those|these))?|everything|both(?: of them)?|every one|each of them|"
    r"the whole (?:lot|order|thing)|entire order|whole order|each item|every item)(?![a-z])|"
    r"全部|所有|全都|都要|两个都|两件都|都退|都换|整单|一起退|统统|都不要"
)
WEAK = frozenset(
    """
    a an the one ones that this those these i id i'd i'll ill want would like please take have choose pick go
    with for of in on at to and or is it it's its my me you your which by give let lets let's do yes ok okay
    sure no not think thing from was has ordered order item product ending card using use new
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Choice:
    """Something offered. `words` are what it may be called by, beside its label."""

    id: str
    kind: str
    label: str
    words: tuple[str, ...] = ()

    def to_slot(self) -> dict[str, Any]:
        return {"id": self.id, "kind": self.kind, "label": self.label, "words": list(self.words)}


def read_choices(slot: object, kind: str | None = None) -> list[Choice]:
    """The choices in the slot's JSON, of one kind or of all."""
    items = [item for item in slot if isinstance(item, Mapping)] if isinstance(slot, Sequence) else []
    found = [
        Choice(str(item["id"]), str(item.get("kind", "")), str(item.get("label", "")), tuple(item.get("words") or ()))
        for item in items
        if "id" in item
    ]
    return [choice for choice in found if kind is None or choice.kind == kind]


def choose(text: str, choices: Sequence[Choice]) -> list[Choice]:
    """The choices that the text points at, in its order; empty where it points at none, or cannot be told apart."""
    folded = fold(text).strip(" .!。！~")
    if not choices or not folded:
        return []
    return _by_id(folded, choices) or _by_position(folded, choices) or _by_description(folded, choices)


def says_everything(text: str) -> bool:
    """Whether the text speaks of all there is: "both", "all of them", 全部."""
    return bool(EVERYTHING.search(fold(text)))


def positions(text: str, count: int) -> list[int]:
    """The zero-based positions the text names among `count` things: "the second one", "1 and 3", 前两个, 最后一个."""
    folded = fold(text).strip(" .!。！~")
    found = _positions(folded, count)
    return [place for place in dict.fromkeys(found) if 0 <= place < count]


def _positions(folded: str, count: int) -> list[int]:
    if few := FIRST_FEW.search(folded):
        return list(range(_number(few.group(1) or few.group(2))))
    if SECOND_LAST.search(folded):
        return [count - 2]
    if LATTER.search(folded):
        return [count - 1]
    if FORMER.search(folded):
        return [0]
    if BARE_LIST.fullmatch(folded):
        return [int(number) - 1 for number in re.findall(r"\d+", folded)]
    if bare := BARE.fullmatch(folded):
        return [int(bare.group(1)) - 1]
    if folded in NUMBERS:
        return [NUMBERS[folded] - 1]
    matches = [*ENGLISH_ORDINAL.finditer(folded), *CHINESE_ORDINAL.finditer(folded), *LABELLED.finditer(folded)]
    found = [_number(match.group(1)) - 1 for match in sorted(matches, key=lambda match: match.start())]
    return [*found, count - 1] if LAST.search(folded) else found


def _number(word: str) -> int:
    return NUMBERS[word] if word in NUMBERS else int(word)


def _by_id(folded: str, choices: Sequence[Choice]) -> list[Choice]:
    return [choice for choice in choices if fold(choice.id) in folded.split() or fold(choice.label) == folded]


def _by_position(folded: str, choices: Sequence[Choice]) -> list[Choice]:
    return [choices[place] for place in positions(folded, len(choices))]


def _by_description(folded: str, choices: Sequence[Choice]) -> list[Choice]:
    scores = [_score(folded, choice) for choice in choices]
    best = max(scores)
    winners = [choice for choice, score in zip(choices, scores, strict=True) if score == best]
    return winners if best > 0 and len(winners) == 1 else []


def _score(folded: str, choice: Choice) -> float:
    """How much of the text the choice's own words explain; a longer word explains more."""
    score = 0.0
    for term in dict.fromkeys(_terms(choice)):
        if phrase_pattern(term).search(folded):
            score += 1 + len(term) / 100
    return score


def _terms(choice: Choice) -> list[str]:
    terms = []
    for phrase in (choice.label, *choice.words):
        folded = fold(phrase)
        terms.append(folded)
        terms += [word for word in words(folded) if word not in WEAK and (len(word) > 1 or is_chinese(word))]
        if choice.kind == "product":  # 降噪 is said for 降噪头戴耳机: Chinese has no spaces to cut at
            terms += [word[at : at + 2] for word in words(folded) if is_chinese(word) for at in range(len(word) - 1)]
    return [term for term in terms if term.strip() and term not in WEAK]
