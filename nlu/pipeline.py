"""pipeline.yml as typed values."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from nlu.types import Language, SentimentLabel

PIPELINE_FILE = Path(__file__).with_name("pipeline.yml")
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True)
class EncoderSettings:
    """One language's encoder and its training."""

    encoder: str
    pooling: Literal["mean", "pooler"]
    max_tokens: int
    epochs: int
    learning_rate: float
    head_learning_rate: float
    tune_embeddings: bool


@dataclass(frozen=True)
class TrainingSettings:
    """What both languages' training shares."""

    batch_size: int
    label_smoothing: float
    sentiment_weight: float
    intent_mood_weight: float
    distillation_weight: float
    plain_share: float
    seed: int


@dataclass(frozen=True)
class Pipeline:
    """Everything pipeline.yml says."""

    languages: dict[Language, EncoderSettings]
    training: TrainingSettings
    conversational: frozenset[str]
    moods: dict[str, SentimentLabel]


def load_pipeline(file: Path = PIPELINE_FILE) -> Pipeline:
    raw = yaml.safe_load(file.read_text("utf-8"))
    return Pipeline(
        languages={language: EncoderSettings(**raw["languages"][language]) for language in LANGUAGES},
        training=TrainingSettings(**raw["training"]),
        conversational=frozenset(raw["dialogue"]["conversational"]),
        moods=raw["dialogue"]["moods"],
    )
