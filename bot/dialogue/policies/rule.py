"""An intent that is sure enough sets off the rules for it."""

from functools import partial

from bot.dialogue.certainty import NO_QUESTION, is_sure, looks_up
from bot.dialogue.context import LAST_QUESTION
from bot.dialogue.exchange import Exchange
from bot.dialogue.performing import follow_rules, rules_for
from bot.dialogue.policies.base import Prediction, reason
from bot.dialogue.request import Request
from bot.dialogue.rules import Rule

NAME = "rule"


def predict(exchange: Exchange, request: Request) -> Prediction | None:
    rules = rules_for(exchange, request)
    if not rules or not is_sure(exchange, request):
        return None
    carry_out = partial(follow, exchange, rules, request)
    return Prediction(NAME, rules[0].actions[0], reason("means", request), carry_out, rules[0].name)


def follow(exchange: Exchange, rules: tuple[Rule, ...], request: Request) -> None:
    """Follow the rules, and remember a question: the next message may be "and that of #W2?"."""
    if request.intent.name not in NO_QUESTION:
        is_question = looks_up(exchange, request, request.intent)
        exchange.set_slot(LAST_QUESTION, request.intent.name if is_question else None)
    follow_rules(exchange, rules, request)
