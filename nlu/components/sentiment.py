"""Sentiment logits → label and a score from -1 to 1."""

from collections.abc import Sequence
from typing import cast

from nlu.calibration import Floats, leaned, softmax
from nlu.types import Sentiment, SentimentLabel

NEUTRAL = Sentiment("neutral", 0.0)


def felt(logits: Floats, labels: Sequence[str], temperature: float = 1.0, lean: float = 0.0) -> Sentiment:
    """The likeliest mood; the score is what positive outweighs negative by.

    `lean` is how much too neutral the logits are.
    """
    calibrated = softmax(leaned(logits, labels.index("neutral"), lean), temperature)
    probabilities = dict(zip(labels, calibrated.tolist(), strict=True))
    label = cast(SentimentLabel, max(probabilities, key=lambda name: probabilities[name]))
    return Sentiment(label, round(probabilities["positive"] - probabilities["negative"], 4))
