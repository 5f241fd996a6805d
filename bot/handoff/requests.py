"""What a handoff is about: the columns of a new one, read off the conversation and the customer's profile."""

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from actions.handoff.priority import ANGRY, LIKELY_TO_LEAVE, TOP_SPENDERS, priority
from actions.handoff.summary import sentiments
from bot.conversation.tracker import Tracker
from bot.handoff.reasons import why_person, why_soon
from bot.handoff.seen import Seen
from knowledge.profiles.reading import Computed, Profiles

NO_TOPIC = frozenset(
    {"human_handoff", "greet", "goodbye", "thank", "affirm", "deny", "nevermind", "inform", "choose_option", "repeat"}
    | {"ask_help", "small_talk", "bot_challenge", "out_of_scope", "complaint", "praise"}
)
"""Intents that do not say what a conversation is about."""


def columns(connection: Connection, tracker: Tracker, reason: str, now: float) -> dict[str, object]:
    """All that is known about a conversation that goes to people now."""
    customer_id = tracker.slot("customer_id")
    computed = Profiles(Session(connection)).computed(customer_id) if customer_id else None
    moods = sentiments(Seen.of(tracker))
    urgency = priority(moods, reason, computed)
    intent = topic_of(tracker)
    mood = moods[-1] if moods else None
    value, churn = value_of(computed), churn_of(computed)
    return {
        "conversation_id": tracker.conversation_id,
        "reason": reason,
        "because": (why_person(reason), *map(why_soon, urgency.because)),
        "priority": urgency.level,
        "language": "zh" if tracker.slot("language") == "zh" else "en",
        "channel": tracker.conversation_id.partition(":")[0],
        "intent": intent,
        "skills": skills_for(intent, mood, value, churn),
        "customer_id": customer_id,
        "segment": computed.segment if computed else None,
        "value": value,
        "churn": churn,
        "mood": mood,
        "ticket_number": tracker.slot("handoff_ticket"),
        "requested_at": now,
        "queued_at": now,
    }


def topic_of(tracker: Tracker) -> str | None:
    """The intent of the customer's last message that says what it is about."""
    for event in reversed(tracker.events):
        if event["event"] in ("user", "request"):
            name = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
            if name and name not in NO_TOPIC:
                return str(name)
    return None


def skills_for(intent: str | None, mood: float | None, value: float | None, churn: float | None) -> tuple[str, ...]:
    """What whoever takes it should be good at: the matter first, then the customer."""
    wanted = {
        "complaint": mood is not None and mood <= ANGRY,
        "vip": value is not None and value >= TOP_SPENDERS,
        "retention": churn is not None and churn >= LIKELY_TO_LEAVE,
    }
    return (*([intent] if intent else []), *(skill for skill, is_wanted in wanted.items() if is_wanted))


def value_of(computed: Computed | None) -> float | None:
    return computed.features.get("spend_rank") if computed else None


def churn_of(computed: Computed | None) -> float | None:
    found = computed.prediction("churn") if computed else None
    return found.value if found else None
