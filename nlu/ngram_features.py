"""Texts as sparse rows of hashed n-grams: characters (1-5) within a word or a Chinese clause, and words (1-2).

Every n-gram's hash comes from one running sum over all characters, so that a batch costs a few numpy operations a
length and not one step an n-gram. The hashes are the same in every process and on every machine.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.components.normalizer import fold

LONGEST = 5
_MULTIPLIER = 0x9E3779B97F4A7C15
_INVERSE = pow(_MULTIPLIER, -1, 1 << 64)
_SPACE, _ASCII = ord(" "), 127
_SIGN = re.compile(r"([^\w\s']|_)")
_APART = r" \1 "
_WORDS, _WORD_PAIRS = 101, 102

Hashes = NDArray[np.uint32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Counts:
    """n texts' n-grams, row after row: `features[i]` stands `times[i]` times in text `rows[i]`."""

    rows: Ints
    features: Ints
    times: NDArray[np.float32]


def ngram_hashes(texts: Sequence[str]) -> tuple[Ints, Hashes]:
    """(text, hash) of every n-gram met, in no order, as often as it is met."""
    cleaned = [f" {' '.join(_SIGN.sub(_APART, fold(text).lower()).split())} " for text in texts]
    codes = np.frombuffer("".join(cleaned).encode("utf-32-le", "replace"), dtype=np.uint32)
    rows = np.repeat(np.arange(len(cleaned)), [len(text) for text in cleaned])
    found = list(_pieces(codes, rows))
    return np.concatenate([rows[at] for at, _ in found]), np.concatenate([hashes for _, hashes in found])


def _pieces(codes: NDArray[np.uint32], rows: Ints) -> Iterator[tuple[Ints, Hashes]]:
    """(where it starts, hash) for each kind of n-gram."""
    hashed = _Hasher(codes)
    spaces = codes == _SPACE
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(spaces)])
    foreign = np.flatnonzero(codes > _ASCII)
    yield foreign, hashed(foreign, foreign + 1, 1)
    for length in range(2, LONGEST + 1):
        start = np.arange(max(0, len(codes) - length + 1))
        last = start + length - 1
        start = start[(before[last] == before[start + 1]) & (rows[last] == rows[start])]
        yield start, hashed(start, start + length, length)
    gaps = np.flatnonzero(spaces)
    start, end = gaps[:-1] + 1, gaps[1:]
    is_word = end > start
    yield start[is_word], hashed(start[is_word], end[is_word], _WORDS)
    neighbours = is_word[:-1] & is_word[1:] & (rows[start[:-1]] == rows[end[1:]])
    first = start[:-1][neighbours]
    yield first, hashed(first, end[1:][neighbours], _WORD_PAIRS)


class _Hasher:
    """The hash of any stretch of the characters: a difference of two running sums, shifted to where sums begin."""

    def __init__(self, codes: NDArray[np.uint32]) -> None:
        powers, self._shifts = (_powers(base, len(codes)) for base in (_MULTIPLIER, _INVERSE))
        self._sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum((codes + np.uint64(1)) * powers[:-1])])

    def __call__(self, start: Ints, end: Ints, kind: int) -> Hashes:
        return _mixed((self._sums[end] - self._sums[start]) * self._shifts[start], kind)


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    """base ** 0 … base ** count, modulo 2 ** 64."""
    powers = np.full(count + 1, base, dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers)


def _mixed(hashes: NDArray[np.uint64], kind: int) -> Hashes:
    """The upper half after a shuffle that lets every bit count (the finaliser of SplitMix64)."""
    mixed = hashes + np.uint64(kind * _MULTIPLIER & (1 << 64) - 1)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def counts(rows: Ints, features: Ints, width: int) -> Counts:
    """Equal (text, feature) pairs taken together; sorted by text."""
    keys, times = np.unique(rows * width + features, return_counts=True)
    return Counts(keys // width, keys % width, times.astype(np.float32))
