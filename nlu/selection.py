"""Chooses, on held-out examples, the two thresholds that the dialogue relies on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.calibration import choose_threshold
from nlu.components.encoder import Encoder
from nlu.components.intents import ranked
from nlu.components.normalizer import fold, for_model
from nlu.components.segments import Clause, clauses, several_requests
from nlu.dataset import Dataset, Example
from nlu.metadata import LanguageFacts
from nlu.types import IntentGuess, Language

MAX_SPLIT_RATE = 0.005
SPLIT_CANDIDATES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99)


@dataclass(frozen=True)
class _Heard:
    folded: str
    parts: list[Clause]
    guesses: list[IntentGuess]
    whole: IntentGuess


def choose_thresholds(
    dataset: Dataset, facts: dict[Language, LanguageFacts], models: Path, conversational: frozenset[str]
) -> tuple[float, float]:
    """(fallback threshold, split threshold): the first weighs right acts against wrong ones, the second is the lowest
    that leaves single requests whole."""
    confidences, correct, heard = [], [], []
    for language, fact in facts.items():
        encoder = Encoder.load(models / language, fact.max_tokens)
        for example in dataset.intents:
            if example.language == language and example.is_held_out:
                one = _hear(example, encoder, dataset.intent_names, fact.temperature)
                heard.append(one)
                confidences.append(one.whole.confidence)
                correct.append(one.whole.name == example.label)
    fallback = choose_threshold(np.array(confidences, dtype=np.float32), np.array(correct, dtype=np.bool_))
    return fallback, _split_threshold(heard, conversational)


def _hear(example: Example, encoder: Encoder, names: tuple[str, ...], temperature: float) -> _Heard:
    folded = fold(example.text)
    parts = clauses(folded)
    texts = [for_model(folded), *(for_model(folded[part.start : part.end]) for part in parts)]
    whole, *guesses = (ranked(row, names, temperature)[0] for row in encoder.read(texts).intent_logits)
    return _Heard(folded, parts, guesses, whole)


def _split_threshold(heard: list[_Heard], conversational: frozenset[str]) -> float:
    for threshold in SPLIT_CANDIDATES:
        split = sum(
            bool(several_requests(one.folded, one.parts, one.guesses, one.whole, conversational, threshold))
            for one in heard
        )
        if split <= MAX_SPLIT_RATE * len(heard):
            return threshold
    return SPLIT_CANDIDATES[-1]
