"""Whether an assistant's parts fit together: every name used is defined, everything can be said in every language."""

from collections.abc import Iterable

from bot.dialogue.forms import Form
from bot.dialogue.reading import Contents
from bot.dialogue.responses import Response
from bot.dialogue.rules import ANYTHING, LoopIs, Rule, RunAction, SlotsAre
from bot.dialogue.slots import ENGINE_SLOTS, Slot
from bot.dialogue.yaml_source import Place, Problems

BUILT_IN_ACTIONS = frozenset(
    {
        "action_listen",
        "action_restart",
        "action_session_start",
        "action_default_fallback",
        "action_two_stage_fallback",
        "action_deactivate_loop",
        "action_extract_slots",
    }
)
REFUSED_ACTIONS = {
    "action_back": "what was said and done cannot be taken back; let customers correct or drop a request instead",
    "action_unlikely_intent": "it belongs to a trained policy; leave the rule out",
    "action_default_ask_affirmation": "Kefu's own fallback asks; use action_two_stage_fallback",
    "action_default_ask_rephrase": "use utter_ask_rephrase",
    "action_revert_fallback_events": "nothing needs reverting; leave the step out",
}
BUILT_IN_INTENTS = frozenset({"nlu_fallback", "restart", "session_start", "out_of_scope"})


def check(contents: Contents, languages: tuple[str, ...], problems: Problems) -> None:
    """Add everything that does not fit to `problems`."""
    for slot in contents.slots.values():
        _check_slot(slot, contents, problems)
    for form in contents.forms.values():
        _check_form(form, contents, problems)
    for response in contents.responses.values():
        _check_response(response, languages, contents, problems)
    for rule in contents.rules:
        _check_rule(rule, contents, problems)
    for name, place in contents.actions.items():
        if name.startswith("utter_") and name not in contents.responses:
            problems.add(place, f"action '{name}' has no response; write one under responses")
    _check_conflicts(contents.rules, problems)


def _check_slot(slot: Slot, contents: Contents, problems: Problems) -> None:
    what = f"slot '{slot.name}'"
    for mapping in slot.mappings:
        at = mapping.place
        if mapping.entity and mapping.entity not in contents.entities:
            problems.add(at, f"{what} is filled from entity '{mapping.entity}', which is not under entities")
        _check_intents(mapping.intents | mapping.not_intents, at, what, contents, problems)
        for condition in mapping.conditions:
            if condition.active_loop is not None:
                _check_loop(condition.active_loop, at, what, contents, problems)
            if condition.requested_slot is not None:
                _check_slot_name(condition.requested_slot, at, what, contents, problems)


def _check_form(form: Form, contents: Contents, problems: Problems) -> None:
    what = f"form '{form.name}'"
    if form.gives_way_to is not None and form.gives_way_to not in contents.forms:
        problems.add(form.place, f"{what} gives way to '{form.gives_way_to}', which is not under forms")
    _check_intents(form.ignored_intents, form.place, what, contents, problems)
    for name in form.required_slots:
        _check_slot_name(name, form.place, what, contents, problems)
        ways = form.ways_to_ask(name)
        if not any(way in contents.actions or way in contents.responses for way in ways):
            problems.add(form.place, f"{what} cannot ask for '{name}'; define one of {', '.join(ways)}")
        for way in ways:
            _check_placeholders(way, contents, problems)


def _check_response(response: Response, languages: tuple[str, ...], contents: Contents, problems: Problems) -> None:
    for variation in response.variations:
        for name, _ in variation.conditions:
            _check_slot_name(name, variation.place, f"a condition of '{response.name}'", contents, problems)
    for language in languages:
        if not any(each.language == language or each.is_wordless for each in response.variations):
            way_out = f"add a variation with condition [{{type: slot, name: language, value: {language}}}]"
            problems.add(response.place, f"response '{response.name}' has no words in '{language}'; {way_out}")


