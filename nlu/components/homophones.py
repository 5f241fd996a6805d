"""Chinese as meant, not as the input method chose it: 我要腿货 reads as 我要退货.

Only pairs of characters that the trade does not know are looked at, and they become the most frequent pair of the trade
that sounds the same. chinese_pairs.txt: the pairs of the trade, most frequent first; sounds.txt: what sounds alike, but
for tones.
"""

import re
from functools import cache
from pathlib import Path

_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_TELLING_SHARE = 3
"""Only the most frequent third of the pairs is put in place of others …"""
_CERTAIN = 800
"""… and only the most frequent ones although their neighbours do not know them."""


class Homophones:
    """`sounds`: groups of characters that sound alike. `pairs`: two characters each, most frequent first."""

    def __init__(self, sounds: list[str], pairs: list[str]) -> None:
        self._sound = {character: number for number, group in enumerate(sounds) for character in group}
        self._known = frozenset(pairs)
        self._meant: dict[tuple[int, int], str] = {}
        self._certain = frozenset(pairs[:_CERTAIN])
        for pair in pairs[: len(pairs) // _TELLING_SHARE]:
            if sound := self._sound_of(pair):
                self._meant.setdefault(sound, pair)

    def put_right(self, text: str) -> str:
        return _RUN.sub(lambda run: self._heard(run[0]), text)

    def _heard(self, run: str) -> str:
        """From left to right; what was put right counts as known for the pair that follows."""
        for at in range(len(run) - 1):
            pair = run[at : at + 2]
            meant = None if pair in self._known else self._instead(pair)
            if meant and not self._breaks(run, at, meant):
                run = run[:at] + meant + run[at + 2 :]
        return run

    def _instead(self, pair: str) -> str | None:
        sound = self._sound_of(pair)
        return self._meant.get(sound) if sound else None

    def _breaks(self, run: str, at: int, meant: str) -> bool:
        """Whether a character would change that makes sense with its other neighbour, or would make none after."""
        old = (run[at - 1 : at + 1] if at else "", run[at + 1 : at + 3])
        new = (run[at - 1 : at] + meant[0], meant[1] + run[at + 2 : at + 3])
        changed = [pairs for pairs in zip(old, new, strict=True) if pairs[0] != pairs[1] and len(pairs[1]) == 2]
        if any(before in self._known for before, _ in changed):
            return True
        return meant not in self._certain and any(after not in self._known for _, after in changed)

    def _sound_of(self, pair: str) -> tuple[int, int] | None:
        first, second = self._sound.get(pair[0]), self._sound.get(pair[1])
        return None if first is None or second is None else (first, second)


@cache
def trade_homophones() -> Homophones:
    return Homophones(sounds_alike(), _parts("chinese_pairs.txt"))


def sounds_alike() -> list[str]:
    """Groups of characters."""
    return _parts("sounds.txt")


def _parts(name: str) -> list[str]:
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return [part for line in lines if not line.startswith("#") for part in line.split()]
