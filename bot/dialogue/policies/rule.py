"""An intent that is sure enough sets off the rules for it."""

from functools import partial

from bot.dialogue.exchange import Exchange
from bot.dialogue.performing import follow_rules, rules_for
from bot.dialogue.policies.base import Prediction, is_sure, reason
from bot.dialogue.request import Request

NAME = "rule"


def predict(exchange: Exchange, request: Request) -> Prediction | None:
    rules = rules_for(exchange, request)
    if not rules or not is_sure(exchange, request):
        return None
    carry_out = partial(follow_rules, exchange, rules, request)
    return Prediction(NAME, rules[0].actions[0], reason("means", request), carry_out, rules[0].name)
