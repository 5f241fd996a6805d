"""What a message asks for. Most messages hold one request; some hold several (several.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from nlu.types import IntentGuess, Understanding, entity_to_rasa

RANKED = 5
"""How many intents are remembered with a message."""

EntityDict = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """`intents` are ranked, best first; `entities` have Rasa's shape."""

    text: str
    intents: tuple[IntentGuess, ...]
    entities: tuple[EntityDict, ...]
    is_settled: bool = False
    """Its intent is not the model's guess: the customer picked it, or the context gave it."""

    @classmethod
    def of(cls, understanding: Understanding) -> Self:
        entities = tuple(entity_to_rasa(entity) for entity in understanding.entities)
        return cls(understanding.text, understanding.intents[:RANKED], entities)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        intents = tuple(IntentGuess(item["name"], item["confidence"]) for item in data["intent_ranking"])
        return cls(data["text"], intents, tuple(data["entities"]))

    def to_json(self) -> dict[str, Any]:
        """Rasa's parse data."""
        ranking = [{"name": guess.name, "confidence": guess.confidence} for guess in self.intents]
        return {
            "text": self.text,
            "intent": ranking[0],
            "intent_ranking": ranking,
            "entities": [dict(entity) for entity in self.entities],
        }

    @property
    def intent(self) -> IntentGuess:
        return self.intents[0]

    def meant(self, intent: str) -> Self:
        """The same request, now that it is settled which intent was meant."""
        others = tuple(guess for guess in self.intents if guess.name != intent)
        return type(self)(self.text, (IntentGuess(intent, 1.0), *others), self.entities, is_settled=True)

    def values(self) -> dict[str, Any]:
        """The first value of each kind of entity."""
        found: dict[str, Any] = {}
        for entity in self.entities:
            found.setdefault(entity["entity"], entity["value"])
        return found

    def all_values(self, entity: str) -> list[Any]:
        return [item["value"] for item in self.entities if item["entity"] == entity]

    def words_beside_entities(self) -> str:
        """The text without what its entities already say."""
        text = self.text
        spans = sorted(((item["start"], item["end"]) for item in self.entities), reverse=True)
        for start, end in spans:
            text = f"{text[:start]} {text[end:]}"
        return text
