"""Which texts share a question's words: BM25 weights, scaled so that 1.0 means the same words.

The scale is what makes an honest "I don't know" possible: a word that no article contains costs as much as the rarest
one, so a question about something else scores low however short it is.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml
from rapidfuzz import fuzz, process

SATURATION = 1.5
LENGTH_WEIGHT = 0.6
FOUND_BACK_SHARE = np.float32(0.3)
"""Of the score: how much of the text the question covers, so that a short question people ask beats a long section."""
FUZZY_FROM_LETTERS = 5
FUZZY_SCORE = 84.0

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_SUFFIXES = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", ""))


def tokens(text: str) -> list[str]:
    """English words without endings, Chinese characters and two-character pieces; without words that say nothing."""
    known = _words()
    plain = known.same.sub(lambda match: f" {known.first_of[match.group()]} ", text.lower().replace("'", ""))
    found: list[str] = []
    for run in _WORD.findall(known.silent_chinese.sub(" ", plain)):
        if run[0] >= "\u3400":
            found.extend(_pieces(run))
        elif run not in known.silent_english:
            found.append(_stem(run))
    return found


@dataclass(frozen=True)
class _Words:
    """words.yml, ready for use."""

    silent_english: frozenset[str]
    silent_chinese: re.Pattern[str]
    same: re.Pattern[str]
    first_of: Mapping[str, str]


@cache
def _words() -> _Words:
    known = yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))
    groups = [*known["same"]["en"], *known["same"]["zh"]]
    first_of = {word: words[0] for words in groups for word in words}
    longest_first = sorted(first_of, key=len, reverse=True)
    english = "|".join(re.escape(word) for word in longest_first if word.isascii())
    chinese = "|".join(word for word in longest_first if not word.isascii())
    return _Words(
        frozenset(known["silent"]["en"].split()),
        re.compile("|".join(known["silent"]["zh"].split())),
        re.compile(rf"\b(?:{english})\b|{chinese}"),
        first_of,
    )


def _pieces(run: str) -> list[str]:
    return [*run, *(run[i : i + 2] for i in range(len(run) - 1))]


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
        self._distinct = np.array([max(1, len(count)) for count in counts], dtype=np.float32)
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
        found, shared = np.zeros((2, self._size), dtype=np.float32)
        total = 0.0
        for term in set(tokens(question)):
            known = self._known(term)
            rarity = self._rarity(known)
            total += rarity
            if known is not None:
                rows, weights = self._postings[known]
                found[rows] += rarity * weights
                shared[rows] += 1
        if not total:
            return found
        covered: npt.NDArray[np.float32] = found / np.float32(total)
        return (1 - FOUND_BACK_SHARE) * covered + FOUND_BACK_SHARE * shared / self._distinct

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
