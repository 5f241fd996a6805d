"""Taking a message in, before anything is decided: the session, the language, the mood, what the slots can use."""

from bot.conversation import events as happened
from bot.conversation.events import Event
from bot.conversation.tracker import Tracker
from bot.dialogue.exchange import Exchange
from bot.dialogue.extraction import global_candidates, scope_of
from bot.dialogue.form_loop import active_form
from bot.dialogue.language import language_of
from bot.dialogue.mood import mood_of
from bot.dialogue.request import Request
from bot.dialogue.slots import UNDER_WAY
from nlu.types import Understanding

MOODS_KEPT = 3
VALIDATE_SLOTS = "action_validate_slot_mappings"


def hear(exchange: Exchange, understanding: Understanding) -> None:
    """Make the message the latest one. Slots that the engine keeps are set before it, as Rasa's actions expect."""
    tracker = exchange.tracker
    if exchange.assistant.session.begins(tracker, exchange.now):
        _begin_session(exchange)
    exchange.set_slot("language", language_of(understanding, tracker.slot("language"), exchange.message))
    moods = [*tracker.slot("recent_sentiment"), round(mood_of(exchange, understanding), 3)]
    exchange.set_slot("recent_sentiment", moods[-MOODS_KEPT:])
    parsed = {
        **Request.of(understanding).to_json(),
        "language": understanding.language,
        "sentiment": {"label": understanding.sentiment.label, "score": understanding.sentiment.score},
    }
    exchange.apply(happened.user_uttered(exchange.message, parsed, exchange.now))


def fill_slots(exchange: Exchange, request: Request) -> None:
    """Fill the slots that any message may fill; those of the active form are for its validation to decide."""
    form = active_form(exchange)
    beside = scope_of(form, exchange.assistant) if form else ()
    candidates = global_candidates(request, exchange.assistant, beside)
    if not candidates or VALIDATE_SLOTS not in exchange.assistant.actions:
        for name, value in candidates.items():
            exchange.set_slot(name, value)
        return
    state = exchange.tracker.state()
    state["slots"].update(candidates)
    state["events"].extend(happened.slot_set(name, value, exchange.now) for name, value in candidates.items())
    if result := exchange.call(VALIDATE_SLOTS, state):
        exchange.take(result)


def _begin_session(exchange: Exchange) -> None:
    """A new session. What was set from outside for this very turn (a signed customer, say) stays set."""
    tracker = exchange.tracker
    carries_over = tracker.has_session and exchange.assistant.session.carries_over_slots
    kept = _set_since_last_turn(tracker)
    if carries_over:
        kept = {**_lasting_slots(tracker), **kept}
    exchange.executed("action_session_start")
    exchange.apply(happened.session_started(exchange.now))
    for name, value in kept.items():
        exchange.set_slot(name, value)
    exchange.executed("action_listen")


def _lasting_slots(tracker: Tracker) -> Event:
    """Every slot but those that belong to what was under way: a session begins with no form open."""
    return {name: value for name, value in tracker.slots.items() if name not in UNDER_WAY}


def _set_since_last_turn(tracker: Tracker) -> Event:
    found: Event = {}
    for event in reversed(tracker.events):
        if event["event"] != "slot":
            break
        found.setdefault(event["name"], event.get("value"))
    return found
