"""How often the model reads foreign texts as one of the intents that their labels may mean."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlu.components.intents import OUT_OF_SCOPE
from nlu.interpreter import Interpreter
from nlu.transfer.mapping import Mapping
from nlu.transfer.rows import Row
from nlu.types import Understanding


@dataclass(frozen=True)
class Share:
    """`right` of `count`."""

    right: int
    count: int

    @property
    def value(self) -> float:
        return self.right / self.count if self.count else math.nan

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        if not self.count:
            return 0.0, 1.0
        centre = self.value + z * z / (2 * self.count)
        width = z * math.sqrt(self.value * (1 - self.value) / self.count + (z / (2 * self.count)) ** 2)
        scale = 1 + z * z / self.count
        return (centre - width) / scale, (centre + width) / scale


@dataclass(frozen=True)
class Transfer:
    """One set's figures."""

    first: Share
    """The most likely intent of the whole message is right."""
    any_segment: Share
    """… or that of one of the requests it was cut into."""
    acted: Share
    """How many messages the model was sure enough about to act …"""
    acted_right: Share
    """… and how many of those it read rightly."""
    refused: Share
    """Of the messages that the repertoire does not cover: read as out of scope, or unsure."""
    labels: dict[str, Share]
    """`any_segment` by foreign label, worst first."""
    confusions: tuple[tuple[str, str, int], ...]
    """(foreign label, read as, how often), most frequent first."""
    mistakes: tuple[tuple[Row, Understanding], ...]


def score(
    interpreter: Interpreter, rows: Sequence[Row], mapping: Mapping, progress: Callable[[int], None] = lambda _: None
) -> Transfer:
    """Parses every row once. `progress` hears how many are done."""
    covered: list[tuple[Row, Understanding, bool, bool]] = []
    refused = []
    for done, row in enumerate(rows, start=1):
        read, accepted = interpreter.parse(row.text), mapping.accepted(row.labels)
        sure = read.intent.confidence >= interpreter.fallback_threshold
        if accepted:
            first = read.intent.name in accepted
            covered.append((row, read, first, first or any(s.intent.name in accepted for s in read.segments)))
        else:
            refused.append(read.intent.name == OUT_OF_SCOPE or not sure)
        progress(done)
    acted = [one for one in covered if one[1].intent.confidence >= interpreter.fallback_threshold]
    wrong = [(row, read) for row, read, _, right in covered if not right]
    return Transfer(
        first=_share([first for _, _, first, _ in covered]),
        any_segment=_share([right for *_, right in covered]),
        acted=Share(len(acted), len(covered)),
        acted_right=_share([right for *_, right in acted]),
        refused=_share(refused),
        labels=_by_label(covered),
        confusions=_confusions(wrong),
        mistakes=tuple(wrong),
    )


def _share(facts: Sequence[bool]) -> Share:
    return Share(sum(facts), len(facts))


def _by_label(covered: Sequence[tuple[Row, Understanding, bool, bool]]) -> dict[str, Share]:
    facts: dict[str, list[bool]] = {}
    for row, _, _, right in covered:
        facts.setdefault(" + ".join(row.labels), []).append(right)
    return dict(sorted(((label, _share(rights)) for label, rights in facts.items()), key=lambda one: one[1].value))


def _confusions(wrong: Sequence[tuple[Row, Understanding]]) -> tuple[tuple[str, str, int], ...]:
    pairs = Counter((" + ".join(row.labels), read.intent.name) for row, read in wrong)
    return tuple((*pair, count) for pair, count in pairs.most_common())
