"""A tracker is its events folded, whole or from a snapshot."""

import json
from time import thread_time

import pytest

from bot.conversation.events import Event, EventError, accepted
from bot.conversation.tracker import RECENT_EVENTS, Tracker
from tests.bot.dialogue.chat import Chat


def folded(chat: Chat) -> Tracker:
    return Tracker.from_snapshot(
        chat.tracker.conversation_id,
        json.loads(json.dumps(chat.tracker.snapshot())),
        chat.engine.assistant.initial_slots,
    )


def test_a_snapshot_brings_back_the_same_tracker(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    again = folded(chat)
    assert again.state() == chat.tracker.state()
    assert again.snapshot() == chat.tracker.snapshot()


def test_a_conversation_goes_on_from_a_snapshot(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    chat.tracker = folded(chat)
    assert chat.says("too expensive") == ["Shall I cancel #W1?"]


def test_events_fold_to_the_same_tracker(chat: Chat) -> None:
    events: list[Event] = []
    for text, intent in (("cancel my order", "cancel_order"), ("hello", "greet"), ("never mind", "nevermind")):
        chat.says(text, intent)
        events.extend(chat.last.events)
    replayed = Tracker(chat.tracker.conversation_id, chat.engine.assistant.initial_slots)
    replayed.apply_all(events)
    assert replayed.snapshot() == chat.tracker.snapshot()


def test_an_action_cannot_change_the_tracker_through_its_state(chat: Chat) -> None:
    chat.says("hello", "greet")
    chat.tracker.slots["choices"] = [{"id": 1}]
    state = chat.tracker.state()
    state["slots"]["choices"].append("changed")
    state["events"].clear()
    assert chat.tracker.slots["choices"] == [{"id": 1}]
    assert chat.tracker.events


def test_a_tracker_and_its_turns_do_not_grow_with_the_conversation(chat: Chat) -> None:
    def seconds_for(turns: int) -> float:
        begun = thread_time()
        for _ in range(turns):
            chat.says("hello", "greet")
        return thread_time() - begun

    seconds_for(30)
    early, size = min(seconds_for(20) for _ in range(3)), len(json.dumps(chat.tracker.snapshot()))
    seconds_for(300)
    late = min(seconds_for(20) for _ in range(3))
    assert len(chat.tracker.events) == RECENT_EVENTS
    assert len(json.dumps(chat.tracker.snapshot())) < 1.1 * size
    assert late < 2 * early


def test_the_latest_messages_outlive_the_events_between_them(chat: Chat) -> None:
    chat.says("where is my parcel", "greet")
    for number in range(12):
        chat.says(f"hello {number}", "greet")
        for _ in range(6):
            chat.tracker.apply({"event": "slot", "name": "choices", "value": number, "timestamp": 1.0})
    assert "where is my parcel" not in [event.get("text") for event in chat.tracker.events]
    for tracker in (chat.tracker, folded(chat)):
        spoken = [event["text"] for event in tracker.state()["events"] if event["event"] == "user"]
        assert spoken == ["where is my parcel", *(f"hello {number}" for number in range(12))]


def test_restarting_goes_back_to_the_beginning(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    chat.tracker.apply({"event": "restart", "timestamp": 1.0})
    assert (chat.tracker.active_loop, chat.slots["order_number"]) == (None, None)


def test_an_unknown_event_is_refused_by_name(chat: Chat) -> None:
    with pytest.raises(EventError, match="dance"):
        chat.tracker.apply({"event": "dance"})
    with pytest.raises(EventError, match=r"rewind.*cannot be unsaid"):
        accepted([{"event": "rewind"}], 1.0)


def test_events_without_a_time_get_one() -> None:
    assert accepted([{"event": "slot", "name": "a", "value": 1, "timestamp": None}], 5.0)[0]["timestamp"] == 5.0
