"""What a message offers for slots, by Rasa's slot mappings. Candidates only: validation decides."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.dialogue.assistant import Assistant
from bot.dialogue.forms import Form
from bot.dialogue.request import Request
from bot.dialogue.slots import ENGINE_SLOTS, MappingCondition, Slot, SlotMapping


def scope_of(form: Form, assistant: Assistant) -> frozenset[str]:
    """The slots a form may fill: those it requires and those mapped to it; any at all when it lists none."""
    mapped = {
        slot.name
        for slot in assistant.slots.values()
        if any(condition.active_loop == form.name for mapping in slot.mappings for condition in mapping.conditions)
    }
    named = frozenset(form.required_slots) | mapped
    return named or frozenset(name for name in assistant.slots if name not in ENGINE_SLOTS)


def form_candidates(
    form: Form, request: Request, assistant: Assistant, filled: Mapping[str, Any], *, is_trigger: bool
) -> dict[str, Any]:
    """Values for the form's slots. `filled`: the slots as they are; `is_trigger`: this message opened the form."""
    requested = filled.get("requested_slot")
    scope = [assistant.slots[name] for name in sorted(scope_of(form, assistant)) if name in assistant.slots]
    ambiguous = _shared_entities(scope)
    found: dict[str, Any] = {}
    for slot in scope:
        for mapping in slot.mappings:
            if not _applies(mapping, form, requested, request):
                continue
            if mapping.type == "from_trigger_intent" and not is_trigger:
                continue
            if slot.name != requested and (mapping.type == "from_text" or mapping.entity in ambiguous):
                continue
            value = _value(slot, mapping, request)
            if value is not None:
                found[slot.name] = value
                break
    return _without_hasty_answer(found, filled, assistant)


def global_candidates(request: Request, assistant: Assistant, beside: Iterable[str]) -> dict[str, Any]:
    """Values for slots that are filled whatever goes on, but for those in `beside` (the active form's own)."""
    own = set(beside)
    found: dict[str, Any] = {}
    for slot in assistant.slots.values():
        if slot.name in own or slot.name in ENGINE_SLOTS:
            continue
        for mapping in slot.mappings:
            if mapping.type in ("from_trigger_intent", "custom") or not _applies(mapping, None, None, request):
                continue
            value = _value(slot, mapping, request)
            if value is not None:
                found[slot.name] = value
                break
    return found


def _applies(mapping: SlotMapping, form: Form | None, requested: str | None, request: Request) -> bool:
    intent = request.intent.name
    if form and mapping.type == "from_text" and intent in form.ignored_intents:
        return False
    if mapping.conditions and not any(_holds(condition, form, requested) for condition in mapping.conditions):
        return False
    return mapping.wants(intent)


def _holds(condition: MappingCondition, form: Form | None, requested: str | None) -> bool:
    if condition.active_loop != (form.name if form else None):
        return False
    return condition.requested_slot is None or condition.requested_slot == requested


def _value(slot: Slot, mapping: SlotMapping, request: Request) -> Any:
    match mapping.type:
        case "from_entity":
            values = request.all_values(mapping.entity or "")
            if not values:
                return None
            return slot.coerced(values if slot.type == "list" else values[0])
        case "from_text":
            return slot.coerced(request.text.strip() or None)
        case "from_intent" | "from_trigger_intent":
            return slot.coerced(mapping.value)
    return None


def _shared_entities(slots: Iterable[Slot]) -> frozenset[str]:
    """Entities that could fill several of the slots: they go to the one asked for."""
    seen: dict[str, int] = {}
    for slot in slots:
        for entity in {mapping.entity for mapping in slot.mappings if mapping.entity}:
            seen[entity] = seen.get(entity, 0) + 1
    return frozenset(entity for entity, times in seen.items() if times > 1)


def _without_hasty_answer(found: dict[str, Any], filled: Mapping[str, Any], assistant: Assistant) -> dict[str, Any]:
    """ "No, order #W2 instead": a correction is no answer to the question, which is asked again.

    This is so for a question that takes yes and no, and for one that would take any text.
    """
    slot = assistant.slots.get(filled.get("requested_slot") or "")
    corrected = {name for name, value in found.items() if filled.get(name) not in (None, value)}
    if slot is None or corrected <= {slot.name} or not (slot.is_yes_no or slot.takes_any_text):
        return found
    return {name: value for name, value in found.items() if name != slot.name}
