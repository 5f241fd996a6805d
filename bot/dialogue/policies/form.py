"""While a form is active: is the message an answer, a wish to stop, or another request?

The validation decides. It sees the message first; what it would do is done only if the message was an answer.
"""

import re
from functools import partial

from bot.dialogue import form_loop
from bot.dialogue.certainty import (
    ANSWERS,
    GOODBYE,
    OUT_OF_SCOPE,
    SMALL_TALK,
    Effect,
    effect_of,
    effect_of_actions,
    is_sure,
)
from bot.dialogue.exchange import Exchange
from bot.dialogue.form_loop import REQUESTED, Trial
from bot.dialogue.forms import Form
from bot.dialogue.performing import form_opened_by, perform, rules_for
from bot.dialogue.phrases import ASKED, ASKING, BESIDE, INSTEAD, OPEN_QUESTION, QUESTION, STOP
from bot.dialogue.policies import fallback, rule
from bot.dialogue.policies.base import Prediction, reason
from bot.dialogue.reasons import because
from bot.dialogue.request import Request
from bot.dialogue.rules import Rule

NAME = "form"
WHICH_ORDER = "order_number"
IDENTITY = frozenset({"customer_id", "person_name"})
"""Like the slots that are named like an entity, these may be filled by any request."""


def predict(exchange: Exchange, request: Request) -> Prediction | None:
    form = form_loop.active_form(exchange)
    if form is None:
        return None
    if STOP.fullmatch(request.text.strip(" .!。！~，,…")):
        return _leave(exchange, form, "dropped")
    trial = form_loop.try_answer(exchange, form, request)
    if trial.result is None:
        return Prediction(NAME, form.validator, because("check_failed"), lambda: None)
    if _wants_to_stop(exchange, trial, request):
        return _leave(exchange, form, "dropped")
    rules = _other_request(exchange, form, request)
    if trial.is_accepted and not (rules and _is_clearly_other(exchange, form, trial, rules, request)):
        return _accept(exchange, form, trial)
    if rules:
        return _digress(exchange, form, rules, request)
    return _unanswered(exchange, form, trial, request)


def _stops(exchange: Exchange, request: Request) -> bool:
    return request.intent.name == "nevermind" and is_sure(exchange, request)


def _wants_to_stop(exchange: Exchange, trial: Trial, request: Request) -> bool:
    """Surely "never mind", and not one of the answers asked for: "not needed any more" may be the reason wanted."""
    is_clear = request.intent.confidence >= exchange.settings.digression_threshold
    if not (_stops(exchange, request) and is_clear) or request.entities:
        return False
    requested = exchange.tracker.slot(REQUESTED)
    slot = exchange.assistant.slots.get(requested or "")
    if requested not in trial.changed or slot is None or slot.is_yes_no or slot.takes_any_text:
        return True
    return bool(trial.values[requested] == request.text.strip())


def _refuses(exchange: Exchange, request: Request) -> bool:
    """ "No" where the question was not a yes-or-no one."""
    slot = exchange.assistant.slots.get(exchange.tracker.slot(REQUESTED) or "")
    is_no = request.intent.name == "deny" and is_sure(exchange, request)
    return is_no and not (slot and slot.is_yes_no)


def _other_request(exchange: Exchange, form: Form, request: Request) -> tuple[Rule, ...]:
    """The rules for what the message asks for beside the form; none when it is about the form or not sure."""
    if not is_sure(exchange, request):
        return ()
    is_sure_enough = request.intent.confidence >= exchange.settings.fallback_threshold
    if not is_sure_enough and not QUESTION.search(request.text):
        return ()
    rules = rules_for(exchange, request)
    if any(form.name in rule.actions and rule.condition.active_loop != form.name for rule in rules):
        return ()
    is_for_this_form = any(rule.condition.active_loop == form.name for rule in rules)
    if request.intent.name in ANSWERS and not is_for_this_form:
        return ()
    if request.intent.name == OUT_OF_SCOPE and not QUESTION.search(request.text):
        return ()
    return rules


