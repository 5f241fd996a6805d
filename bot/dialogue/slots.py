"""Slots: their types, and the mappings that fill them from what a customer says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.yaml_source import Place, Problems, YamlMap

TYPES = ("text", "bool", "categorical", "float", "list", "any")
MAPPING_TYPES = ("from_entity", "from_text", "from_intent", "from_trigger_intent", "custom")
SLOT_KEYS = ("type", "initial_value", "values", "min_value", "max_value", "mappings", "influence_conversation")
MAPPING_KEYS = ("type", "entity", "role", "group", "value", "intent", "not_intent", "conditions", "action")
REFUSED_SLOT_KEYS = {"auto_fill": "Rasa 3 dropped it; write the mapping out under mappings"}

ENGINE_SLOTS: Mapping[str, Any] = {
    "language": None,
    "requested_slot": None,
    "suspended_forms": [],
    "times_asked": {},
    "waiting_requests": [],
    "clarify_intents": [],
    "clarify_request": None,
    "last_question": None,
    "open_question": None,
    "failed_turns": 0,
    "recent_sentiment": [],
    "handoff_reason": None,
    "is_person_offered": False,
    "customer_id": None,
    "is_signed": False,
    "choices": [],
    "called_person_at": [],
    "handoff_ticket": None,
    "is_call_back_offered": False,
    "is_value_at_risk": None,
    "call_back": None,
}
"""What the engine itself remembers, with the values at the start; an assistant may declare them again."""
LASTING = frozenset(
    {
        "language",
        "customer_id",
        "is_signed",
        "called_person_at",
        "handoff_ticket",
        "is_call_back_offered",
        "is_value_at_risk",
        "call_back",
    }
)
UNDER_WAY = ENGINE_SLOTS.keys() - LASTING
"""What belongs to the matter in hand: a new session, and a person who takes over, begin without it."""


@dataclass(frozen=True)
class MappingCondition:
    """Holds when the form is active (None: no form is) and, if named, the slot is the one asked for."""

    active_loop: str | None
    requested_slot: str | None


@dataclass(frozen=True)
class SlotMapping:
    type: str
    place: Place
    entity: str | None = None
    value: Any = None
    intents: frozenset[str] = frozenset()
    not_intents: frozenset[str] = frozenset()
    conditions: tuple[MappingCondition, ...] = ()

    def wants(self, intent: str) -> bool:
        return intent in self.intents if self.intents else intent not in self.not_intents


@dataclass(frozen=True)
class Slot:
    name: str
    type: str
    place: Place
    initial_value: Any = None
    values: tuple[str, ...] = ()
    mappings: tuple[SlotMapping, ...] = ()

    @property
    def is_yes_no(self) -> bool:
        """Whether "yes" and "no" are answers to it."""
        return self.type == "bool" or any({"affirm", "deny"} & mapping.intents for mapping in self.mappings)

    @property
    def takes_any_text(self) -> bool:
        return any(mapping.type == "from_text" for mapping in self.mappings)

    def coerced(self, value: Any) -> Any:
        """`value` in this slot's type, or None when it cannot be one."""
        if value is None:
            return None
        match self.type:
            case "text":
                return value if isinstance(value, str) else str(value)
            case "bool":
                return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).lower())
            case "float":
                return _number(value)
            case "categorical":
                return next((known for known in self.values if known.casefold() == str(value).casefold()), None)
            case "list":
                return list(value) if isinstance(value, list | tuple) else [value]
        return value

    def holds(self, value: Any, wanted: Any) -> bool:
        """Rasa's reading of `slot_was_set: - name: wanted`: text and lists only ask whether anything is there."""
        if wanted is None:
            return value is None
        if self.type in ("text", "list"):
            return value not in (None, [])
        return bool(value == wanted)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def parse_slot(name: str, node: YamlMap, problems: Problems) -> Slot:
    what = f"slot '{name}'"
    problems.check_keys(node, SLOT_KEYS, what, REFUSED_SLOT_KEYS)
    kind = node.get("type")
    if kind not in TYPES:
        problems.add(node.at("type"), f"{what} has type '{kind}'; use one of {', '.join(TYPES)}")
    if kind == "categorical" and not node.get("values"):
        problems.add(node.place, f"{what} is categorical and needs its values")
    if "mappings" not in node:
        problems.add(node.place, f"{what} has no mappings; write 'mappings: [{{type: custom}}]' if only actions set it")
    mappings = problems.sequence(node.get("mappings"), node.at("mappings"), f"mappings of {what}")
    return Slot(
        name,
        str(kind),
        node.place,
        node.get("initial_value"),
        tuple(str(value) for value in node.get("values") or ()),
        tuple(
            _parse_mapping(problems.mapping(item, at, f"a mapping of {what}"), what, problems)
            for item, at in mappings.located()
        ),
    )


def _parse_mapping(node: YamlMap, what: str, problems: Problems) -> SlotMapping:
    problems.check_keys(node, MAPPING_KEYS, f"a mapping of {what}")
    kind = node.get("type")
    if kind not in MAPPING_TYPES:
        problems.add(node.at("type"), f"{what} is mapped '{kind}'; use one of {', '.join(MAPPING_TYPES)}")
    if "action" in node:
        problems.add(
            node.at("action"), f"{what}: a mapping's own action is not run; extract it in action_validate_slot_mappings"
        )
    if kind == "from_entity" and not node.get("entity"):
        problems.add(node.place, f"{what}: from_entity needs its entity")
    if kind in ("from_intent", "from_trigger_intent") and "value" not in node:
        problems.add(node.place, f"{what}: {kind} needs the value it sets")
    return SlotMapping(
        str(kind),
        node.place,
        node.get("entity"),
        node.get("value"),
        _names(node.get("intent")),
        _names(node.get("not_intent")),
        _parse_conditions(node, what, problems),
    )


def _parse_conditions(node: YamlMap, what: str, problems: Problems) -> tuple[MappingCondition, ...]:
    parsed = []
    for item, at in problems.sequence(node.get("conditions"), node.at("conditions"), f"conditions of {what}").located():
        condition = problems.mapping(item, at, f"a condition of {what}")
        problems.check_keys(condition, ("active_loop", "requested_slot"), f"a condition of {what}")
        if "active_loop" not in condition:
            problems.add(at, f"a condition of {what} needs active_loop")
        parsed.append(MappingCondition(condition.get("active_loop"), condition.get("requested_slot")))
    return tuple(parsed)


def _names(node: Any) -> frozenset[str]:
    if node is None:
        return frozenset()
    return frozenset(str(name) for name in (node if isinstance(node, list) else [node]))
