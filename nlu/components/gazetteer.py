"""The shop's own words: its products and their options, findable in a customer's sentence in spite of misspellings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from nlu.components.language import has_han
from nlu.components.normalizer import fold
from nlu.components.wordlist import wordlist

WORD = re.compile(r"[a-z0-9]+(?:['&+.-][a-z0-9]+)*")
_FUZZY_FROM = 5
"""Shorter English words are never taken for a misspelling."""
_FUZZY_SCORE = 84.0
_COMMON = frozenset(
    wordlist(
        """
    order orders ordered account address email password return returned returns refund refunds exchange cancel
    delivery deliver delivered shipping shipped package parcel payment invoice coupon discount price prices product
    products items item please thanks thank hello where which what when there their would could should about change
    changed colour color colors size sizes store stock shop human person people agent money number today yesterday
    tomorrow week month first second third other another still really never always after before broken wrong missing
    damaged phone policy points member warranty support service customer these those again already black white green
    brown great right water cover light table small large medium cheap cheaper better worth points state states
    street tracking arrive arrived
    makes making maker flight location
    """
    )
)
_NO_HEAD = frozenset(
    wordlist(
        """
    order orders account set sets kit pack case card cards box price number address size color colour one ones piece
    item items gift book delivery service bag day night time home card plan day fit right free new pro max mini plus
    edition
    date house pair car game block basket cover light maker
    """
    )
)
_NO_HEAD_ZH = frozenset(
    {
        "套装",
        "订单",
        "地址",
        "礼盒",
        "礼品",
        "装",
        "版",
        "服务",
        "礼品卡",
        "产品",
        "商品",
        "大号",
        "小号",
        "中号",
        "用品",
        "配件",
    }
)
_SHORT_COLOURS = "红橙黄绿蓝紫黑白灰粉棕"
_LONGEST_ZH = 16


@dataclass(frozen=True)
class ProductName:
    """A product as the catalogue calls it."""

    id: str
    en: str
    zh: str = ""


@dataclass(frozen=True)
class OptionName:
    """One value of an option: `OptionName("colour", "blue", "蓝色")`."""

    option: str
    en: str
    zh: str = ""


@dataclass(frozen=True)
class Mention:
    """A stretch of text that names something of the catalogue."""

    start: int
    end: int
    name: str
    score: float
    product_ids: tuple[str, ...] = ()
    option: str = ""


@dataclass(frozen=True)
class _Named:
    """What a key of the index stands for; several products may share a head word ("keyboard")."""

    name: str
    product_ids: tuple[str, ...] = ()
    option: str = ""

    def mentioned(self, start: int, end: int, score: float) -> Mention:
        return Mention(start, end, self.name, score, self.product_ids, self.option)


class Gazetteer:
    """An index of names. Immutable: a changed catalogue is a new Gazetteer."""

    def __init__(self, products: Sequence[ProductName] = (), options: Sequence[OptionName] = ()) -> None:
        self._words: dict[tuple[str, ...], _Named] = {}
        self._characters: dict[str, _Named] = {}
        self._index_options(options)
        self._index_products(products)
        self._longest = max((len(key) for key in self._words), default=0)
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted({word for key in self._words for word in key if len(word) >= _FUZZY_FROM}):
            self._by_initial.setdefault(word[0], []).append(word)
        self._known = frozenset(word for key in self._words for word in key)
        self._first = frozenset(key[0] for key in self._words)
        self._wildcards = _wildcards(self._characters)
        self._longest_zh = max((len(key) for key in self._characters), default=0)
        self._corrected = lru_cache(4096)(self._correct)

    def find(self, folded: str) -> list[Mention]:
        """Names in a folded text, longest first claim, reading order not promised."""
        lowered = folded.lower()
        mentions = list(self._find_words(lowered, folded)) if self._words else []
        if self._characters and has_han(folded):
            mentions += self._find_characters(lowered)
        return mentions

    def _index_products(self, products: Sequence[ProductName]) -> None:
        """Full names first; then the last words of each, shared by all products that end so."""
        tails: dict[tuple[str, ...], list[ProductName]] = {}
        endings: dict[str, list[ProductName]] = {}
        for product in products:
            words = _stems(product.en)
            if words:
                self._words[words] = _same(self._words.get(words), product, product.en)
            for tail in _tails(words):
                tails.setdefault(tail, []).append(product)
            zh = fold(product.zh).lower().replace(" ", "")
            if len(zh) >= 2:
                self._characters[zh] = _same(self._characters.get(zh), product, product.zh)
            for ending in _endings(zh):
                endings.setdefault(ending, []).append(product)
        for tail, found in tails.items():
            self._words.setdefault(tail, _shared(found, " ".join(tail)))
        for ending, found in endings.items():
            self._characters.setdefault(ending, _shared(found, ending, chinese=True))

    def _index_options(self, options: Sequence[OptionName]) -> None:
        for option in options:
            words = _stems(option.en)
            if words and words[0] not in ("yes", "no", "none", "n/a", "a") and not option.en.isdigit():
                self._words.setdefault(words, _Named(option.en, option=option.option))
            zh = fold(option.zh).lower()
            if has_han(zh):
                named = _Named(option.zh, option=option.option)
                self._characters.setdefault(zh, named)
                if len(zh) == 2 and zh[0] in _SHORT_COLOURS and zh.endswith("色"):
                    self._characters.setdefault(zh[0] + "的", named)

    def _find_words(self, lowered: str, folded: str) -> Iterator[Mention]:
        words = [(match.start(), match.end(), match[0]) for match in WORD.finditer(lowered)]
        stems = [self._corrected(word) for _, _, word in words]
        at = 0
        while at < len(words):
            length = self._longest_from(stems, at) if stems[at] in self._first else 0
            start, end = words[at][0], words[at + max(length, 1) - 1][1]
            is_stray_letter = end - start == 1 and folded[start].islower()
            if not length or is_stray_letter:
                at += 1
                continue
            key = tuple(stems[at : at + length])
            exact = all(_stem(word) == stem for (_, _, word), stem in zip(words[at : at + length], key, strict=True))
            yield self._words[key].mentioned(start, end, 1.0 if exact else 0.8)
            at += length

    def _longest_from(self, stems: list[str], at: int) -> int:
        for length in range(min(self._longest, len(stems) - at), 0, -1):
            if tuple(stems[at : at + length]) in self._words:
                return length
        return 0

    def _correct(self, word: str) -> str:
        """The catalogue's spelling of a word that is close to one of its own; otherwise the word's stem."""
        stem = _stem(word)
        if stem in self._known or len(word) < _FUZZY_FROM or word in _COMMON or any(c.isdigit() for c in word):
            return stem
        candidates = self._by_initial.get(stem[0], [])
        close = process.extractOne(stem, candidates, scorer=fuzz.ratio, score_cutoff=_FUZZY_SCORE)
        slips = 1 if len(stem) < 9 else 2
        return str(close[0]) if close and OSA.distance(stem, close[0]) <= slips else stem

    def _find_characters(self, lowered: str) -> Iterator[Mention]:
        at = 0
        while at < len(lowered):
            length, named, score = self._characters_from(lowered, at)
            if named:
                yield named.mentioned(at, at + length, score)
            at += length or 1

    def _characters_from(self, lowered: str, at: int) -> tuple[int, _Named | None, float]:
        longest = min(self._longest_zh, len(lowered) - at)
        for length in range(longest, 1, -1):
            piece = lowered[at : at + length]
            if named := self._characters.get(piece):
                return length, named, 1.0
            if length >= 4 and at < 200 and has_han(lowered[at]):
                for hole in range(1, length):
                    if named := self._wildcards.get(piece[:hole] + "?" + piece[hole + 1 :]):
                        return length, named, 0.8
        return 0, None, 0.0


def _same(known: _Named | None, product: ProductName, name: str) -> _Named:
    return _Named(name, (*(known.product_ids if known else ()), product.id))


def _shared(products: Sequence[ProductName], words: str, chinese: bool = False) -> _Named:
    """One product answers to its own name; several to the words they share."""
    ids = tuple(dict.fromkeys(product.id for product in products))
    only = products[0].zh if chinese else products[0].en
    return _Named(only if len(ids) == 1 else words, ids)


def _tails(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for start in range(1, len(words)):
        tail = words[start:]
        if tail[0] not in _SMALL_WORDS and (len(tail) > 1 or (tail[0] not in _NO_HEAD and len(tail[0]) > 2)):
            yield tail


_SMALL_WORDS = frozenset({"of", "for", "with", "and", "the", "in", "to", "a"})


def _endings(name: str) -> Iterator[str]:
    for start in range(1, len(name) - 1):
        ending = name[start:]
        if has_han(ending[0]) and ending not in _NO_HEAD_ZH:
            yield ending


def _wildcards(names: Iterable[str]) -> dict[str, _Named]:
    index = names if isinstance(names, dict) else {}
    holes: dict[str, _Named] = {}
    for name, named in index.items():
        if 4 <= len(name) <= _LONGEST_ZH and named.product_ids:
            for hole in range(1, len(name)):
                holes.setdefault(name[:hole] + "?" + name[hole + 1 :], named)
    return holes


def _stems(name: str) -> tuple[str, ...]:
    return tuple(_stem(match[0]) for match in WORD.finditer(fold(name).lower()))


def _stem(word: str) -> str:
    """Plural and singular alike: "glasses" → "glass", "batteries" → "battery", "mugs" → "mug"."""
    word = word.removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
