"""Whether an explanation tells the truth: leaving out the words it names must cost more than leaving out others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.calibration import Floats
from nlu.explanation import Explanation, Word, explain, without
from nlu.interpreter import Interpreter

SHARE = 1 / 3
"""Of a text's words, so many are left out."""
DRAWS = 3
"""Random choices of as many words that each text is compared with."""
_FEWEST = 4
"""A text of fewer words leaves nothing to choose from."""
_RESAMPLES = 2_000


@dataclass(frozen=True)
class Faithfulness:
    """Mean loss of the winning intent's confidence, over `texts` texts; the intervals are 95 % (paired bootstrap)."""

    texts: int
    told: float
    """Without the words that the explanation names."""
    random: float
    """Without as many others, drawn at random."""
    more: tuple[float, float]
    """The interval of `told - random`."""
    times: tuple[float, float]
    """The interval of `told / random`."""


def measure_faithfulness(interpreter: Interpreter, texts: Sequence[str], seed: int = 0) -> Faithfulness:
    """Over the texts that are long enough. Raises ValueError when none is."""
    chance = np.random.default_rng(seed)
    explained = (explain(interpreter, text) for text in texts)
    losses = [_losses(interpreter, one, chance) for one in explained if len(one.words) >= _FEWEST]
    if not losses:
        raise ValueError(f"no text of {_FEWEST} words or more")
    told, others = np.array(losses, dtype=np.float32).T
    return _figure(told, others, chance)


def _losses(interpreter: Interpreter, one: Explanation, chance: np.random.Generator) -> tuple[float, float]:
    """(told, random) of one text, all read in one batch."""
    count = max(1, round(len(one.words) * SHARE))
    told = sorted(one.words, key=lambda word: -word.weight)[:count]
    draws = [[one.words[at] for at in chance.choice(len(one.words), count, replace=False)] for _ in range(DRAWS)]
    left = [one.text, *(_left(one.text, words) for words in (told, *draws))]
    sure = [
        next((guess.confidence for guess in guesses if guess.name == one.intent), 0.0)
        for guesses in interpreter.guesses(left, one.language)
    ]
    return sure[0] - sure[1], sure[0] - float(np.mean(sure[2:]))


def _left(text: str, words: Sequence[Word]) -> str:
    return without(text, [(word.start, word.end) for word in words])


def _figure(told: Floats, others: Floats, chance: np.random.Generator) -> Faithfulness:
    draws = chance.integers(0, len(told), (_RESAMPLES, len(told)))
    means, rest = told[draws].mean(axis=1), others[draws].mean(axis=1)
    return Faithfulness(
        len(told),
        float(told.mean()),
        float(others.mean()),
        _interval(means - rest),
        _interval(means / np.maximum(rest, 1e-6)),
    )


def _interval(values: Floats) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
