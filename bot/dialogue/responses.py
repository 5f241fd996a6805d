"""Responses: which variation is said, and how its placeholders are filled.

Of the variations whose conditions hold, those with the most conditions win, then those made for the channel; among
equals the choice is random, but the same for the same seed, and never the one said last where there is another.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from bot.dialogue.yaml_source import Place, Problems, YamlList, YamlMap
from bot.messages import BotMessage, Button, Card

PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")
VARIATION_KEYS = ("text", "buttons", "image", "custom", "channel", "condition", "id", "metadata")
REFUSED_KEYS = {
    "attachment": "use image or custom",
    "elements": "put cards into custom: {cards: [{title, subtitle, price, image, buttons}]}",
    "quick_replies": "use buttons",
    "button_type": "leave it out; the channel decides how buttons look",
}


@dataclass(frozen=True)
class Variation:
    number: int
    place: Place
    text: str | None
    buttons: tuple[Button, ...]
    image: str | None
    custom: Mapping[str, Any] | None
    channel: str | None
    conditions: tuple[tuple[str, Any], ...]
    placeholders: frozenset[str]

    @property
    def language(self) -> str | None:
        return next((value for name, value in self.conditions if name == "language"), None)

    @property
    def is_wordless(self) -> bool:
        """Whether it reads the same in every language: an image, or placeholders only."""
        words = [self.text or "", *(button.title for button in self.buttons)]
        return not any(character.isalpha() for word in words for character in PLACEHOLDER.sub("", word))


@dataclass(frozen=True)
class Response:
    name: str
    place: Place
    variations: tuple[Variation, ...]

    def choose(
        self, slots: Mapping[str, Any], channel: str, seed: str, last: int | None, known: Iterable[str] = ()
    ) -> Variation | None:
        """The variation to say, None when no variation's conditions hold. `known`: placeholders that have a value."""
        heard = [each for each in self.variations if each.channel in (None, channel)]
        fitting = [each for each in heard if _holds(each, slots)]
        # an imported bot may lack the customer's language: better another one than silence
        fitting = fitting or [each for each in heard if _holds(each, {**slots, "language": each.language})]
        if not fitting:
            return None
        best = max(_rank(each) for each in fitting)
        equals = [each for each in fitting if _rank(each) == best]
        complete = [each for each in equals if each.placeholders <= set(known)] or equals
        fresh = [each for each in complete if each.number != last] or complete
        return fresh[crc32(seed.encode()) % len(fresh)]


def _holds(variation: Variation, slots: Mapping[str, Any]) -> bool:
    return all(slots.get(name) == value for name, value in variation.conditions)


def _rank(variation: Variation) -> tuple[int, bool]:
    return len(variation.conditions), variation.channel is not None


def rendered(variation: Variation, values: Mapping[str, Any], language: str) -> tuple[BotMessage, frozenset[str]]:
    """The message, and the placeholders that had no value: they are left out of the text, never shown raw."""
    missing = frozenset(name for name in variation.placeholders if values.get(name) is None)

    def fill(text: str) -> str:
        if "{" not in text:
            return text
        filled = PLACEHOLDER.sub(lambda found: _shown(values.get(found.group(1)), language), text)
        return re.sub(r"[ \t]{2,}", " ", filled).strip() if missing else filled

    message = message_from(
        {
            "text": fill(variation.text) if variation.text is not None else None,
            "image": fill(variation.image) if variation.image else None,
            "buttons": [{"title": fill(each.title), "payload": fill(each.payload)} for each in variation.buttons],
            "custom": variation.custom,
        }
    )
    return message, missing


def message_from(parts: Mapping[str, Any]) -> BotMessage:
    """A message from Rasa's response dict; `custom: {cards: […]}` becomes cards, the rest of custom passes through."""
    custom = dict(parts.get("custom") or {})
    cards = tuple(_card(card) for card in custom.pop("cards", None) or ())
    custom.update({key: parts[key] for key in ("elements", "attachment") if parts.get(key)})
    return BotMessage(
        text=parts.get("text") or None,
        buttons=_buttons(parts.get("buttons")),
        cards=cards,
        image=parts.get("image") or None,
        custom=custom or None,
    )


def _buttons(items: Iterable[Mapping[str, Any]] | None) -> tuple[Button, ...]:
    return tuple(Button(str(item["title"]), str(item.get("payload") or item["title"])) for item in items or ())


def _card(item: Mapping[str, Any]) -> Card:
    return Card(
        title=str(item["title"]),
        subtitle=str(item.get("subtitle") or ""),
        image=item.get("image"),
        price=item.get("price"),
        buttons=_buttons(item.get("buttons")),
    )


def _shown(value: Any, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ("、" if language == "zh" else ", ").join(_shown(item, language) for item in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def parse_response(name: str, node: YamlList, problems: Problems) -> Response:
    if not node:
        problems.add(node.place, f"response '{name}' has no variation")
    parsed = [
        _parse_variation(name, number, problems.mapping(item, at, f"a variation of '{name}'"), problems)
        for number, (item, at) in enumerate(node.located())
    ]
    return Response(name, node.place, tuple(parsed))


def _parse_variation(name: str, number: int, node: YamlMap, problems: Problems) -> Variation:
    problems.check_keys(node, VARIATION_KEYS, f"response '{name}'", REFUSED_KEYS)
    if not any(node.get(key) for key in ("text", "image", "custom")):
        problems.add(node.place, f"a variation of '{name}' says nothing; give it text, image or custom")
    text = None if node.get("text") is None else str(node["text"])
    buttons = _parse_buttons(name, node, problems)
    spoken = [
        text or "",
        node.get("image") or "",
        *(part for button in buttons for part in (button.title, button.payload)),
    ]
    return Variation(
        number,
        node.place,
        text,
        buttons,
        node.get("image"),
        node.get("custom"),
        node.get("channel"),
        _parse_conditions(name, node, problems),
        frozenset(found for part in spoken for found in PLACEHOLDER.findall(part)),
    )


def _parse_buttons(name: str, node: YamlMap, problems: Problems) -> tuple[Button, ...]:
    parsed = []
    for item, at in problems.sequence(node.get("buttons"), node.at("buttons"), f"buttons of '{name}'").located():
        button = problems.mapping(item, at, f"a button of '{name}'")
        problems.check_keys(button, ("title", "payload"), f"a button of '{name}'")
        if not button.get("title"):
            problems.add(at, f"a button of '{name}' needs a title")
        parsed.append(Button(str(button.get("title")), str(button.get("payload") or button.get("title"))))
    return tuple(parsed)


def _parse_conditions(name: str, node: YamlMap, problems: Problems) -> tuple[tuple[str, Any], ...]:
    parsed = []
    for item, at in problems.sequence(node.get("condition"), node.at("condition"), f"condition of '{name}'").located():
        condition = problems.mapping(item, at, f"a condition of '{name}'")
        problems.check_keys(condition, ("type", "name", "value"), f"a condition of '{name}'")
        if condition.get("type") != "slot" or "name" not in condition:
            problems.add(at, f"a condition of '{name}' must be {{type: slot, name: …, value: …}}")
        parsed.append((str(condition.get("name")), condition.get("value")))
    return tuple(parsed)
