"""How a customer feels, as far as it matters for calling a person."""

import re

from bot.dialogue.exchange import Exchange
from bot.dialogue.performing import form_opened_by, rules_for
from bot.dialogue.request import Request
from nlu.types import Understanding

HEATED = re.compile(
    r"[!！]{2,}|[?？]{2,}|[!?！？]{3,}"
    r"|\b(damn|hell|wtf|fuck\w*|shit\w*|crap|idiots?|stupid|moron\w*|incompetent|useless|pathetic|ridiculous|disgrac\w+|"
    r"disgusting|outrageous|unacceptable|furious|angry|fed up|sick of|worst|horrible|terrible|awful|hate|scam\w*|"
    r"liars?|thieves|fraud|joke|rubbish|garbage|bullshit|sue you|never again)\b"
    r"|气死|生气|愤怒|火大|恼火|无语|垃圾|骗子|骗人|坑人|忽悠|滚|妈的|他妈|傻[逼叉]|什么破|破店|太差|差劲|最差|恶心|离谱|过分|"
    r"受够|忍不了|投诉你们|受不了|废物|没用|太慢了|搞什么|开玩笑|不像话|要脸|再也不",
    re.IGNORECASE,
)
"""Words and signs of anger. Bad news told plainly sounds negative to a model, too."""
CALM = -0.2
"""What plain bad news counts for at worst: below zero, but no reason to offer a person."""


def mood_of(exchange: Exchange, understanding: Understanding) -> float:
    """How the customer feels (-1 to 1). Who reports a damage, complains in plain words or answers a form's question
    tells facts: bad news is no anger unless the words are heated.
    """
    score = understanding.sentiment.score
    request = Request.of(understanding)
    is_telling = exchange.tracker.active_loop or form_opened_by(exchange, rules_for(exchange, request))
    return max(score, CALM) if is_telling and not HEATED.search(understanding.text) else score