def _is_clearly_other(exchange: Exchange, form: Form, trial: Trial, rules: tuple[Rule, ...], request: Request) -> bool:
    """Whether a request is meant though the form could use something in the message.

    It is when the form would only pick up what any request may carry: a number, a name, or the text itself. And it is
    when another task is asked for in so many words, and what this form would pick up is nothing that task needs.
    """
    if request.intent.name in SMALL_TALK:
        return False
    if _asks_beside(exchange, form, trial, rules, request):
        return True
    if request.intent.confidence < exchange.settings.digression_threshold:
        return False
    if request.intent.name == GOODBYE:  # "ok, bye" is no yes
        return True
    if request.intent.name == OUT_OF_SCOPE or not re.search(r"\w{2}", request.words_beside_entities()):
        return False
    if exchange.tracker.slot(REQUESTED) == WHICH_ORDER and _asks_for_task(exchange, rules):
        return not _is_click(exchange, request)
    asked_for = trial.changed & set(form.required_slots) or trial.changed & {exchange.tracker.slot(REQUESTED)}
    telling = {name for name in asked_for if not _says_little(exchange, name, trial, request)}
    if telling:
        return _asks_for_other_task(exchange, telling, rules, request)
    return not trial.closes or bool(QUESTION.search(request.text) or ASKED.search(request.words_beside_entities()))


def _asks_for_task(exchange: Exchange, rules: tuple[Rule, ...]) -> bool:
    """Whether a task is asked for that begins with its own question for the order: nothing said is lost with it."""
    is_task = effect_of(exchange.assistant, rules) is not Effect.LOOKS_UP
    return is_task and form_opened_by(exchange, rules) is not None


def _asks_beside(exchange: Exchange, form: Form, trial: Trial, rules: tuple[Rule, ...], request: Request) -> bool:
    """Whether it is a question that only looks something up, and leaves the form's own question unanswered.

    It may be about another order than the form's; the form would take that for a correction.
    """
    if request.intent.name in (GOODBYE, OUT_OF_SCOPE) or effect_of(exchange.assistant, rules) is not Effect.LOOKS_UP:
        return False
    if not (QUESTION.search(request.text) or BESIDE.search(request.text)):
        return False
    is_plain = request.intent.confidence >= exchange.settings.digression_threshold and OPEN_QUESTION.search(
        request.text
    )
    if BESIDE.search(request.text) or is_plain:
        return not _answers_yes_or_no(exchange, trial)
    answers = exchange.tracker.slot(REQUESTED) in trial.changed
    telling = {
        name for name in trial.changed & set(form.required_slots) if not _says_little(exchange, name, trial, request)
    }
    return not answers and not telling


def _answers_yes_or_no(exchange: Exchange, trial: Trial) -> bool:
    slots = exchange.assistant.slots
    return any(name in slots and slots[name].is_yes_no for name in trial.changed)


def _asks_for_other_task(exchange: Exchange, telling: set[str], rules: tuple[Rule, ...], request: Request) -> bool:
    other = exchange.assistant.forms.get(form_opened_by(exchange, rules) or "")
    if other is None or telling & set(other.required_slots) or _is_click(exchange, request):
        return False
    slots = exchange.assistant.slots
    return bool(ASKING.search(request.text)) and not any(name in slots and slots[name].is_yes_no for name in telling)


def _is_click(exchange: Exchange, request: Request) -> bool:
    """Whether the message is one of the buttons offered last."""
    for event in reversed(exchange.tracker.events):
        if event["event"] == "bot":
            return any(button["payload"] == request.text for button in event["data"].get("buttons", ()))
    return False


def _says_little(exchange: Exchange, name: str, trial: Trial, request: Request) -> bool:
    slot = exchange.assistant.slots.get(name)
    if name in exchange.assistant.entities or name in IDENTITY or (slot and slot.takes_any_text):
        return True
    return trial.values.get(name) in [entity["value"] for entity in request.entities]


