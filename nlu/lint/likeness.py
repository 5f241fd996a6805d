"""How alike two texts are: by the characters that matter, and by the encoder's vectors."""

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein

from nlu.calibration import Floats
from nlu.components.language import has_han
from nlu.components.normalizer import fold, for_model
from nlu.dataset import Example
from nlu.types import Language

Embed = Callable[[Sequence[str], Language], Floats]
"""Texts of one language → (n, d) unit rows."""

_SIGNS = re.compile(r"[\W_]+")
_FILLERS_EN = re.compile(
    r"\b(?:please|pls|plz|the|an?|hi|hello|hey|just|some|ok|so|well|oh|btw|by the way|my|your|ur)\b"
)
_FILLERS_ZH = re.compile(r"请问|麻烦|请|帮我|帮忙|一下|的话|那个|这个|您好|你好|亲|[的了吗呢啊呀吧哦嘛哈]")
_TURNS_EN = re.compile(
    r"\b(?:no|not|never|don'?t|doesn'?t|didn'?t|won'?t|can'?t|isn'?t|aren'?t|wasn'?t|nothing|without|stop|off|out|incorrect|"
    r"invalid|un(?:able|happy|subscribe)\w*)\b"
)
_TURNS_ZH = re.compile(r"[不没别勿未无非否退停关]|取消")
_SHORT = 5
_BLOCK = 1024


def identity(text: str) -> str:
    """What training takes a text for: folded, lower case."""
    return fold(text).lower().strip()


def letters(text: str) -> str:
    """Folded, lower case, letters and digits only: what stays of a text whatever its signs and spaces."""
    return _SIGNS.sub("", fold(text).lower())


def core(text: str) -> str:
    """`letters` without the words that say nothing by themselves; in a short text every word says something."""
    fillers = _FILLERS_ZH if has_han(text) else _FILLERS_EN
    rest = letters(fillers.sub(" ", fold(text).lower()))
    return rest if len(rest) >= _SHORT else letters(text) or text


def overlap(one: str, other: str) -> float:
    """0-1: the share of characters that two cores have in common, in order (Levenshtein)."""
    return float(Levenshtein.normalized_similarity(core(one), core(other)))


def is_turned_round(one: str, other: str) -> bool:
    """One of the two says no where the other does not: alike in form, opposite in meaning."""
    return _turns(one) != _turns(other)


def vectors(examples: Sequence[Example], language: Language, embed: Embed, progress: Callable[[int], None]) -> Floats:
    """(n, d) rows; `progress` hears how many texts are done."""
    rows = []
    for at in range(0, len(examples), _BLOCK // 16):
        chunk = [for_model(fold(example.text)) for example in examples[at : at + _BLOCK // 16]]
        rows.append(embed(chunk, language))
        progress(len(chunk))
    return np.concatenate(rows) if rows else np.zeros((0, 1), dtype=np.float32)


def neighbours(rows: Floats, among: Floats, count: int) -> Iterator[tuple[int, int, float]]:
    """(row, neighbour, cosine) for the `count` rows of `among` nearest to each of `rows`, nearest first."""
    for at in range(0, len(rows), _BLOCK):
        cosines = rows[at : at + _BLOCK] @ among.T
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
        for place, places in enumerate(nearest):
            yield from ((at + place, int(other), float(cosines[place, other])) for other in places)


def _turns(text: str) -> int:
    folded = fold(text).lower()
    return len((_TURNS_ZH if has_han(text) else _TURNS_EN).findall(folded))
