"""What a short message means in the light of what went before it. Words alone cannot say it, so no model can.

"那K2的呢", "and #W2?"            the last question again, about something else
"what was in the second one?"     a question about something that was just offered
"he likes camping", 200块以内的   what the last answer had asked to be told
"not cancel, change the address"  another task than the one under way
"发一份吧", "yes, pass it on"      a yes, in the words of the yes-or-no question
"""

from bot.dialogue.certainty import (
    ABOUT_AS_LIKELY,
    ANSWERS,
    NO_QUESTION,
    OUT_OF_SCOPE,
    SMALL_TALK,
    is_sure,
    looks_up,
    writes,
)
from bot.dialogue.exchange import Exchange
from bot.dialogue.performing import form_opened_by, rules_for
from bot.dialogue.phrases import (
    ASKED,
    CODE,
    ELLIPSIS,
    NO,
    POINTS,
    POINTS_AT,
    PUTS_RIGHT,
    QUESTION,
    QUESTION_WORD,
    RUNS_OUT,
    WISH,
    YES,
)
from bot.dialogue.reasons import Reason, because
from bot.dialogue.request import Request
from bot.dialogue.words import all_words, is_wordless, telling_words
from nlu.types import IntentGuess

NAME = "context"
CHOICE = "choose_option"
BEST_GUESSES = 3
LAST_QUESTION = "last_question"
"""The slot with the intent of the last question that was answered."""
OPEN_QUESTION = "open_question"
"""The slot in which an action keeps what it asked: the intent that goes on, and the intents that answers look like."""
RECOMMEND = "recommend_product"
UNSURE = "nlu_fallback"
"""Rasa's name for a message that no intent fits."""
SHARE_OF_REST = 0.6
"""So much of what `inform` leaves over makes a question sure when nothing was asked."""
MOST_ECHOED = 0.6
"""After a yes, so much of the rest must be words of the question."""
LONGEST_ECHO = 12


def in_context(exchange: Exchange, request: Request) -> Request:
    """The request with the intent that the moment gives it, made the latest message then; mostly as it is."""
    for reading in (_echo, _putting_right, _continuation, _pointing, _going_on, _running_out, _no_answer):
        found = reading(exchange, request)
        if found is not None:
            intent, why = found
            meant = request.meant(intent)
            exchange.decided(NAME, intent, why)
            exchange.take_up(meant)
            return meant
    return request


def _echo(exchange: Exchange, request: Request) -> tuple[str, Reason] | None:
    slot = exchange.assistant.slots.get(exchange.tracker.slot("requested_slot") or "")
    if slot is None or not slot.is_yes_no or request.intent.name in ANSWERS or request.values().keys() - {"person"}:
        return None
    is_yes_and_thanks = request.intent.name in SMALL_TALK and YES.match(request.text) and not NO.search(request.text)
    question = _last_words(exchange)
    is_echo = is_yes_and_thanks or repeats_question(request.text, question)
    is_vague = request.intent.confidence < exchange.settings.fallback_threshold
    if is_vague and WISH.match(request.text):
        is_echo = is_echo or repeats_question(WISH.sub("", request.text) + "吧", question)
    return ("affirm", because("echoes")) if is_echo else None


def repeats_question(text: str, question: str) -> bool:
    """Whether the text says yes in the words of the question, and nothing else."""
    if NO.search(text) or QUESTION_WORD.search(text):
        return False
    opening = YES.match(text)
    rest = text[opening.end() :] if opening else text
    said = telling_words(rest)
    if not said or len(said) > LONGEST_ECHO:
        return False
    asked = set(all_words(question))
    share = sum(word in asked for word in said) / len(said)
    if opening:
        return share >= MOST_ECHOED
    is_wish = text.rstrip(" 。.!！").endswith("吧") or (
        ("please" in text or len(all_words(text)) > len(said)) and text.isascii()
    )
    return share == 1 and is_wish


def _last_words(exchange: Exchange) -> str:
    for event in reversed(exchange.tracker.events):
        if event["event"] == "bot" and event.get("text"):
            return str(event["text"])
    return ""


