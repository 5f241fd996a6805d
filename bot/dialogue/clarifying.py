""" "Did you mean A or B?": asking it, and reading the answer. After that: rephrase, then a person."""

import re
from dataclasses import dataclass

from bot.dialogue.exchange import Exchange
from bot.dialogue.request import Request
from bot.dialogue.responses import message_from
from nlu.types import IntentGuess

MOST_OFFERED = 2
CLOSE = 0.3
"""A second guess below this share of the first is not worth offering beside it."""
FIRST = re.compile(r"^\W*(1|one|the first( one)?|first( one)?|第一个?|一|前者|前面那个|上面那个)\W*$", re.IGNORECASE)
SECOND = re.compile(r"^\W*(2|two|the second( one)?|second( one)?|第二个?|二|后者|后面那个|下面那个)\W*$", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What the customer made of the question: the intent chosen, or None for "neither"."""

    intent: str | None


def plausible(exchange: Exchange, request: Request) -> tuple[IntentGuess, ...]:
    """The guesses worth offering: those with a title and something that follows, if together they are likely enough."""
    settings = exchange.settings
    guesses = [guess for guess in request.intents if _is_offerable(exchange, guess)][:MOST_OFFERED]
    if sum(guess.confidence for guess in guesses) < settings.clarify_threshold:
        return ()
    return tuple(guess for guess in guesses if guess.confidence >= CLOSE * guesses[0].confidence)


def _is_offerable(exchange: Exchange, guess: IntentGuess) -> bool:
    return (
        guess.confidence >= exchange.settings.clarify_floor
        and exchange.assistant.title(guess.name, exchange.language) is not None
        and exchange.assistant.rules.knows(guess.name)
    )


def ask_what_was_meant(exchange: Exchange, request: Request) -> None:
    """The stages of not understanding: offer the likeliest meanings, then ask for other words, then offer a person."""
    exchange.is_misunderstood = True
    exchange.is_over = True
    failed = exchange.tracker.slot("failed_turns")
    guesses = plausible(exchange, request)
    if failed + 1 >= exchange.settings.patience_turns:
        exchange.offer_person("repeated_failure")
    elif failed == 0 and guesses:
        offer(exchange, guesses, request)
    else:
        exchange.say("utter_ask_rephrase")


def offer(exchange: Exchange, guesses: tuple[IntentGuess, ...], request: Request) -> None:
    """Ask which of these was meant; a button holds its own title, so that a click and typing it are the same."""
    titles = [exchange.assistant.title(guess.name, exchange.language) or guess.name for guess in guesses]
    exchange.set_slot("clarify_intents", [guess.name for guess in guesses])
    exchange.set_slot("clarify_request", request.to_json())
    buttons = [{"title": title, "payload": title} for title in titles]
    exchange.say_with("utter_clarify", message_from({"buttons": buttons}))
    exchange.is_over = True


def answer_to(exchange: Exchange, request: Request) -> Answer | None:
    """Which of the offered intents the message picks; None when it is no answer to the question."""
    offered: list[str] = exchange.tracker.slot("clarify_intents")
    if not offered:
        return None
    sure = request.intent.confidence >= exchange.settings.fallback_threshold
    named = exchange.assistant.titles.get(request.text.strip().casefold())
    if named in offered:
        return Answer(named)
    if FIRST.match(request.text):
        return Answer(offered[0])
    if SECOND.match(request.text) and len(offered) > 1:
        return Answer(offered[1])
    if sure and request.intent.name in ("affirm", *offered):
        return Answer(request.intent.name if request.intent.name in offered else offered[0])
    if sure and request.intent.name == "deny":
        return Answer(None)
    return None


def original_request(exchange: Exchange, request: Request, intent: str) -> Request:
    """The request that was unclear, now with the intent that was picked, and made the latest message again."""
    kept = exchange.tracker.slot("clarify_request")
    meant = (Request.from_json(kept) if kept else request).meant(intent)
    exchange.take_up(meant)
    return meant
