"""Rules: what follows an intent, or an action that just ended, under which conditions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.dialogue.slots import Slot
from bot.dialogue.yaml_source import Place, Problems, YamlMap

RULE_KEYS = ("rule", "condition", "steps", "conversation_start", "wait_for_user_input")
STEP_KEYS = ("intent", "or", "action", "active_loop", "slot_was_set")
REFUSED_STEPS = {
    "checkpoint": "write a rule of its own for each branch",
    "user": "end-to-end steps need a trained policy; write the intent",
    "bot": "end-to-end steps need a trained policy; write the action (utter_…)",
}


class Anything:
    """The value of `slot_was_set: - name`: whatever is not null."""


ANYTHING = Anything()


@dataclass(frozen=True)
class SlotCheck:
    name: str
    value: Any

    def holds(self, slots: Mapping[str, Any], domain_slots: Mapping[str, Slot]) -> bool:
        value = slots.get(self.name)
        if self.value is ANYTHING:
            return value is not None
        slot = domain_slots.get(self.name)
        return slot.holds(value, self.value) if slot else bool(value == self.value)


@dataclass(frozen=True)
class RunAction:
    name: str
    place: Place


@dataclass(frozen=True)
class LoopIs:
    name: str | None


@dataclass(frozen=True)
class SlotsAre:
    checks: tuple[SlotCheck, ...]


Step: TypeAlias = RunAction | LoopIs | SlotsAre


@dataclass(frozen=True)
class Trigger:
    """What sets a rule off: one of the intents (with the entities), or else the end of an action."""

    intents: frozenset[str] = frozenset()
    entities: tuple[tuple[str, Any], ...] = ()
    action: str | None = None


@dataclass(frozen=True)
class Condition:
    """`active_loop` is a form's name, None for "no form", ANYTHING when the rule does not care."""

    active_loop: str | Anything | None = ANYTHING
    slots: tuple[SlotCheck, ...] = ()

    @property
    def specificity(self) -> int:
        return (self.active_loop is not ANYTHING) + len(self.slots)


@dataclass(frozen=True)
class Rule:
    name: str
    place: Place
    trigger: Trigger
    condition: Condition
    steps: tuple[Step, ...]
    """After the trigger."""
    is_conversation_start: bool = False
    waits_for_user: bool = True

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(step.name for step in self.steps if isinstance(step, RunAction))

    @property
    def specificity(self) -> int:
        return self.condition.specificity + len(self.trigger.entities) + self.is_conversation_start


class RuleBook:
    """All rules, found by what sets them off."""

    def __init__(self, rules: Iterable[Rule], slots: Mapping[str, Slot]) -> None:
        self.rules = tuple(rules)
        self._slots = slots
        self._by_intent: dict[str, list[Rule]] = {}
        self._by_action: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for intent in rule.trigger.intents:
                self._by_intent.setdefault(intent, []).append(rule)
            if rule.trigger.action:
                self._by_action.setdefault(rule.trigger.action, []).append(rule)

    def knows(self, intent: str) -> bool:
        """Whether anything ever follows the intent."""
        return intent in self._by_intent

    def follow_ups(self, action: str) -> frozenset[str]:
        """Every action that may follow the end of `action`, whatever the conditions."""
        return frozenset(name for rule in self._by_action.get(action, ()) for name in rule.actions)

    def for_intent(
        self,
        intent: str,
        slots: Mapping[str, Any],
        active_loop: str | None,
        entities: Mapping[str, Any],
        *,
        is_start: bool,
    ) -> tuple[Rule, ...]:
        """The rules that fit best; several only when they share their conditions and part ways later."""
        fitting = [
            rule
            for rule in self._by_intent.get(intent, ())
            if (is_start or not rule.is_conversation_start)
            and self._holds(rule.condition, slots, active_loop)
            and all(name in entities and value in (ANYTHING, entities[name]) for name, value in rule.trigger.entities)
        ]
        return _most_specific(fitting)

    def after_action(self, action: str, slots: Mapping[str, Any], active_loop: str | None) -> tuple[Rule, ...]:
        """The rules that begin with `action`, for what follows it; `active_loop` as it was before the action."""
        fitting = [rule for rule in self._by_action.get(action, ()) if self._holds(rule.condition, slots, active_loop)]
        return _most_specific(fitting)

    def checks_hold(self, step: SlotsAre, slots: Mapping[str, Any]) -> bool:
        return all(check.holds(slots, self._slots) for check in step.checks)

    def _holds(self, condition: Condition, slots: Mapping[str, Any], active_loop: str | None) -> bool:
        if condition.active_loop is not ANYTHING and condition.active_loop != active_loop:
            return False
        return all(check.holds(slots, self._slots) for check in condition.slots)


