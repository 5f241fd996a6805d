"""How a customer feels, as far as it matters for calling a person."""

from bot.dialogue.exchange import Exchange
from bot.dialogue.performing import form_opened_by, rules_for
from bot.dialogue.phrases import HEATED
from bot.dialogue.request import Request
from bot.dialogue.words import is_wordless
from nlu.types import Understanding

CALM = -0.2
"""What plain bad news counts for at worst: below zero, but no reason to offer a person."""


def mood_of(exchange: Exchange, understanding: Understanding) -> float:
    """How the customer feels (-1 to 1). Who reports a damage, complains in plain words or answers a form's question
    tells facts: bad news is no anger unless the words are heated.
    """
    score = understanding.sentiment.score
    if is_wordless(understanding.text):
        return max(score, CALM)
    request = Request.of(understanding)
    is_telling = exchange.tracker.active_loop or form_opened_by(exchange, rules_for(exchange, request))
    return max(score, CALM) if is_telling and not HEATED.search(understanding.text) else score
