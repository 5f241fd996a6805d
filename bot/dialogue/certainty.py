"""How sure the bot must be before it follows a request: the more it would change, the surer.

looks something up, asks for no more than who and which order    lookup_threshold, if no task is about as likely
a task, which asks for more (an item, a reason, a yes) first      fallback_threshold
writes without asking (marked `writes: true` under actions)       write_threshold
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from enum import Enum

from bot.dialogue.assistant import Assistant
from bot.dialogue.exchange import HUMAN, Exchange
from bot.dialogue.performing import form_opened_by, rules_for
from bot.dialogue.request import Request
from bot.dialogue.rules import Rule
from nlu.types import IntentGuess

ANSWERS = frozenset({"affirm", "deny", "inform", "choose_option", "nevermind"})
"""Intents that say something about what is going on; they never begin a request."""
SMALL_TALK = frozenset({"greet", "thank", "praise", "small_talk"})
"""Said beside an answer, these are not worth missing the answer for."""
GOODBYE = "goodbye"
OUT_OF_SCOPE = "out_of_scope"
NO_QUESTION = ANSWERS | SMALL_TALK | {GOODBYE, OUT_OF_SCOPE, HUMAN}
IDENTITY = "customer_id"
ABOUT_AS_LIKELY = 0.5
"""A guess that reaches this share of the best one is worth asking about."""


class Effect(Enum):
    LOOKS_UP = "looks up"
    ASKS_FIRST = "asks first"
    WRITES = "writes"


def effect_of(assistant: Assistant, rules: Iterable[Rule]) -> Effect:
    """What following the rules may come to at most."""
    return effect_of_actions(assistant, {name for rule in rules for name in rule.actions})


def effect_of_actions(assistant: Assistant, actions: AbstractSet[str]) -> Effect:
    """What the actions, the forms among them and what follows those may come to at most."""
    forms = [assistant.forms[name] for name in actions if name in assistant.forms]
    following = set(actions).union(*(assistant.rules.follow_ups(form.name) for form in forms))
    if following & assistant.writing:
        return Effect.WRITES
    asked_for = {name for form in forms for name in form.required_slots}
    return Effect.ASKS_FIRST if asked_for - assistant.entities - {IDENTITY} else Effect.LOOKS_UP


def is_sure(exchange: Exchange, request: Request) -> bool:
    return _confidence(exchange, request) >= needed(exchange, request)


def _confidence(exchange: Exchange, request: Request) -> float:
    """How likely the first intent is, or one whose form its own gives way to: nobody needs to say which of the two."""
    form = exchange.assistant.forms.get(_form_of(exchange, request, request.intent) or "")
    if form is None or form.gives_way_to is None:
        return request.intent.confidence
    others = [guess for guess in request.intents[1:] if _form_of(exchange, request, guess) == form.gives_way_to]
    return request.intent.confidence + sum(guess.confidence for guess in others)


def _form_of(exchange: Exchange, request: Request, guess: IntentGuess) -> str | None:
    return form_opened_by(exchange, rules_for(exchange, request.meant(guess.name)))


def needed(exchange: Exchange, request: Request) -> float:
    """The confidence from which the request's first intent is followed at this moment."""
    settings = exchange.settings
    if request.intent.name in NO_QUESTION:
        return settings.fallback_threshold
    effect = _effect(exchange, request, request.intent)
    if effect is Effect.WRITES:
        return max(settings.write_threshold, settings.fallback_threshold)
    if effect is Effect.LOOKS_UP and not _is_contested(exchange, request):
        return min(settings.lookup_threshold, settings.fallback_threshold)
    return settings.fallback_threshold


def looks_up(exchange: Exchange, request: Request, guess: IntentGuess) -> bool:
    """Whether the guess is a question that something answers and nothing is changed by."""
    return guess.name not in NO_QUESTION and _effect(exchange, request, guess) is Effect.LOOKS_UP


def writes(exchange: Exchange, request: Request, guess: IntentGuess) -> bool:
    """Whether following the guess may change something without having asked for a yes."""
    return _effect(exchange, request, guess) is Effect.WRITES


def _is_contested(exchange: Exchange, request: Request) -> bool:
    """Whether a task, or the wish for a person, is about as likely as the question."""
    likely = [guess for guess in request.intents[1:] if guess.confidence >= ABOUT_AS_LIKELY * request.intent.confidence]
    return any(guess.name == HUMAN or _effect(exchange, request, guess) in TASKS for guess in likely)


TASKS = (Effect.ASKS_FIRST, Effect.WRITES)


def _effect(exchange: Exchange, request: Request, guess: IntentGuess) -> Effect | None:
    """None when no rule follows the guess."""
    rules = rules_for(exchange, request.meant(guess.name))
    return effect_of(exchange.assistant, rules) if rules else None
