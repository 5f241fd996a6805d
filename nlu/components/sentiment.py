"""Sentiment logits → label and a score from -1 to 1."""

from collections.abc import Sequence
from typing import cast

from nlu.calibration import Floats, softmax
from nlu.types import Sentiment, SentimentLabel

NEUTRAL = Sentiment("neutral", 0.0)


def felt(logits: Floats, labels: Sequence[str]) -> Sentiment:
    """The likeliest mood; the score is what positive outweighs negative by."""
    probabilities = dict(zip(labels, softmax(logits).tolist(), strict=True))
    label = cast(SentimentLabel, max(probabilities, key=lambda name: probabilities[name]))
    return Sentiment(label, round(probabilities["positive"] - probabilities["negative"], 4))
