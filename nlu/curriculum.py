"""What one language's training run sees, epoch by epoch: examples as written or rewritten, noise, unlabelled text."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlu.augmentation import augment, gibberish, mix_into_chinese, with_details
from nlu.components.intents import OUT_OF_SCOPE
from nlu.dataset import SENTIMENTS, Dataset, Example
from nlu.pipeline import Pipeline
from nlu.types import Language

UNKNOWN = -100
"""The label of what a lesson says nothing about; torch's losses ignore it."""
_NOISE = 12
_DETAILS_SHARE = 0.15
_SURFACE_EPOCHS = 3
_MIXED_SHARE = 5
_BUCKET = 8


@dataclass(frozen=True)
class Lesson:
    """One row of a batch: a text and what is known about it."""

    text: str
    intent: int = UNKNOWN
    sentiment: int = UNKNOWN
    sentiment_weight: float = 1.0
    """How far its mood is to be believed: an intent's utterances are labelled by the intent alone."""


class Curriculum:
    """Deterministic for the same data and seed."""

    def __init__(self, language: Language, pipeline: Pipeline, dataset: Dataset, texts: Sequence[str]) -> None:
        self._language: Language = language
        self._shared = pipeline.training
        self._random = random.Random(f"{pipeline.training.seed}{language}")
        self._intents = dataset.intent_names
        self._requests = {n for n, name in enumerate(self._intents) if name not in pipeline.conversational}
        self.lessons = list(_lessons(dataset, language, pipeline))
        self.texts = [Lesson(text) for text in texts]
        english = [lesson for lesson in _lessons(dataset, "en", pipeline) if lesson.intent != UNKNOWN]
        self._to_mix = english if language == "zh" else []

    def epoch(self) -> list[list[Lesson]]:
        """Every lesson once, batched by length so that little is padding."""
        rows = [self._seen(lesson) for lesson in self.lessons] + self.texts + self._noise() + self._mixed()
        self._random.shuffle(rows)
        size = self._shared.batch_size
        batches = []
        for start in range(0, len(rows), size * _BUCKET):
            bucket = sorted(rows[start : start + size * _BUCKET], key=lambda lesson: len(lesson.text))
            batches += [bucket[at : at + size] for at in range(0, len(bucket), size)]
        return batches

    def surface(self) -> list[Lesson]:
        """What the reader of words and pairs learns from, all at once: the intents' lessons, rewritten too."""
        rewritten = (lesson for _ in range(_SURFACE_EPOCHS) for batch in self.epoch() for lesson in batch)
        return [lesson for lesson in (*self.lessons, *rewritten) if lesson.intent != UNKNOWN]

    def _seen(self, lesson: Lesson) -> Lesson:
        if self._random.random() < self._shared.plain_share:
            return lesson
        text = augment(lesson.text, self._language, self._random)
        if lesson.intent in self._requests and self._random.random() < _DETAILS_SHARE:
            text = with_details(text, self._language, self._random)
        return replace(lesson, text=text)

    def _noise(self) -> list[Lesson]:
        if OUT_OF_SCOPE not in self._intents:
            return []
        label = self._intents.index(OUT_OF_SCOPE)
        neutral = SENTIMENTS.index("neutral")
        return [Lesson(gibberish(self._language, self._random), label, neutral) for _ in range(_NOISE)]

    def _mixed(self) -> list[Lesson]:
        chosen = self._random.sample(self._to_mix, len(self._to_mix) // _MIXED_SHARE)
        return [replace(one, text=mix_into_chinese(one.text, self._random)) for one in chosen]


def _lessons(dataset: Dataset, language: Language, pipeline: Pipeline) -> Iterator[Lesson]:
    for example in _to_learn(dataset.intents, language):
        mood = SENTIMENTS.index(pipeline.moods.get(example.label, "neutral"))
        yield Lesson(
            example.text, dataset.intent_names.index(example.label), mood, pipeline.training.intent_mood_weight
        )
    for example in _to_learn(dataset.sentiments, language):
        yield Lesson(example.text, sentiment=SENTIMENTS.index(example.label))


def _to_learn(examples: Sequence[Example], language: Language) -> Iterator[Example]:
    return (example for example in examples if example.language == language and not example.is_held_out)
