"""How a form runs: it opens, asks, tries an answer, is put aside and taken up again, and ends."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.action_runner import ActionResult
from bot.conversation import events as happened
from bot.conversation.events import Event
from bot.dialogue.exchange import Exchange
from bot.dialogue.extraction import form_candidates, scope_of
from bot.dialogue.forms import Form
from bot.dialogue.request import Request
from bot.dialogue.slots import ENGINE_SLOTS

REQUESTED = "requested_slot"
TIMES_ASKED = "times_asked"
MOST_ASKED = 3
"""So often a yes-or-no question is put to somebody who goes on with other things."""
RESTS = "utter_form_rests"
MOST_SUSPENDED = 3
REFERS_BACK = re.compile(r"\b(it|its|this|that|the same)\b|它|这个|这单|这笔|这件|该订单|同一", re.IGNORECASE)


@dataclass(frozen=True)
class Trial:
    """What a message would do to the form, not yet done. `result` is None when the validation failed to run."""

    result: ActionResult | None
    values: Mapping[str, Any]
    """The form's slots that would change, with what they would become."""
    closes: bool
    reacts: bool = False
    """The validation has something to say to the message, even if it fills nothing: the value was wrong, perhaps."""

    @property
    def changed(self) -> frozenset[str]:
        return frozenset(self.values)

    @property
    def is_accepted(self) -> bool:
        return bool(self.values) or self.closes


def active_form(exchange: Exchange) -> Form | None:
    return exchange.assistant.forms.get(exchange.tracker.active_loop or "")


def start(exchange: Exchange, form: Form, request: Request) -> None:
    """Open the form with what the message and the conversation already say, or go on with it if it was put aside."""
    if entry := _suspended(exchange, form.name):
        resume(exchange, entry)
        _take_along(exchange, form, request)
        return
    exchange.executed(form.name)
    _count(exchange, form, 0)
    exchange.apply(happened.active_loop(form.name, exchange.now))
    for name in form.required_slots:
        slot = exchange.assistant.slots.get(name)
        if slot is not None and slot.type == "bool":  # an old "yes" must never confirm a new request
            exchange.set_slot(name, slot.initial_value)
    slots = exchange.tracker.slots
    filled = {name: slots[name] for name in form.required_slots if slots.get(name) is not None}
    said = form_candidates(form, request, exchange.assistant, slots, is_trigger=True)
    trial = try_values(exchange, form, {**filled, **said})
    _settle(exchange, form, trial)
    if trial.result is None:
        _close(exchange)


def try_answer(exchange: Exchange, form: Form, request: Request) -> Trial:
    """What the form would make of the message. Nothing is said or changed yet."""
    candidates = form_candidates(form, request, exchange.assistant, exchange.tracker.slots, is_trigger=False)
    return try_values(exchange, form, candidates)


def try_values(exchange: Exchange, form: Form, candidates: Mapping[str, Any]) -> Trial:
    proposed = [happened.slot_set(name, value, exchange.now) for name, value in candidates.items()]
    if form.validator not in exchange.assistant.actions:
        return _weighed(exchange, form, ActionResult(proposed, []))
    state = exchange.tracker.state()
    state["slots"].update(candidates)
    state["events"].extend(proposed)
    result = exchange.call(form.validator, state)
    return _weighed(exchange, form, result) if result else Trial(None, {}, closes=False)


def accept(exchange: Exchange, form: Form, trial: Trial) -> None:
    """Let the answer count: its slots, its messages, the next question or the form's end."""
    exchange.executed(form.name)
    _count(exchange, form, 0)
    _settle(exchange, form, trial)


def ask_or_rest(exchange: Exchange, form: Form) -> None:
    """Ask for the requested slot, unless it is a yes or no that was asked for in vain again and again."""
    slot = exchange.assistant.slots.get(exchange.tracker.slot(REQUESTED) or "")
    times = exchange.tracker.slot(TIMES_ASKED).get(form.name, 0)
    may_rest = slot is not None and slot.is_yes_no and exchange.assistant.can(RESTS)
    if may_rest and times >= MOST_ASKED and not exchange.is_misunderstood:
        leave(exchange, form, response=RESTS)
        return
    _count(exchange, form, times + 1)
    ask(exchange, form)


def _count(exchange: Exchange, form: Form, times: int) -> None:
    others = {name: asked for name, asked in exchange.tracker.slot(TIMES_ASKED).items() if name != form.name}
    exchange.set_slot(TIMES_ASKED, {**others, form.name: times} if times else others)


def ask(exchange: Exchange, form: Form) -> None:
    """Ask for the requested slot."""
    requested = exchange.tracker.slot(REQUESTED)
    way = next((way for way in form.ways_to_ask(requested or "") if exchange.assistant.can(way)), None)
    if way is None:
        exchange.notes.append(f"{form.name} has no way to ask for {requested}")
    elif way.startswith("utter_"):
        exchange.say(way)
    elif result := exchange.call(way):
        exchange.executed(way)
        exchange.take(result)


def put_aside(exchange: Exchange, form: Form, request: Request, *, for_good: bool, is_same_matter: bool) -> None:
    """Make room for another form. What this one had gathered waits with it (unless it is dropped `for_good`), so that
    the next one starts clean.

    Facts stay if it is about the same matter ("where is it now?"): those are the slots named like an entity.
    """
    slots = exchange.tracker.slots
    kept = {name: slots[name] for name in sorted(_gathered(exchange, form)) if slots.get(name) is not None}
    entry = {"name": form.name, REQUESTED: slots.get(REQUESTED), "slots": kept}
    if not for_good:
        exchange.set_slot("suspended_forms", [*slots["suspended_forms"], entry][-MOST_SUSPENDED:])
    stays = exchange.assistant.entities if is_same_matter or REFERS_BACK.search(request.text) else frozenset()
    for name in kept:
        if name not in stays:
            exchange.set_slot(name, exchange.tracker.initial_slots.get(name))
    _close(exchange)


