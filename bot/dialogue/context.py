"""What a short message means in the light of what went before it. Words alone cannot say it, so no model can.

"那K2的呢", "and #W2?"            the last question again, about something else
"what was in the second one?"     a question about something that was just offered
"发一份吧", "yes, pass it on"      a yes, in the words of the yes-or-no question
"""

import re

from bot.dialogue.certainty import ABOUT_AS_LIKELY, ANSWERS, OUT_OF_SCOPE, is_sure, looks_up
from bot.dialogue.exchange import Exchange
from bot.dialogue.reasons import Reason, because
from bot.dialogue.request import Request
from bot.dialogue.words import all_words, telling_words

NAME = "context"
BEST_GUESSES = 3
LAST_QUESTION = "last_question"
"""The slot with the intent of the last question that was answered."""
ELLIPSIS = re.compile(
    r"^\W*(?:ok\W+|okay\W+)?(?:and|also|what about|how about|and what about|and how about)\b.{1,40}$"
    r"|^\W*(?:那么?|还有|以及).{1,24}呢?\W*$|^.{1,24}呢\W*$",
    re.IGNORECASE,
)
CODE = re.compile(r"\b(?=[A-Z0-9-]*[A-Z])[A-Z0-9-]{4,}\b", re.ASCII)
POINTS = re.compile(
    r"\bones?\b|\b(this|that|these|those)\b|第[一二两三四五六七八九十\d]+|[这那]([个款件双台只种]|一)", re.IGNORECASE
)
YES = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|sure|ok(?:ay)?|please do|嗯+|好的?|是的?|对的?|行|可以|要)(?:\W+|(?=[^a-z]))",
    re.IGNORECASE,
)
NO = re.compile(r"\b(no|not|don'?t|never|stop|wait)\b|不|别|没|算了|等等", re.IGNORECASE)
MOST_ECHOED = 0.6
"""After a yes, so much of the rest must be words of the question."""
LONGEST_ECHO = 12


def in_context(exchange: Exchange, request: Request) -> Request:
    """The request with the intent that the moment gives it, made the latest message then; mostly as it is."""
    for reading in (_echo, _continuation, _pointing):
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
    if slot is None or not slot.is_yes_no or request.intent.name in ANSWERS or request.entities:
        return None
    return ("affirm", because("echoes")) if repeats_question(request.text, _last_words(exchange)) else None


def repeats_question(text: str, question: str) -> bool:
    """Whether the text says yes in the words of the question, and nothing else."""
    if NO.search(text) or "?" in text or "？" in text:
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


def _continuation(exchange: Exchange, request: Request) -> tuple[str, Reason] | None:
    last = exchange.tracker.slot(LAST_QUESTION)
    if not last or exchange.tracker.active_loop or not ELLIPSIS.match(request.text):
        return None
    names = [entity["text"] for entity in request.entities] or CODE.findall(request.text)
    says_more = is_sure(exchange, request) and request.intent.name not in ("inform", "choose_option", OUT_OF_SCOPE)
    if not names or says_more:
        return None
    return last, because("continues", intent=last)


def _pointing(exchange: Exchange, request: Request) -> tuple[str, Reason] | None:
    tracker = exchange.tracker
    is_open = request.intent.name == "choose_option" or not is_sure(exchange, request)
    if tracker.active_loop or not tracker.slot("choices") or not is_open or not _points(request):
        return None
    for guess in request.intents[:BEST_GUESSES]:
        is_likely = guess.confidence >= max(
            exchange.settings.clarify_floor, ABOUT_AS_LIKELY * request.intent.confidence
        )
        if is_likely and looks_up(exchange, request, guess):
            return guess.name, because("points", intent=guess.name, sure=f"{guess.confidence:.0%}")
    return None


def _points(request: Request) -> bool:
    return bool(POINTS.search(request.text)) or bool(request.all_values("ordinal"))
