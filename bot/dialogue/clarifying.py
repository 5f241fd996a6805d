""" "Did you mean A or B?": asking it, and reading the answer. After that: rephrase, then a person."""

import re
from dataclasses import dataclass

from bot.dialogue.declining import declines_person
from bot.dialogue.exchange import HUMAN, Exchange
from bot.dialogue.request import Request
from bot.dialogue.responses import message_from
from bot.dialogue.words import telling_words
from bot.messages import BotMessage
from nlu.types import IntentGuess

MOST_OFFERED = 3
CLOSE = 0.3
"""A second guess below this share of the first is not worth offering beside it."""
NEVER_OFFERED = frozenset({"out_of_scope", "affirm", "deny", "inform", "choose_option", "nevermind"})
"""Nobody means to ask for these."""
MOST_WORDS = 4
"""A longer text is more than the name of what was offered."""
PLACES = tuple(
    re.compile(rf"^\W*({words})\W*$", re.IGNORECASE)
    for words in (
        "1|one|(the )?first( one)?|第一个?|一|前者|前面那个|上面那个",
        "2|two|(the )?second( one)?|第二个?|二|后者|后面那个|下面那个",
        "3|three|(the )?third( one)?|第三个?|三",
    )
)
"""How people name the first, the second and the third of what was offered."""


@dataclass(frozen=True)
class Answer:
    """What the customer made of the question: the intent chosen, or None for "neither" and for a yes to several."""

    intent: str | None
    is_open: bool = False
    """A bare yes where several were offered: which one?"""


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
        and guess.name not in NEVER_OFFERED
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
    """Ask which of these was meant; a button holds its own title, so that a click and typing it are the same.

    A single one is asked about with a yes-or-no question.
    """
    titles = [exchange.assistant.title(guess.name, exchange.language) or guess.name for guess in guesses]
    exchange.set_slot("clarify_intents", [guess.name for guess in guesses])
    exchange.set_slot("clarify_request", request.to_json())
    if len(titles) == 1:
        exchange.say_with("utter_clarify_one", BotMessage(), {"request": titles[0][:1].lower() + titles[0][1:]})
    else:
        buttons = [{"title": title, "payload": title} for title in titles]
        exchange.say_with("utter_clarify", message_from({"buttons": buttons}))
    exchange.is_over = True


def ask_which(exchange: Exchange, offered: list[str], request: Request) -> None:
    """Put the question once more, to somebody who said yes to all of it; a person is offered when that goes on."""
    exchange.is_misunderstood = True
    kept = exchange.tracker.slot("clarify_request")
    if exchange.tracker.slot("failed_turns") + 1 >= exchange.settings.patience_turns:
        exchange.offer_person("repeated_failure")
    else:
        unclear = Request.from_json(kept) if kept else request
        offer(exchange, tuple(IntentGuess(name, 0.0) for name in offered), unclear)


def answer_to(exchange: Exchange, request: Request) -> Answer | None:
    """Which of the offered intents the message picks; None when it is no answer to the question."""
    offered: list[str] = exchange.tracker.slot("clarify_intents")
    if not offered:
        return None
    sure = request.intent.confidence >= exchange.settings.fallback_threshold
    named = exchange.assistant.titles.get(request.text.strip().casefold())
    if named in offered:
        return Answer(named)
    for meaning, place in zip(offered, PLACES, strict=False):
        if place.match(request.text):
            return Answer(meaning)
    if HUMAN in offered and declines_person(request.text):
        return Answer(None)
    if sure and request.intent.name in offered:
        return Answer(request.intent.name)
    if sure and request.intent.name == "deny":
        return Answer(None)
    if sure and request.intent.name == "affirm":
        only = offered[0] if len(offered) == 1 else None
        named = only or _worded_like(exchange, request.text, offered)
        return Answer(named, is_open=named is None)
    is_name = not request.entities and len(telling_words(request.text)) <= MOST_WORDS
    worded = _worded_like(exchange, request.text, offered) if is_name and not sure else None
    return Answer(worded) if worded else None


def _worded_like(exchange: Exchange, text: str, offered: list[str]) -> str | None:
    """The one whose title shares most words with the text ("yes, cancel"); None when none does, or several do."""
    said = set(telling_words(text))
    shares = {
        name: len(said & set(telling_words(exchange.assistant.title(name, exchange.language) or "")))
        for name in offered
    }
    best = max(shares.values())
    winners = [name for name, share in shares.items() if share == best]
    return winners[0] if best and len(winners) == 1 else None


def original_request(exchange: Exchange, request: Request, intent: str) -> Request:
    """The request that was unclear, now with the intent that was picked, and made the latest message again."""
    kept = exchange.tracker.slot("clarify_request")
    meant = (Request.from_json(kept) if kept else request).meant(intent)
    exchange.take_up(meant)
    return meant
