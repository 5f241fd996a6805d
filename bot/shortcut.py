"""Rasa's `/intent{"entity": "value"}` text, which names its own meaning. For tests; off unless a setting allows it."""

import json
import re

from nlu.types import Entity, IntentGuess, Sentiment, Understanding

SHORTCUT = re.compile(r"^/(?P<intent>\w+)\s*(?P<entities>\{.*\})\s*$", re.DOTALL)


def is_shortcut(text: str) -> bool:
    return SHORTCUT.match(text) is not None


def understood(text: str) -> Understanding | None:
    """What the shortcut says; None when the text is none, or its braces hold no JSON object."""
    found = SHORTCUT.match(text)
    try:
        named = json.loads(found["entities"]) if found else None
    except ValueError:
        return None
    if not found or not isinstance(named, dict):
        return None
    entities = tuple(Entity(name, str(value), "", 0, 0, extractor="shortcut") for name, value in named.items())
    intents = (IntentGuess(found["intent"], 1.0),)
    return Understanding(text, "en", intents, Sentiment("neutral", 0.0), entities, model_version="shortcut")
