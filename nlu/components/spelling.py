"""English as meant, not as typed: slips of the keyboard put right and words run together parted, for the encoder.

Only words that the encoder's own vocabulary does not know are looked at, and they become words of the trade
(english_words.txt: those of the training utterances, most frequent first), so that names and rare words mostly stay.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"(?<![\w@#./'-])[A-Za-z]{4,20}(?![\w@#/]|\.\w|-\w|'\w{3})")
_INFLECTED = re.compile(r"(?:s|es|ed|ing|er|ly)$")
_ONE_SLIP_FROM = 4
_TWO_SLIPS_FROM = 8
_SHORTEST_PART = 2


class Speller:
    """`known` words stay; others become the first of `trade` that is a slip or two away, or two of it run together."""

    def __init__(self, known: Collection[str], trade: Sequence[str]) -> None:
        self._known = frozenset(known).union(trade)
        self._rank = {word: rank for rank, word in enumerate(trade)}
        self._by_initial: dict[str, list[str]] = {}
        for word in trade:
            self._by_initial.setdefault(word[0], []).append(word)
        self._meant = lru_cache(8192)(self._look)

    def put_right(self, text: str) -> str:
        return _WORD.sub(lambda match: self._written(match[0], is_first=match.start() == 0), text)

    def _written(self, word: str, *, is_first: bool) -> str:
        is_name = word[0].isupper() and word[1:].islower() and not is_first
        lowered = word.lower()
        if is_name or lowered in self._known or _INFLECTED.sub("", lowered) in self._known:
            return word
        return self._meant(lowered) or word

    def _look(self, word: str) -> str | None:
        """None where no word of the trade is near."""
        if near := self._nearest(word, list(self._rank), 1):
            return near
        parts = [(word[:at], word[at:]) for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)]
        known = [(max(self._rank[a], self._rank[b]), f"{a} {b}") for a, b in parts if {a, b} <= self._rank.keys()]
        if known:
            return min(known)[1]
        return self._nearest(word, self._by_initial.get(word[0], []), 2) if len(word) >= _TWO_SLIPS_FROM else None

    def _nearest(self, word: str, trade: list[str], slips: int) -> str | None:
        found = process.extract(word, trade, scorer=OSA.distance, score_cutoff=slips, limit=None)
        near = [(distance, self._rank[other], other) for other, distance, _ in found if len(other) >= _ONE_SLIP_FROM]
        return min(near)[2] if near else None


@cache
def trade_words() -> tuple[str, ...]:
    """The words of english_words.txt, most frequent first."""
    lines = Path(__file__).with_name("english_words.txt").read_text("utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())