def _putting_right(exchange: Exchange, request: Request) -> tuple[str, Reason] | None:
    if not exchange.tracker.active_loop or not PUTS_RIGHT.search(request.text):
        return None
    for guess in request.intents[:BEST_GUESSES]:
        opened = form_opened_by(exchange, rules_for(exchange, request.meant(guess.name)))
        is_other = opened not in (None, exchange.tracker.active_loop)
        if is_other and guess.name not in ANSWERS and guess.confidence >= exchange.settings.clarify_floor:
            return guess.name, because("puts_right", intent=guess.name)
    return None


def _continuation(exchange: Exchange, request: Request) -> tuple[str, Reason] | None:
    last = exchange.tracker.slot(LAST_QUESTION)
    if not last or exchange.tracker.active_loop or not ELLIPSIS.match(request.text):
        return None
    names = [entity["text"] for entity in request.entities] or CODE.findall(request.text)
    says_more = is_sure(exchange, request) and request.intent.name not in ("inform", CHOICE, OUT_OF_SCOPE)
    if not names or says_more:
        return None
    opens = form_opened_by(exchange, rules_for(exchange, request.meant(last)))
    if request.all_values("order_number") and opens is None:  # that question was about no order
        return None
    return last, because("continues", intent=last)


def _going_on(exchange: Exchange, request: Request) -> tuple[str, Reason] | None:
    """An action asked for more (the slot `open_question`) and the message tells it, whatever its words are about."""
    asked = exchange.tracker.slot(OPEN_QUESTION) or {}
    if exchange.tracker.active_loop or not asked or exchange.tracker.slot(LAST_QUESTION) != asked["intent"]:
        return None
    said = request.intent.name if is_sure(exchange, request) else UNSURE
    is_question = said != "inform" and QUESTION.search(request.text)
    if is_question or said not in asked["answers"] or is_wordless(request.text):
        return None
    return asked["intent"], because("goes_on", intent=asked["intent"])


def _running_out(exchange: Exchange, request: Request) -> tuple[str, Reason] | None:
    is_known = exchange.assistant.rules.knows(RECOMMEND)
    if exchange.tracker.active_loop or not is_known or not RUNS_OUT.search(request.text):
        return None
    return (RECOMMEND, because("runs_out")) if request.intent.name != RECOMMEND else None


def _no_answer(exchange: Exchange, request: Request) -> tuple[str, Reason] | None:
    """ "Where's #W1, a@b.com", "那退货吧": with nothing asked it is no answer, so the other meanings share what the
    answer had."""
    if exchange.tracker.active_loop or request.intent.name not in ("inform", "affirm") or len(request.intents) < 2:
        return None
    guess, left = request.intents[1], 1 - request.intent.confidence
    is_wanted = _is_asked if request.intent.name == "inform" else _may_be_begun
    if guess.confidence < exchange.settings.clarify_floor or not is_wanted(exchange, request, guess):
        return None
    share = guess.confidence / left
    return (guess.name, because("no_answer", intent=guess.name, sure=f"{share:.0%}")) if share > SHARE_OF_REST else None


def _is_asked(exchange: Exchange, request: Request, guess: IntentGuess) -> bool:
    return bool(ASKED.search(request.words_beside_entities())) and looks_up(exchange, request, guess)


def _may_be_begun(exchange: Exchange, request: Request, guess: IntentGuess) -> bool:
    """Whether nothing is written before a yes."""
    return guess.name not in NO_QUESTION and not writes(exchange, request, guess)


def _pointing(exchange: Exchange, request: Request) -> tuple[str, Reason] | None:
    tracker = exchange.tracker
    is_open = request.intent.name in (CHOICE, OUT_OF_SCOPE) or not is_sure(exchange, request)
    points = POINTS.search(request.text) or request.all_values("ordinal")
    if tracker.active_loop or not tracker.slot("choices") or not is_open or not points:
        return None
    for guess in request.intents[:BEST_GUESSES]:
        is_likely = guess.confidence >= max(
            exchange.settings.clarify_floor, ABOUT_AS_LIKELY * request.intent.confidence
        )
        if is_likely and looks_up(exchange, request, guess):
            return guess.name, because("points", intent=guess.name, sure=f"{guess.confidence:.0%}")
    if (
        request.intent.name == OUT_OF_SCOPE
        and POINTS_AT.search(request.text)
        and exchange.assistant.rules.knows(CHOICE)
    ):
        return CHOICE, because("points", intent=CHOICE, sure="0%")
    return None
