"""After an offer of a person, "yes" hands the conversation over."""

from actions.base import Event, SlotSet


def offered(reason: str) -> list[Event]:
    """What the engine needs to read the next "yes" as "a person, please"; `reason` goes into the ticket."""
    return [
        SlotSet("clarify_intents", ["human_handoff"]),
        SlotSet("clarify_request", None),
        SlotSet("handoff_reason", reason),
        SlotSet("is_person_offered", True),
    ]
