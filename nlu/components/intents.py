"""Intent logits → ranked, calibrated guesses."""

from collections.abc import Sequence

import numpy as np

from nlu.calibration import Floats, softmax
from nlu.types import IntentGuess

OUT_OF_SCOPE = "out_of_scope"


def ranked(logits: Floats, names: Sequence[str], temperature: float) -> tuple[IntentGuess, ...]:
    """All intents, best first."""
    probabilities = softmax(logits, temperature)
    return tuple(IntentGuess(names[i], float(probabilities[i])) for i in np.argsort(-probabilities, kind="stable"))


def nothing_understood(names: Sequence[str]) -> tuple[IntentGuess, ...]:
    """For a text without a single word: every intent equally unlikely, out_of_scope named first."""
    others = [name for name in names if name != OUT_OF_SCOPE]
    return tuple(IntentGuess(name, 1 / len(names)) for name in [OUT_OF_SCOPE, *others])