def resume(exchange: Exchange, entry: Mapping[str, Any]) -> None:
    """Go on with a form that was put aside, with all it had gathered."""
    waiting = [other for other in exchange.tracker.slot("suspended_forms") if other is not entry]
    exchange.set_slot("suspended_forms", waiting)
    form = exchange.assistant.forms.get(entry["name"])
    if form is None:  # the assistant was changed while the form waited
        return
    for name, value in entry["slots"].items():
        exchange.set_slot(name, value)
    exchange.executed(form.name)
    exchange.apply(happened.active_loop(form.name, exchange.now))
    exchange.set_slot(REQUESTED, entry[REQUESTED])
    own_words = f"utter_resume_{form.name}"
    exchange.say(own_words if exchange.assistant.can(own_words) else "utter_resume")
    if form.validator in exchange.assistant.actions:  # what it asks for may have become known meanwhile
        exchange.executed(form.name)
        _settle(exchange, form, try_values(exchange, form, {}))


def return_to(exchange: Exchange, form: Form, request: Request) -> None:
    """Close the form without a word, and let the one it interrupted make something of the message."""
    for name in sorted(_gathered(exchange, form)):
        exchange.set_slot(name, exchange.tracker.initial_slots.get(name))
    _close(exchange)
    entry = exchange.tracker.slot("suspended_forms")[-1]
    resume(exchange, entry)
    if outer := exchange.assistant.forms.get(entry["name"]):
        _take_along(exchange, outer, request)


def _take_along(exchange: Exchange, form: Form, request: Request) -> None:
    """The message that brought the customer back to the form may answer it, too."""
    if exchange.is_over or exchange.tracker.active_loop != form.name:
        return
    trial = try_answer(exchange, form, request)
    if trial.is_accepted:
        accept(exchange, form, trial)


def leave(
    exchange: Exchange, form: Form, *, with_suspended: bool = False, response: str = "utter_form_cancelled"
) -> None:
    """Drop the form and what it had gathered; if asked to, the forms that wait for it, too."""
    for name in sorted(_gathered(exchange, form)):
        exchange.set_slot(name, exchange.tracker.initial_slots.get(name))
    if with_suspended:
        exchange.set_slot("suspended_forms", [])
    _close(exchange)
    exchange.say(response)


def is_fruitless(exchange: Exchange, form: Form) -> bool:
    """Whether the form knows nothing yet but what any message may carry (an order number, a name)."""
    own = set(form.required_slots) & _gathered(exchange, form) - exchange.assistant.entities
    return all(exchange.tracker.slot(name) is None for name in own)


def _settle(exchange: Exchange, form: Form, trial: Trial) -> None:
    if trial.result is None:
        return
    exchange.take(trial.result)
    if exchange.tracker.paused:
        return
    if trial.closes or exchange.tracker.active_loop != form.name:
        _complete(exchange, form)
        return
    if not _names_next(trial.result.events):
        missing = (name for name in form.required_slots if exchange.tracker.slot(name) is None)
        exchange.set_slot(REQUESTED, next(missing, None))
    if exchange.tracker.slot(REQUESTED) is None:
        _complete(exchange, form)


def _complete(exchange: Exchange, form: Form) -> None:
    _close(exchange)
    exchange.ended_forms.append(form.name)
    exchange.is_over = False  # whatever the validation said, the form's action has the last word


def _close(exchange: Exchange) -> None:
    if exchange.tracker.active_loop is not None:
        exchange.apply(happened.active_loop(None, exchange.now))
    exchange.set_slot(REQUESTED, None)


def _weighed(exchange: Exchange, form: Form, result: ActionResult) -> Trial:
    own = _own_slots(exchange, form)
    slots = exchange.tracker.slots
    final = {event["name"]: event.get("value") for event in result.events if event["event"] == "slot"}
    changed = {name: value for name, value in final.items() if name in own and slots.get(name) != value}
    drops_loop = any(event["event"] == "active_loop" and event["name"] is None for event in result.events)
    closes = drops_loop or final.get(REQUESTED, form.name) is None
    noted = any(slots.get(name) != value for name, value in final.items() if name not in ENGINE_SLOTS)
    return Trial(result, changed, closes, noted or bool(result.responses))


def _names_next(events: list[Event]) -> bool:
    return any(event["event"] == "slot" and event["name"] == REQUESTED for event in events)


def _own_slots(exchange: Exchange, form: Form) -> frozenset[str]:
    return scope_of(form, exchange.assistant) - (ENGINE_SLOTS.keys() - {"customer_id"})


def _gathered(exchange: Exchange, form: Form) -> frozenset[str]:
    """What the form remembers and forgets. A proven identity is the conversation's: no form takes it back."""
    return _own_slots(exchange, form) - {"customer_id"}


def _suspended(exchange: Exchange, name: str) -> Mapping[str, Any] | None:
    entries: list[Mapping[str, Any]] = exchange.tracker.slot("suspended_forms")
    return next((entry for entry in entries if entry["name"] == name), None)