def _most_specific(rules: list[Rule]) -> tuple[Rule, ...]:
    best = max((rule.specificity for rule in rules), default=0)
    return tuple(rule for rule in rules if rule.specificity == best)


def parse_rule(node: YamlMap, problems: Problems) -> Rule | None:
    """The rule, or None when it cannot be made sense of (the complaint is in `problems`)."""
    problems.check_keys(node, RULE_KEYS, "a rule")
    name = str(node.get("rule") or "")
    if not name:
        problems.add(node.place, "a rule needs a name: '- rule: Cancel an order'")
    trigger: Trigger | None = None
    steps: list[Step] = []
    for item, at in problems.sequence(node.get("steps"), node.at("steps"), f"steps of rule '{name}'").located():
        step = problems.mapping(item, at, f"a step of rule '{name}'")
        problems.check_keys(step, (*STEP_KEYS, "entities"), f"a step of rule '{name}'", REFUSED_STEPS)
        if "intent" in step or "or" in step:
            if trigger is not None:
                problems.add(at, f"rule '{name}' has an intent in its middle; end the rule there and begin another")
            trigger = trigger or _parse_trigger(step, name, problems)
        elif trigger is None and "action" in step:
            trigger = Trigger(action=str(step["action"]))
        elif trigger is None:
            problems.add(at, f"rule '{name}' begins with a state; write it under 'condition'")
        elif parsed := _parse_state_or_action(step, at, problems):
            steps.append(parsed)
    if trigger is None or not any(isinstance(step, RunAction) for step in steps):
        problems.add(node.place, f"rule '{name}' needs an intent (or an action that ended) and an action that follows")
        return None
    return Rule(
        name,
        node.place,
        trigger,
        _parse_condition(node, name, problems),
        tuple(steps),
        bool(node.get("conversation_start", False)),
        bool(node.get("wait_for_user_input", True)),
    )


def _parse_trigger(step: YamlMap, rule: str, problems: Problems) -> Trigger:
    if "or" not in step:
        return Trigger(frozenset({str(step["intent"])}), _parse_entities(step, rule, problems))
    intents = set()
    for item, at in problems.sequence(step["or"], step.at("or"), f"'or' of rule '{rule}'").located():
        alternative = problems.mapping(item, at, f"an alternative of rule '{rule}'")
        problems.check_keys(alternative, ("intent",), f"'or' of rule '{rule}'")
        intents.add(str(alternative.get("intent")))
    return Trigger(frozenset(intents))


def _parse_entities(step: YamlMap, rule: str, problems: Problems) -> tuple[tuple[str, Any], ...]:
    parsed: list[tuple[str, Any]] = []
    for item, _ in problems.sequence(step.get("entities"), step.at("entities"), f"entities of rule '{rule}'").located():
        parsed.extend(item.items() if isinstance(item, dict) else [(str(item), ANYTHING)])
    return tuple(parsed)


def _parse_state_or_action(step: YamlMap, at: Place, problems: Problems) -> Step | None:
    if "action" in step:
        return RunAction(str(step["action"]), at)
    if "active_loop" in step:
        return LoopIs(step["active_loop"])
    if "slot_was_set" in step:
        return SlotsAre(_parse_checks(step["slot_was_set"], at, problems))
    return None


def _parse_condition(node: YamlMap, rule: str, problems: Problems) -> Condition:
    loop: str | Anything | None = ANYTHING
    checks: list[SlotCheck] = []
    for item, at in problems.sequence(node.get("condition"), node.at("condition"), f"condition of '{rule}'").located():
        condition = problems.mapping(item, at, f"a condition of rule '{rule}'")
        problems.check_keys(condition, ("active_loop", "slot_was_set"), f"a condition of rule '{rule}'")
        if "active_loop" in condition:
            loop = condition["active_loop"]
        checks.extend(_parse_checks(condition.get("slot_was_set"), at, problems))
    return Condition(loop, tuple(checks))


def _parse_checks(node: Any, at: Place, problems: Problems) -> tuple[SlotCheck, ...]:
    checks: list[SlotCheck] = []
    items = [node] if isinstance(node, YamlMap) else problems.sequence(node, at, "slot_was_set")
    for item in items:
        if isinstance(item, dict):
            checks.extend(SlotCheck(str(name), value) for name, value in item.items())
        else:
            checks.append(SlotCheck(str(item), ANYTHING))
    return tuple(checks)
