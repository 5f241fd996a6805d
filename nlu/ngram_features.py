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
_SPACE = ord(" ")
_SIGN = re.compile(r"([^\w\s']|_)")
_APART = r" \1 "
_WORDS, _WORD_PAIRS = 101, 102

Hashes = NDArray[np.uint32]


@dataclass(frozen=True)
class Counts:
    """n texts' n-grams, row after row: `features[i]` stands `times[i]` times in text `rows[i]`."""

    rows: NDArray[np.int64]
    features: NDArray[np.int64]
    times: NDArray[np.float32]


def ngram_hashes(texts: Sequence[str]) -> tuple[NDArray[np.int64], Hashes]:
    """(text, hash) of every n-gram met, in no order, as often as it is met."""
    cleaned = [f" {' '.join(_SIGN.sub(_APART, fold(text).lower()).split())} " for text in texts]
    codes = np.frombuffer("".join(cleaned).encode("utf-32-le", "replace"), dtype=np.uint32)
    rows = np.repeat(np.arange(len(cleaned)), [len(text) for text in cleaned])
    found = list(_pieces(codes, rows))
    return np.concatenate([rows[at] for at, _ in found]), np.concatenate([hashes for _, hashes in found])


def _pieces(codes: NDArray[np.uint32], rows: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], Hashes]]:
    """(where it starts, hash) for each kind of n-gram."""
    powers = np.full(len(codes) + 1, _MULTIPLIER, dtype=np.uint64)
    inverses = np.full(len(codes) + 1, _INVERSE, dtype=np.uint64)
    powers[0] = inverses[0] = 1
    powers, inverses = np.cumprod(powers), np.cumprod(inverses)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum((codes.astype(np.uint64) + np.uint64(1)) * powers[:-1])])

    def hashed(start: NDArray[np.int64], end: NDArray[np.int64], kind: int) -> tuple[NDArray[np.int64], Hashes]:
        return start, _mixed((sums[end] - sums[start]) * inverses[start], kind)

    spaces = codes == _SPACE
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(spaces)])
    starts = np.arange(len(codes))
    alone = starts[(codes > 127)]
    yield hashed(alone, alone + 1, 1)
    for length in range(2, LONGEST + 1):
        start = starts[: len(codes) - length + 1]
        within = (before[length - 1 : -1] == before[1 : len(codes) - length + 2]) & (
            rows[length - 1 :] == rows[: len(codes) - length + 1]
        )
        start = start[within]
        yield hashed(start, start + length, length)
    gaps = np.flatnonzero(spaces)
    begin, end = gaps[:-1] + 1, gaps[1:]
    words = end > begin
    yield hashed(begin[words], end[words], _WORDS)
    pairs = (rows[begin[:-1]] == rows[end[1:]]) & words[:-1] & words[1:]
    yield hashed(begin[:-1][pairs], end[1:][pairs], _WORD_PAIRS)


def _mixed(hashes: NDArray[np.uint64], kind: int) -> Hashes:
    """The upper half after a shuffle that lets every bit count (the finaliser of SplitMix64)."""
    mixed = hashes + np.uint64(kind * _MULTIPLIER & (1 << 64) - 1)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def counts(rows: NDArray[np.int64], features: NDArray[np.int64], width: int) -> Counts:
    """Equal (text, feature) pairs taken together; sorted by text."""
    keys, times = np.unique(rows * width + features, return_counts=True)
    return Counts(keys // width, keys % width, times.astype(np.float32))