def _accept(exchange: Exchange, form: Form, trial: Trial) -> Prediction:
    filled = ", ".join(sorted(trial.changed)) or "what was still missing"
    return Prediction(
        NAME, form.name, because("answered", slots=filled), partial(form_loop.accept, exchange, form, trial)
    )


def _leave(exchange: Exchange, form: Form, code: str) -> Prediction:
    """Drop the form; with it the one it interrupted, when nothing had come of the interruption."""
    drops_all = bool(exchange.tracker.slot("suspended_forms")) and form_loop.is_fruitless(exchange, form)
    why = because("dropped_all" if drops_all else code)
    carry_out = partial(form_loop.leave, exchange, form, with_suspended=drops_all)
    return Prediction(NAME, "action_deactivate_loop", why, carry_out)


def _digress(exchange: Exchange, form: Form, rules: tuple[Rule, ...], request: Request) -> Prediction:
    other = form_opened_by(exchange, rules)
    is_instead = _only_looks_up(exchange, form) or bool(INSTEAD.search(request.text))
    is_question = effect_of(exchange.assistant, rules) is Effect.LOOKS_UP and not request.all_values("order_number")
    code = "digresses" if other is None else "replaces" if is_instead else "suspends"
    why = reason(code, request, form=form.name, other=other or "")

    def carry_out() -> None:
        if other:
            is_same_matter = is_instead or is_question
            form_loop.put_aside(exchange, form, request, for_good=is_instead, is_same_matter=is_same_matter)
        rule.follow(exchange, rules, request)
        if request.intent.name == GOODBYE:  # somebody who is leaving is not asked once more
            exchange.is_over = True

    return Prediction(NAME, rules[0].actions[0], why, carry_out, rules[0].name)


def _only_looks_up(exchange: Exchange, form: Form) -> bool:
    """Whether nothing is lost when the form is dropped."""
    return effect_of_actions(exchange.assistant, {form.name}) is Effect.LOOKS_UP


def _unanswered(exchange: Exchange, form: Form, trial: Trial, request: Request) -> Prediction:
    if _stops(exchange, request) or _refuses(exchange, request):
        return _leave(exchange, form, "refused")
    if _is_open_question(exchange, trial, request):
        look_up = partial(perform, exchange, fallback.ARTICLES, request)
        return Prediction(NAME, fallback.ARTICLES, because("open_question"), look_up)
    if _repeats_itself(exchange, form, request):
        return Prediction(NAME, form.name, because("repeats"), lambda: None)
    if exchange.tracker.slot("suspended_forms") and _only_looks_up(exchange, form) and not trial.reacts:
        outer = exchange.tracker.slot("suspended_forms")[-1]["name"]
        carry_out = partial(form_loop.return_to, exchange, form, request)
        return Prediction(NAME, outer, because("returns", form=form.name, other=outer), carry_out)
    why = because("not_taken" if trial.reacts else "not_an_answer")
    return Prediction(NAME, form.name, why, partial(_ask_again, exchange, trial))


def _is_open_question(exchange: Exchange, trial: Trial, request: Request) -> bool:
    return (
        request.intent.name == OUT_OF_SCOPE
        and is_sure(exchange, request)
        and bool(QUESTION.search(request.text))
        and not trial.reacts
        and exchange.assistant.can(fallback.ARTICLES)
    )


def _repeats_itself(exchange: Exchange, form: Form, request: Request) -> bool:
    """Whether the message asks for this form once more, or only says what is known already."""
    said = set(request.values())
    if said and all(request.values()[name] == exchange.tracker.slot(name) for name in said):
        return True
    return is_sure(exchange, request) and any(form.name in rule.actions for rule in rules_for(exchange, request))


def _ask_again(exchange: Exchange, trial: Trial) -> None:
    """Say what the validation says, if anything, and let the form ask once more; the third time, offer a person."""
    exchange.is_misunderstood = True
    if trial.result:
        exchange.take(trial.result)
    if exchange.tracker.slot("failed_turns") + 1 >= exchange.settings.patience_turns:
        exchange.offer_person("repeated_failure")
    elif not trial.reacts:
        exchange.say("utter_not_understood")
