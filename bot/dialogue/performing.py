"""Running what was decided: an action by its name, a rule step by step."""

from collections.abc import Callable, Iterable

from bot.conversation import events as happened
from bot.dialogue import form_loop
from bot.dialogue.clarifying import ask_what_was_meant
from bot.dialogue.exchange import Exchange
from bot.dialogue.request import Request
from bot.dialogue.rules import LoopIs, Rule, RunAction, SlotsAre

LISTEN = "action_listen"


def perform(exchange: Exchange, action: str, request: Request) -> None:
    """Run one action, whatever its kind, and what it asks to be followed by."""
    if action == LISTEN:
        exchange.is_over = True
    elif not exchange.may_run(action):
        return
    elif action.startswith("utter_"):
        exchange.executed(action)
        exchange.say(action)
    elif form := exchange.assistant.forms.get(action):
        if exchange.tracker.active_loop != action:  # the active one simply asks again when the turn ends
            form_loop.start(exchange, form, request)
    elif action in BUILT_IN and action not in exchange.assistant.actions:
        exchange.executed(action)
        BUILT_IN[action](exchange, request)
    else:
        _perform_custom(exchange, action)
    _follow_up(exchange, request)


def _perform_custom(exchange: Exchange, action: str) -> None:
    result = exchange.call(action)
    if result is None:
        return
    exchange.executed(action)
    exchange.take(result)


def _follow_up(exchange: Exchange, request: Request) -> None:
    name = exchange.tracker.followup_action
    if name is None or exchange.is_over:
        return
    exchange.apply(happened.followup(None, exchange.now))
    perform(exchange, name, request)


def follow_rules(exchange: Exchange, rules: Iterable[Rule], request: Request) -> None:
    """Run rules that fit this moment together: where a step tells them apart, the first that fits goes on."""
    at = [(rule, 0) for rule in rules]
    last = None
    while at and not exchange.is_over:
        at = [(rule, number) for rule, begun in at if (number := _past_states(exchange, rule, begun)) is not None]
        going_on = [(rule, number) for rule, number in at if number < len(rule.steps)]
        if not going_on:
            break
        last = _action(*going_on[0])
        perform(exchange, last, request)
        at = [(rule, number + 1) for rule, number in going_on if _action(rule, number) == last]
    if last and at and not exchange.is_over and not at[0][0].waits_for_user:
        follow_rules(exchange, after_action(exchange, last, exchange.tracker.active_loop), request)


def after_action(exchange: Exchange, action: str, loop_before: str | None) -> tuple[Rule, ...]:
    return exchange.assistant.rules.after_action(action, exchange.tracker.slots, loop_before)


def rules_for(exchange: Exchange, request: Request) -> tuple[Rule, ...]:
    """The rules for the request's first intent at this moment, without regard to how sure it is."""
    return exchange.assistant.rules.for_intent(
        request.intent.name,
        exchange.tracker.slots,
        exchange.tracker.active_loop,
        request.values(),
        is_start=exchange.tracker.session_turn_number == 1,
    )


def form_opened_by(exchange: Exchange, rules: Iterable[Rule]) -> str | None:
    """The form that these rules lead to."""
    return next((name for rule in rules for name in rule.actions if name in exchange.assistant.forms), None)


def _action(rule: Rule, number: int) -> str:
    step = rule.steps[number]
    assert isinstance(step, RunAction)
    return step.name


def _past_states(exchange: Exchange, rule: Rule, number: int) -> int | None:
    """The number of the rule's next action, None when a state before it does not hold."""
    while number < len(rule.steps):
        match rule.steps[number]:
            case LoopIs(name) if name != exchange.tracker.active_loop:
                return None
            case SlotsAre() as step if not exchange.assistant.rules.checks_hold(step, exchange.tracker.slots):
                return None
            case RunAction():
                return number
        number += 1
    return number


def _restart(exchange: Exchange, _request: Request) -> None:
    language, signed = exchange.tracker.slot("language"), exchange.tracker.signed_slots
    exchange.apply(happened.restarted(exchange.now))
    for name, value in signed.items():
        exchange.apply(happened.slot_signed(name, value, exchange.now))
    exchange.set_slot("language", language)
    exchange.say("utter_restart")
    exchange.is_over = True


def _session_start(exchange: Exchange, _request: Request) -> None:
    exchange.apply(happened.session_started(exchange.now))


def _default_fallback(exchange: Exchange, _request: Request) -> None:
    exchange.say("utter_default" if exchange.assistant.can("utter_default") else "utter_ask_rephrase")


def _deactivate_loop(exchange: Exchange, _request: Request) -> None:
    exchange.apply(happened.active_loop(None, exchange.now))
    exchange.set_slot(form_loop.REQUESTED, None)


def _extract_slots(_exchange: Exchange, _request: Request) -> None:
    """Slots are extracted when a message is heard; there is nothing left to do."""


BUILT_IN: dict[str, Callable[[Exchange, Request], None]] = {
    "action_restart": _restart,
    "action_session_start": _session_start,
    "action_default_fallback": _default_fallback,
    "action_two_stage_fallback": ask_what_was_meant,
    "action_deactivate_loop": _deactivate_loop,
    "action_extract_slots": _extract_slots,
}
