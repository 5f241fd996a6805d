"""Which texts share a question's words: BM25 weights, scaled so that 1.0 means every word of the question was found.

The scale is what makes an honest "I don't know" possible: a word that no article contains costs as much as the rarest one,
so a question about something else scores low however short it is.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

SATURATION = 0.9
LENGTH_WEIGHT = 0.35
FUZZY_FROM_LETTERS = 5
FUZZY_SCORE = 84.0

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_ENGLISH_STOP = frozenset(
    "a an the i you he she it we they me my your our their his her its this that these those is are was were be been am do "
    "does did done have has had having can could will would shall should may might must of to in on at by for from with as "
    "and or but if so than then there here what which who when where why how any some just please tell know want like need "
    "get got go hi hello hey im ive id dont doesnt isnt cant ll ve re s t m d about also too very really one ones thing "
    "things let use using make much many not no yes ok okay work works up out".split()
)
_CHINESE_STOP = re.compile(
    r"请问|麻烦|你们|我们|您们|咱们|他们|一下|可以|能不能|可不可以|是不是|有没有|怎么样|怎么|什么|哪些|哪里|哪儿|如何|为什么|多少|这个|那个|一个"
    r"|想要|想问|知道|告诉|如果|的话|还是|或者|因为|所以|现在|已经|时候|亲|店里|你家|您家|[我你您他她它吗呢啊吧呀哦嘛的了着过是有在会能要想请给把被就都也还又很和与及让问啥咋]"
)
_SUFFIXES = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", ""))


def tokens(text: str) -> list[str]:
    """English words without endings and Chinese two-character pieces, without words that say nothing."""
    found: list[str] = []
    for run in _WORD.findall(_CHINESE_STOP.sub(" ", text.lower().replace("'", ""))):
        if run[0] >= "\u3400":
            found.extend(_pieces(run))
        elif run not in _ENGLISH_STOP:
            found.append(_stem(run))
    return found


def _pieces(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def _stem(word: str) -> str:
    for suffix, put in _SUFFIXES:
        if word.endswith(suffix) and not word.endswith("ss") and len(word) - len(suffix) >= 3:
            word = word.removesuffix(suffix) + put
            break
    return word.removesuffix("e") if len(word) > 4 else word


class LexicalIndex:
    """Scores a question against each of `texts`, in their order."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(tokens(text)) for text in texts]
        lengths = [max(1, sum(count.values())) for count in counts]
        average = sum(lengths) / max(1, len(lengths))
        self._size = len(texts)
        postings: dict[str, list[tuple[int, float]]] = {}
        for number, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            damping = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * length / average)
            for term, frequency in count.items():
                weight = min(1.0, frequency * (SATURATION + 1) / (frequency + damping))
                postings.setdefault(term, []).append((number, weight))
        self._postings = {
            term: (np.array([n for n, _ in rows]), np.array([w for _, w in rows], dtype=np.float32))
            for term, rows in postings.items()
        }
        self._long_words = [term for term in postings if term.isascii() and len(term) >= FUZZY_FROM_LETTERS - 1]

    def scores(self, question: str) -> npt.NDArray[np.float32]:
        """Between 0 and 1 for each text."""
        scores = np.zeros(self._size, dtype=np.float32)
        total = 0.0
        for term in set(tokens(question)):
            known = self._known(term)
            rarity = self._rarity(known)
            total += rarity
            if known is not None:
                rows, weights = self._postings[known]
                scores[rows] += rarity * weights
        return scores / np.float32(total) if total else scores

    def _known(self, term: str) -> str | None:
        """The term, or the one the customer meant to type."""
        if term in self._postings:
            return term
        if not term.isascii() or len(term) < FUZZY_FROM_LETTERS:
            return None
        best = process.extractOne(term, self._long_words, scorer=fuzz.ratio, score_cutoff=FUZZY_SCORE)
        return best[0] if best else None

    def _rarity(self, term: str | None) -> float:
        found_in = len(self._postings[term][0]) if term else 0
        return math.log(1 + (self._size - found_in + 0.5) / (found_in + 0.5))
