"""What the NLU layer says about a text: plain frozen values, no behaviour beyond the wire shape."""

from dataclasses import dataclass, field
from typing import Any, Literal

Language = Literal["en", "zh"]
SentimentLabel = Literal["negative", "neutral", "positive"]


@dataclass(frozen=True)
class IntentGuess:
    """One intent with its calibrated probability (0-1)."""

    name: str
    confidence: float


@dataclass(frozen=True)
class Entity:
    """A span of the text and what it means. `start`/`end` count characters of the original text."""

    name: str
    """order_number, email, phone, postcode, money, quantity, date, product, option, person, address, ordinal"""
    value: str
    """Normalised: `#W2378156`, `2026-11-20`, `+8613812345678`, the catalogue's own product name, `2` …"""
    text: str
    start: int
    end: int
    confidence: float = 1.0
    extractor: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    """What the kind needs beside its value: {"currency": "CNY"}, {"product_ids": [...]}, {"option": "colour"} …"""


@dataclass(frozen=True)
class Sentiment:
    """`score` runs from -1 (angry) to 1 (delighted)."""

    label: SentimentLabel
    score: float


@dataclass(frozen=True)
class Understanding:
    """Everything one forward pass says about one text."""

    text: str
    language: Language
    intents: tuple[IntentGuess, ...]
    """Ranked, best first; `out_of_scope` is one of them."""
    sentiment: Sentiment
    entities: tuple[Entity, ...]
    embedding: tuple[float, ...] = field(default=(), repr=False, compare=False)
    """Unit vector of the text for article retrieval."""
    segments: tuple["Understanding", ...] = ()
    """Two or more when the message holds several requests; each offset counts in the segment's own text."""
    model_version: str = ""
    out_of_scope_score: float | None = None
    """How likely none of the intents is meant (0-1), from logits and distance; None when the model can't tell."""
    threshold: float | None = None
    """The confidence from which this model's first intent should be acted upon; None leaves it to the dialogue."""

    @property
    def intent(self) -> IntentGuess:
        return self.intents[0]

    def to_rasa(self) -> dict[str, Any]:
        """The body of Rasa's `POST /model/parse`, plus `language`, `sentiment` and `out_of_scope_score`."""
        ranking = [{"name": guess.name, "confidence": guess.confidence} for guess in self.intents]
        return {
            "text": self.text,
            "intent": ranking[0],
            "intent_ranking": ranking[:10],
            "entities": [entity_to_rasa(entity) for entity in self.entities],
            "language": self.language,
            "sentiment": {"label": self.sentiment.label, "score": self.sentiment.score},
            "out_of_scope_score": self.out_of_scope_score,
        }


def entity_to_rasa(entity: Entity) -> dict[str, Any]:
    return {
        "entity": entity.name,
        "value": entity.value,
        "text": entity.text,
        "start": entity.start,
        "end": entity.end,
        "confidence_entity": entity.confidence,
        "extractor": entity.extractor,
        **({"details": entity.details} if entity.details else {}),
    }
