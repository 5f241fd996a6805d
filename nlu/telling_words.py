"""The words by which some texts differ from others: a name for what they are about."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from nlu.components.language import has_han
from nlu.components.normalizer import fold
from nlu.components.wordlist import wordlist

_LATIN = re.compile(r"[a-z][a-z'-]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_EMPTY = frozenset(
    wordlist(
        "a an and any are at be been but by can could did do does for from get got had has have hello hey hi "
        "how i if i'd i'm in is it it's just like me my need of on one or our please so some that the their "
        "them there they this to us want was we what when where which who why will with would yes you your"
    )
)
_EMPTY_HAN = frozenset("的了吗呢啊呀吧我你您们是有在和也都就请问一下个这那能可以要想怎么么什")


def telling_words(texts: Sequence[str], others: Iterable[str], count: int = 2) -> list[str]:
    """The words (in Chinese: pairs of characters) that most of `texts` hold and few of `others`, most telling first."""
    inside = Counter(word for text in texts for word in _words(text))
    rest = list(others)
    outside = Counter(word for text in rest for word in _words(text))

    def weight(word: str) -> float:
        share = inside[word] / len(texts)
        elsewhere = (outside[word] + 0.5) / (len(rest) + 1)
        return share * math.log(share / elsewhere)

    chosen: list[str] = []
    for word in sorted(inside, key=lambda word: (-weight(word), word)):
        if not any(set(word) & set(other) and has_han(word) for other in chosen):
            chosen.append(word)
        if len(chosen) == count:
            break
    return chosen


def _words(text: str) -> set[str]:
    folded = fold(text).lower()
    latin = {word for word in _LATIN.findall(folded) if word not in _EMPTY}
    runs = _HAN.findall(folded)
    pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    return latin | {pair for pair in pairs if not set(pair) & _EMPTY_HAN}