def _check_rule(rule: Rule, contents: Contents, problems: Problems) -> None:
    what = f"rule '{rule.name}'"
    _check_intents(rule.trigger.intents, rule.place, what, contents, problems)
    for name, _ in rule.trigger.entities:
        if name not in contents.entities:
            problems.add(rule.place, f"{what} names entity '{name}', which is not under entities")
    if rule.trigger.action:
        _check_action(rule.trigger.action, rule.place, what, contents, problems)
    _check_rule_loop(rule.condition.active_loop, rule.place, what, contents, problems)
    for check_ in rule.condition.slots:
        _check_slot_name(check_.name, rule.place, what, contents, problems)
    for step in rule.steps:
        match step:
            case RunAction(name, at):
                _check_action(name, at, what, contents, problems)
                _check_placeholders(name, contents, problems)
            case LoopIs(loop):
                _check_rule_loop(loop, rule.place, what, contents, problems)
            case SlotsAre(checks):
                for check_ in checks:
                    _check_slot_name(check_.name, rule.place, what, contents, problems)


def _check_rule_loop(loop: object, at: Place, what: str, contents: Contents, problems: Problems) -> None:
    if isinstance(loop, str):
        _check_loop(loop, at, what, contents, problems)


def _check_loop(loop: str, at: Place, what: str, contents: Contents, problems: Problems) -> None:
    if loop not in contents.forms and loop != "action_two_stage_fallback":
        problems.add(at, f"{what} names form '{loop}', which is not under forms")


def _check_slot_name(name: str, at: Place, what: str, contents: Contents, problems: Problems) -> None:
    if name not in contents.slots and name not in ENGINE_SLOTS:
        problems.add(at, f"{what} names slot '{name}', which is not under slots")


def _check_intents(names: Iterable[str], at: Place, what: str, contents: Contents, problems: Problems) -> None:
    for name in sorted(set(names) - contents.intents.keys() - BUILT_IN_INTENTS):
        problems.add(at, f"{what} names intent '{name}', which is not under intents")


def _check_action(name: str, at: Place, what: str, contents: Contents, problems: Problems) -> None:
    if name in REFUSED_ACTIONS:
        problems.add(at, f"{what} runs '{name}', which Kefu does not have: {REFUSED_ACTIONS[name]}")
    elif name.startswith("utter_"):
        if name not in contents.responses:
            problems.add(at, f"{what} says '{name}', which is not under responses")
    elif name not in contents.actions and name not in contents.forms and name not in BUILT_IN_ACTIONS:
        problems.add(at, f"{what} runs '{name}', which is neither under actions nor under forms")


def _check_placeholders(name: str, contents: Contents, problems: Problems) -> None:
    """A response that is said without facts can only be filled from slots."""
    response = contents.responses.get(name)
    for variation in response.variations if response else ():
        for placeholder in sorted(variation.placeholders):
            if placeholder not in contents.slots and placeholder not in ENGINE_SLOTS:
                way_out = "a rule or form says it, so only a slot can fill it; declare the slot or let an action say it"
                problems.add(
                    variation.place, f"'{name}' has a placeholder {{{placeholder}}} that is no slot; {way_out}"
                )


def _check_conflicts(rules: Iterable[Rule], problems: Problems) -> None:
    """Two rules for the same moment must agree on what comes first."""
    seen: dict[object, Rule] = {}
    for rule in rules:
        loop = "(any)" if rule.condition.active_loop is ANYTHING else rule.condition.active_loop
        checks = frozenset((each.name, str(each.value)) for each in rule.condition.slots)
        entities = frozenset((name, str(value)) for name, value in rule.trigger.entities)
        for trigger in rule.trigger.intents or {rule.trigger.action}:
            moment = (trigger, entities, loop, checks, rule.is_conversation_start)
            other = seen.setdefault(moment, rule)
            if other.steps[0] != rule.steps[0] and _first(other) != _first(rule):
                problems.add(
                    rule.place,
                    f"rule '{rule.name}' contradicts '{other.name}' ({other.place}); tell them apart by a condition",
                )


def _first(rule: Rule) -> object:
    step = rule.steps[0]
    return step.name if isinstance(step, RunAction) else None
