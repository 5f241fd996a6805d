"""What a message asks for. Most messages hold one request; some hold several, which are handled one after the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from nlu.types import Entity, IntentGuess, Understanding, entity_to_rasa

RANKED = 5
"""How many intents are remembered with a message."""

EntityDict = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """`intents` are ranked, best first; `entities` have Rasa's shape."""

    text: str
    intents: tuple[IntentGuess, ...]
    entities: tuple[EntityDict, ...]

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
        """The same request, now that the customer has said which intent was meant."""
        others = tuple(guess for guess in self.intents if guess.name != intent)
        return type(self)(self.text, (IntentGuess(intent, 1.0), *others), self.entities)

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


def requests_in(understanding: Understanding, purpose: Callable[[Request], str | None]) -> tuple[Request, ...]:
    """The message's requests in order: one, unless its segments ask for things that cannot be one.

    `purpose` says what a segment on its own is for, None if for nothing (a number, "please"): it belongs to the one
    beside it, then. Two for the same purpose are one, unless they are about different orders.
    """
    groups: list[list[Understanding]] = []
    heads: list[tuple[str, Request] | None] = []
    for segment in understanding.segments:
        request = Request.of(segment)
        what_for = purpose(request)
        head = (what_for, request) if what_for else None
        if groups and (head is None or heads[-1] is None or not _differ(heads[-1], head)):
            groups[-1].append(segment)
            heads[-1] = heads[-1] or head
        else:
            groups.append([segment])
            heads.append(head)
    if len(groups) < 2:
        return (Request.of(understanding),)
    return tuple(_joined(group, head[1] if head else None) for group, head in zip(groups, heads, strict=True))


def _differ(one: tuple[str, Request], other: tuple[str, Request]) -> bool:
    if one[0] != other[0]:
        return True
    orders, others = (set(each[1].all_values("order_number")) for each in (one, other))
    return bool(orders and others and orders.isdisjoint(others))


def _joined(parts: Sequence[Understanding], head: Request | None) -> Request:
    text, entities = "", list[EntityDict]()
    for part in parts:
        text += (" " if text else "") + part.text
        offset = len(text) - len(part.text)
        entities.extend(_shifted(entity, offset) for entity in part.entities)
    intents = head.intents if head else parts[0].intents[:RANKED]
    return Request(text, intents, tuple(entities))


def _shifted(entity: Entity, offset: int) -> EntityDict:
    return {**entity_to_rasa(entity), "start": entity.start + offset, "end": entity.end + offset}
