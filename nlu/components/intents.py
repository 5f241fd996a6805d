"""Intent logits → ranked, calibrated guesses."""

from collections.abc import Sequence

import numpy as np

from nlu.calibration import Calibration, Floats
from nlu.types import IntentGuess

OUT_OF_SCOPE = "out_of_scope"


def ranked(logits: Floats, names: Sequence[str], calibration: Calibration) -> tuple[IntentGuess, ...]:
    """All intents, best first."""
    probabilities = calibration.probabilities(logits)
    order = np.argsort(-probabilities, kind="stable")
    return tuple(map(IntentGuess, (names[i] for i in order.tolist()), probabilities[order].tolist()))


def nothing_understood(names: Sequence[str]) -> tuple[IntentGuess, ...]:
    """For a text without a single word: every intent equally unlikely, out_of_scope named first."""
    others = [name for name in names if name != OUT_OF_SCOPE]
    return tuple(IntentGuess(name, 1 / len(names)) for name in [OUT_OF_SCOPE, *others])


def out_of_scope_first(guesses: Sequence[IntentGuess], score: float) -> tuple[IntentGuess, ...]:
    """For a model that has no such intent: out_of_scope with its score, the others sharing what is left."""
    others = (IntentGuess(guess.name, guess.confidence * (1 - score)) for guess in guesses)
    return (IntentGuess(OUT_OF_SCOPE, score), *others)


def confidences(probabilities: Floats, outside: int | None) -> Floats:
    """(n,): that of the best intent, 0 where it is out_of_scope (column `outside`): there the bot answers nothing."""
    best = probabilities.max(axis=1)
    return best if outside is None else np.where(probabilities.argmax(axis=1) == outside, 0, best)
