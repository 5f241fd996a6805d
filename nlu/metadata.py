"""What a trained model says about itself: metadata.json beside its graphs."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nlu.errors import ModelIncompatible, ModelNotFound
from nlu.types import Language

FORMAT = 1
FILE = "metadata.json"


@dataclass(frozen=True)
class LanguageFacts:
    """One language's encoder as trained."""

    encoder: str
    max_tokens: int
    temperature: float
    dimension: int
    sentiment_temperature: float = 1.0
    neutral_lean: float = 0.0
    """How much too neutral the sentiment logits are, from all the calm utterances that training saw."""
    int8_agreement: float | None = None
    """How often the int8 graph names the same intent as the network it was made from; None when not measured."""
    retrieval_cosine: float | None = None
    """How close its retrieval vectors are to the pretrained encoder's."""


@dataclass(frozen=True)
class Metadata:
    """Everything serving needs beside the graphs, and what was measured."""

    version: str
    intents: tuple[str, ...]
    sentiments: tuple[str, ...]
    conversational: tuple[str, ...]
    """Intents that never make a message several requests."""
    fallback_threshold: float
    """Below this confidence the dialogue should ask back instead of acting."""
    split_threshold: float
    """How sure each clause of a message must be before the message counts as several requests."""
    languages: dict[Language, LanguageFacts]
    figures: dict[str, Any] = field(default_factory=dict)
    format: int = FORMAT

    def save(self, directory: Path) -> None:
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        (directory / FILE).write_text(text + "\n", "utf-8")


def load_metadata(directory: Path) -> Metadata:
    """Raises ModelNotFound when the folder holds no model, ModelIncompatible when it is of another format."""
    file = directory / FILE
    if not file.is_file():
        raise ModelNotFound(f"no trained model in {directory} ({FILE} is missing); train one with `kefu train`")
    raw = json.loads(file.read_text("utf-8"))
    if raw.get("format") != FORMAT:
        raise ModelIncompatible(
            f"{file} has model format {raw.get('format')}, this version of Kefu reads {FORMAT}; run `kefu train` again"
        )
    for name in ("intents", "sentiments", "conversational"):
        raw[name] = tuple(raw[name])
    raw["languages"] = {language: LanguageFacts(**facts) for language, facts in raw["languages"].items()}
    return Metadata(**raw)
