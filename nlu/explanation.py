"""Which words of a text moved the decision: each is left out, each pair of neighbours too, and the text is read again.

A word's weight is what the winning intent's log-odds lose without it. Where a pair loses more than its two words do one
by one ("not received", 退 + 款), the pair counts as one word; Chinese is taken apart into characters and put together
again in this way. The weights are measured, not estimated: nothing but the model's own reading is asked.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlu.interpreter import Interpreter
from nlu.types import IntentGuess, Language

READ_UNITS = 120
"""Words, or Chinese characters, that are looked at; the encoder reads hardly more."""
_UNIT = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|(?:(?![\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])[\w@#.'’-])+"
)
_SURE = 1e-6
_TOGETHER, _SHARE = 0.3, 0.15
"""So much more, in log-odds and as a share of its weight, a pair must weigh than its two words to count as one."""


@dataclass(frozen=True)
class Word:
    """A stretch of the text. `weight` is what leaving it out costs the intent, in log-odds; below 0 it was against."""

    text: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Explanation:
    text: str
    language: Language
    intent: str
    confidence: float
    words: tuple[Word, ...]
    """In the order of the text."""

    def telling(self, count: int) -> list[Word]:
        """The words that spoke most for the intent, weightiest first."""
        return sorted((word for word in self.words if word.weight > 0), key=lambda word: -word.weight)[:count]


def explain(interpreter: Interpreter, text: str, hint: Language | None = None) -> Explanation:
    """What of `text` moved its first intent. One batched reading, about 2 ms a word."""
    read = interpreter.parse(text, hint=hint)
    spans = units(text)
    pairs = list(pairwise(spans))
    shorter = [without(text, [span]) for span in spans] + [without(text, pair) for pair in pairs]
    whole, *rest = (
        log_odds(guesses, read.intent.name) for guesses in interpreter.guesses([text, *shorter], read.language)
    )
    drops = [whole - left for left in rest]
    words = _joined(text, spans, drops[: len(spans)], drops[len(spans) :])
    return Explanation(text, read.language, read.intent.name, read.intent.confidence, tuple(words))


def units(text: str) -> list[tuple[int, int]]:
    """Start and end of each word, and of each Chinese character."""
    return [found.span() for found in _UNIT.finditer(text)][:READ_UNITS]


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with the spans left out."""
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def log_odds(guesses: Sequence[IntentGuess], name: str) -> float:
    confidence = next((guess.confidence for guess in guesses if guess.name == name), 0.0)
    confidence = min(max(confidence, _SURE), 1 - _SURE)
    return math.log(confidence / (1 - confidence))


def _joined(text: str, spans: Sequence[tuple[int, int]], alone: Sequence[float], pairs: Sequence[float]) -> list[Word]:
    """Single words and, greedily, the pairs that weigh most beyond their parts."""
    more = [abs(pair) - max(map(abs, (a + b, a, b))) for pair, (a, b) in zip(pairs, pairwise(alone), strict=True)]
    taken: set[int] = set()
    words = []
    for at in sorted(range(len(pairs)), key=lambda at: -more[at]):
        if more[at] > max(_TOGETHER, _SHARE * abs(pairs[at])) and not {at, at + 1} & taken:
            taken |= {at, at + 1}
            words.append(_word(text, spans[at][0], spans[at + 1][1], pairs[at]))
    words += [_word(text, *span, alone[at]) for at, span in enumerate(spans) if at not in taken]
    return sorted(words, key=lambda word: word.start)


def _word(text: str, start: int, end: int, weight: float) -> Word:
    return Word(text[start:end], start, end, round(weight, 4))
