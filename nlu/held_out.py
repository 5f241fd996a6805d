"""One language's utterances that training never learns from: what its choices are made and measured on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nlu.calibration import Ints
from nlu.components.normalizer import fold, for_model
from nlu.dataset import SENTIMENTS, Dataset, Example
from nlu.errors import DatasetError
from nlu.types import Language


@dataclass(frozen=True)
class HeldOut:
    """The texts as the encoder reads them, and their labels' places in `intent_names` and `SENTIMENTS`."""

    texts: tuple[str, ...]
    intents: Ints
    mood_texts: tuple[str, ...]
    moods: Ints

    @classmethod
    def of(cls, dataset: Dataset, language: Language) -> "HeldOut":
        """Raises DatasetError when there is nothing to measure intents on."""
        texts, intents = _chosen(dataset.intents, language, dataset.intent_names.index)
        if not texts:
            raise DatasetError(
                f"too few '{language}' utterances to train and to measure on; 60 an intent are a good start"
            )
        return cls(texts, intents, *_chosen(dataset.sentiments, language, lambda label: _mood(label)))


def _chosen(
    examples: Sequence[Example], language: Language, place: Callable[[str], int]
) -> tuple[tuple[str, ...], Ints]:
    kept = [example for example in examples if example.is_held_out and example.language == language]
    places = np.array([place(example.label) for example in kept], dtype=np.int64)
    return tuple(for_model(fold(example.text)) for example in kept), places


def _mood(label: str) -> int:
    return [str(name) for name in SENTIMENTS].index(label)
