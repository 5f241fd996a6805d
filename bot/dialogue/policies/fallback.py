"""What to do with a message that no rule is sure about. It never guesses: nothing is begun that was not asked for."""

from functools import partial

from bot.dialogue.certainty import ANSWERS, OUT_OF_SCOPE, is_sure, needed
from bot.dialogue.clarifying import ask_what_was_meant, plausible
from bot.dialogue.exchange import Exchange
from bot.dialogue.performing import follow_rules, perform
from bot.dialogue.policies import handoff
from bot.dialogue.policies.base import Prediction, reason
from bot.dialogue.reasons import Reason, because
from bot.dialogue.request import Request
from bot.dialogue.rules import Rule
from bot.dialogue.words import is_wordless

NAME = "fallback"
ARTICLES = "action_answer_from_articles"
ASK_WHAT = "utter_ask_what_to_do"
NOT_UNDERSTOOD = "nlu_fallback"
"""Rasa's name for a message that no intent fits; an assistant may write rules for it."""


def predict(exchange: Exchange, request: Request) -> Prediction:
    return (
        _take_note(exchange, request)
        or _answer_from_articles(exchange, request)
        or _hand_off(exchange, request)
        or _own_rule(exchange, request)
        or _ask(exchange, request)
    )


def _take_note(exchange: Exchange, request: Request) -> Prediction | None:
    """ "#W2378156." with nothing pending: remember it, and ask what is to be done."""
    if request.intent.name not in ANSWERS or not is_sure(exchange, request):
        return None
    return Prediction(NAME, ASK_WHAT, because("noted"), partial(_note_and_ask, exchange, request))


def _note_and_ask(exchange: Exchange, request: Request) -> None:
    for name, value in request.values().items():
        if name in exchange.assistant.slots and exchange.tracker.slot(name) is None:
            exchange.set_slot(name, exchange.assistant.slots[name].coerced(value))
    exchange.say(ASK_WHAT)


def _answer_from_articles(exchange: Exchange, request: Request) -> Prediction | None:
    """A question that no intent covers; or one nobody can guess at, for the first time."""
    if not exchange.assistant.can(ARTICLES):
        return None
    if request.intent.name == OUT_OF_SCOPE and is_sure(exchange, request):
        why = reason("out_of_scope", request)
    elif exchange.tracker.slot("failed_turns") == 0 and not plausible(exchange, request):
        why = _why_unsure(exchange, request)
    else:
        return None
    return Prediction(NAME, ARTICLES, why, partial(perform, exchange, ARTICLES, request))


def _hand_off(exchange: Exchange, request: Request) -> Prediction | None:
    failed = exchange.tracker.slot("failed_turns")
    is_patient = failed < exchange.settings.patience_turns or is_wordless(request.text)
    if is_patient or not exchange.assistant.can(handoff.ACTION):
        return None
    return handoff.hand_off(exchange, request, "repeated_failure", because("gave_up", failed=failed))


def _own_rule(exchange: Exchange, request: Request) -> Prediction | None:
    tracker = exchange.tracker
    rules = exchange.assistant.rules.for_intent(
        NOT_UNDERSTOOD, tracker.slots, tracker.active_loop, request.values(), is_start=False
    )
    if not rules:
        return None
    carry_out = partial(_follow_own_rule, exchange, rules, request)
    return Prediction(NAME, rules[0].actions[0], _why_unsure(exchange, request), carry_out, rules[0].name)


def _follow_own_rule(exchange: Exchange, rules: tuple[Rule, ...], request: Request) -> None:
    exchange.is_misunderstood = True
    follow_rules(exchange, rules, request)


def _ask(exchange: Exchange, request: Request) -> Prediction:
    carry_out = partial(ask_what_was_meant, exchange, request)
    return Prediction(NAME, "action_two_stage_fallback", _why_unsure(exchange, request), carry_out)


def _why_unsure(exchange: Exchange, request: Request) -> Reason:
    if is_sure(exchange, request):
        return reason("nothing_follows", request)
    failed = exchange.tracker.slot("failed_turns") + 1
    return reason("unsure", request, needed=f"{needed(exchange, request):.0%}", failed=failed)
