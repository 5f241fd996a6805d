"""When a person takes over: asked for, or the customer is angry. Comes before everything, inside a form as well."""

from functools import partial

from bot.conversation import events as happened
from bot.dialogue.certainty import OUT_OF_SCOPE, is_sure, looks_up
from bot.dialogue.declining import calls_person, declines_person
from bot.dialogue.exchange import HUMAN, Exchange
from bot.dialogue.performing import form_opened_by, perform, rules_for
from bot.dialogue.phrases import REPROACH
from bot.dialogue.policies import waiting
from bot.dialogue.policies.base import Prediction, reason
from bot.dialogue.reasons import Reason, because
from bot.dialogue.request import Request
from bot.dialogue.slots import UNDER_WAY

REPROACHED = "utter_reproached"
OFFERED = "utter_offer_human"
DECLINED = "utter_offer_declined"
ACTION = "action_human_handoff"
NAME = "handoff"
REASON = "handoff_reason"
AT_RISK = "is_value_at_risk"
JUDGE = "action_judge_value"
CALLED = "called_person_at"
ENOUGH = "utter_called_person_enough"
ASKED_FOR = frozenset({"asked", "policy"})
"""Reasons that are the customer's or the shop's own wish: they always count."""
DAY_SECONDS = 86400.0
VERY_NEGATIVE_TURNS = 2
CALLS_OFF = frozenset({"nevermind", "deny"})
"""What "oh forget it, get me a person" is taken for."""
NO_REQUEST = frozenset({"ask_help", "small_talk", OUT_OF_SCOPE})
"""What "can't you do something useful for once" is taken for."""


def predict(exchange: Exchange, request: Request) -> Prediction | None:
    if not exchange.assistant.can(ACTION):
        return None
    if prediction := waiting.call_back(exchange, request):
        return prediction
    if request.intent.name == HUMAN and declines_person(request.text):
        return Prediction(NAME, DECLINED, because("person_declined"), partial(_stay, exchange))
    is_called = request.intent.name in CALLS_OFF and calls_person(request.text)
    if is_called or (request.intent.name == HUMAN and is_sure(exchange, request)):
        offered = exchange.tracker.slot(REASON)
        return hand_off(exchange, request, offered or "asked", reason("person_asked", request))
    if request.intent.name in exchange.settings.person_topics and is_sure(exchange, request):
        return hand_off(exchange, request, "policy", reason("topic_for_people", request))
    if _is_angry(exchange):
        return hand_off(exchange, request, "angry", because("angry"))
    if _is_reproach(exchange, request):
        why = because("reproaches", intent=request.intent.name)
        return Prediction(NAME, REPROACHED, why, partial(exchange.offer_person, "angry", REPROACHED))
    return None


def _stay(exchange: Exchange) -> None:
    """Go on without a person; an open question speaks for itself."""
    if exchange.tracker.active_loop is None:
        exchange.say(DECLINED)


def _is_reproach(exchange: Exchange, request: Request) -> bool:
    """ "Why did you cancel it?!" asks for no cancellation: the task is not begun, somebody has to look into it."""
    opened = form_opened_by(exchange, rules_for(exchange, request))
    is_other_task = opened not in (None, exchange.tracker.active_loop)
    return is_other_task and bool(REPROACH.search(request.text)) and not looks_up(exchange, request, request.intent)


def after_anger(exchange: Exchange, request: Request) -> Prediction | None:
    """Somebody angry was offered a person and says nothing that could be done: no list of what the bot can do now.

    The person is called where the mood stays bad, else offered once more.
    """
    moods: list[float] = exchange.tracker.slot("recent_sentiment")
    was_angry = len(moods) > 1 and moods[-2] <= exchange.settings.angry_score
    is_request = is_sure(exchange, request) and request.intent.name not in NO_REQUEST
    if not was_angry or is_request or exchange.tracker.active_loop:
        return None
    if moods[-1] <= exchange.settings.unhappy_score:
        return hand_off(exchange, request, "angry", because("after_anger"))
    return Prediction(NAME, OFFERED, because("after_anger"), partial(exchange.offer_person, "angry"))


def hand_off(exchange: Exchange, request: Request, handoff_reason: str, why: Reason) -> Prediction:
    """Call a person; but not for ever again when the bot is the one who wants it (a circle of bot and people)."""
    times = len(_called_lately(exchange))
    if handoff_reason not in ASKED_FOR and times >= exchange.settings.most_calls_a_day:
        return Prediction(NAME, ENOUGH, because("called_enough", times=times), partial(_offer_call_back, exchange))
    return Prediction(NAME, ACTION, why, partial(_carry_out, exchange, request, handoff_reason))


def unhappiness(exchange: Exchange) -> str | None:
    """Why a person should be offered, where nobody has been yet: two of the last three messages were negative, or one
    was, of a customer whom the shop can least afford to lose."""
    recent: list[float] = exchange.tracker.slot("recent_sentiment")
    limit = exchange.settings.unhappy_score
    if not recent or exchange.tracker.slot("is_person_offered"):
        return None
    if sum(score <= limit for score in recent) >= VERY_NEGATIVE_TURNS:
        return "angry"
    return "value_at_risk" if recent[-1] <= limit and _is_value_at_risk(exchange) else None


def _is_value_at_risk(exchange: Exchange) -> bool:
    """Asked once a conversation: it takes a look at the customer's profile."""
    is_asked = exchange.tracker.slot(AT_RISK) is not None
    is_known = exchange.tracker.slot("customer_id") is not None and exchange.assistant.can(JUDGE)
    if not is_asked and is_known and (result := exchange.call(JUDGE)):
        exchange.take(result)
    return bool(exchange.tracker.slot(AT_RISK))


def _is_angry(exchange: Exchange) -> bool:
    recent: list[float] = exchange.tracker.slot("recent_sentiment")
    limit = exchange.settings.angry_score
    return bool(recent) and recent[-1] <= limit and sum(score <= limit for score in recent) >= VERY_NEGATIVE_TURNS


def _called_lately(exchange: Exchange) -> list[float]:
    return [at for at in exchange.tracker.slot(CALLED) or () if exchange.now - at < DAY_SECONDS]


def _offer_call_back(exchange: Exchange) -> None:
    exchange.set_slot(waiting.CALL_BACK_OFFERED, True)
    exchange.set_slot("recent_sentiment", [])
    exchange.say(ENOUGH)
    exchange.is_over = True


def _carry_out(exchange: Exchange, request: Request, handoff_reason: str) -> None:
    exchange.set_slot(REASON, handoff_reason)
    perform(exchange, ACTION, request)
    if exchange.tracker.paused:
        exchange.set_slot(CALLED, [*_called_lately(exchange), exchange.now])
        _clear_the_desk(exchange)


def _clear_the_desk(exchange: Exchange) -> None:
    """Whatever was under way is the person's now; the bot comes back to a clean start, but for why it was called."""
    if exchange.tracker.active_loop:
        exchange.apply(happened.active_loop(None, exchange.now))
    for name in sorted(UNDER_WAY - {REASON}):
        exchange.set_slot(name, exchange.tracker.initial_slots.get(name))
