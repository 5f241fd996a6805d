"""Texts that several threads want read at the same time go through the graph together. No thread of its own, no timer.

    a place is free     the caller reads its texts at once: who comes alone waits for nothing
    none is free        it waits in line; whoever is done hands its place to the first in line, who reads for itself and
                        for others behind it whose texts are about as long

There are as many places as cores, since one reading keeps one core busy.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from os import cpu_count
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MOST_TEXTS = 32
"""In one reading, unless a single caller brings more."""
_AS_LONG = 2.0
"""Texts of a reading are padded to the longest: none may be more than so many times as long as another …"""
_SHORT = 24
"""… where up to so many characters all count as short."""


@dataclass(frozen=True)
class Reading:
    """What the graph says about n texts, row by row."""

    intent_logits: Floats
    sentiment_logits: Floats
    vectors: Floats
    """(n, d), unit length."""

    def at(self, rows: slice | NDArray[np.int64]) -> "Reading":
        """What it says about some of the texts."""
        return Reading(*(getattr(self, one.name)[rows] for one in fields(self)))

    @classmethod
    def joined(cls, readings: Sequence["Reading"]) -> "Reading":
        """One below the other."""
        return cls(*(np.concatenate([getattr(reading, one.name) for reading in readings]) for one in fields(cls)))


@dataclass(eq=False)
class _Request:
    """One caller's texts, and what became of them while it waited."""

    texts: Sequence[str]
    called: Event = field(default_factory=Event)
    """Set once the caller need not wait longer: its texts were read, or it has a place."""
    has_place: bool = False
    reading: Reading | None = None

    @property
    def length(self) -> int:
        return max(map(len, self.texts), default=0)


def alike(texts: Sequence[str]) -> list[list[int]]:
    """The places of the texts, in groups that may be padded to one length."""
    groups: list[list[int]] = []
    for place in sorted(range(len(texts)), key=lambda at: len(texts[at])):
        if not groups or not _are_alike(len(texts[groups[-1][0]]), len(texts[place])):
            groups.append([])
        groups[-1].append(place)
    return groups


def _are_alike(one: int, other: int) -> bool:
    return max(one, other) <= _AS_LONG * max(min(one, other), _SHORT)


class Together:
    """Reads like the function it is made of, from any number of threads."""

    def __init__(self, read: Callable[[Sequence[str]], Reading], places: int | None = None) -> None:
        """`read` must say the same about a text whatever stands beside it."""
        self._read = read
        self._free = places or cpu_count() or 1
        self._line: deque[_Request] = deque()
        self._lock = Lock()

    def read(self, texts: Sequence[str]) -> Reading:
        """What `read` says about the texts. An error is raised to the caller whose texts it comes from."""
        mine = _Request(texts)
        with self._lock:
            mine.has_place = self._free > 0
            if mine.has_place:
                self._free -= 1
            else:
                self._line.append(mine)
        if not mine.has_place:
            mine.called.wait()
        if mine.has_place:
            try:
                self._read_with_others(mine)
            finally:
                self._hand_over()
        return mine.reading or self._read(texts)

    def _read_with_others(self, first: _Request) -> None:
        batch = [first, *self._fellows(first)]
        try:
            whole = self._read([text for request in batch for text in request.texts])
            start = 0
            for request in batch:
                request.reading = whole.at(slice(start, start + len(request.texts)))
                start += len(request.texts)
        except Exception:  # whatever it is, it concerns one caller: each reads alone then and meets its own error
            pass
        finally:
            for request in batch[1:]:
                request.called.set()

    def _fellows(self, first: _Request) -> list[_Request]:
        """Takes out of the line those that fit with the first."""
        with self._lock:
            chosen: list[_Request] = []
            room = MOST_TEXTS - len(first.texts)
            for request in self._line:
                if len(request.texts) <= room and _are_alike(first.length, request.length):
                    chosen.append(request)
                    room -= len(request.texts)
            for request in chosen:
                self._line.remove(request)
        return chosen

    def _hand_over(self) -> None:
        with self._lock:
            if self._line:
                following = self._line.popleft()
                following.has_place = True
                following.called.set()
            else:
                self._free += 1
