"""A failing action is apologised for, a person is offered, and the conversation goes on."""

from pathlib import Path
from typing import Any

import pytest

from bot.action_runner import ActionResult
from bot.dialogue.assistant import Assistant
from tests.bot.dialogue.chat import Chat


@pytest.mark.parametrize(
    ("text", "apology"),
    [
        ("break it", "I'm sorry, something went wrong on our side just now. Shall I get a colleague to help you?"),
        ("弄坏它", "实在抱歉，系统刚才出了点问题。需要我帮您转接人工客服吗？"),
    ],
)
def test_an_action_that_raises_is_apologised_for(chat: Chat, text: str, apology: str) -> None:
    assert chat.says(text, "break_it") == [apology]
    assert "action_execution_rejected" in [event["event"] for event in chat.last.events]
    assert "RuntimeError" in (chat.last.decision.actions[0].failure or "")


def test_after_a_failure_the_conversation_goes_on_or_a_person_takes_it(chat: Chat) -> None:
    chat.says("break it", "break_it")
    assert chat.says("what about refunds", "refund_policy") == ["Refunds take 5 days."]
    chat.says("break it", "break_it")
    assert chat.says("yes", "affirm") == ["A colleague takes over."]
    assert chat.slots["handoff_reason"] == "action_error"


def test_actions_that_go_in_circles_are_stopped(chat: Chat) -> None:
    (said,) = chat.says("round and round", "circle")
    assert "went wrong" in said
    assert len(chat.last.decision.actions) < 25


class Answers:
    """An action server that answers every call the same way."""

    def __init__(self, events: list[Any], responses: list[dict[str, Any]] | None = None) -> None:
        self.result = ActionResult(events, responses or [])

    def run(self, name: str, tracker_state: object, domain: object) -> ActionResult:  # noqa: ARG002
        return self.result


@pytest.mark.parametrize(
    ("events", "responses", "named"),
    [
        ([{"event": "rewind"}], [], "rewind"),
        ([{"event": "dance"}], [], "dance"),
        (["nonsense"], [], "not an event"),
        ([{"event": "slot"}], [], "needs a name"),
        ([{"event": "user", "text": "hi"}], [], "speak for the customer"),
        ([], [{"response": "utter_nowhere"}], "utter_nowhere"),
        ([], [{"text": "hi", "buttons": [{"payload": "x"}]}], "cannot be read"),
        ([], [{"text": "hi", "buttons": "x"}], "cannot be read"),
    ],
)
def test_a_bad_reply_is_a_failure_that_names_it(
    sample: Assistant, events: list[Any], responses: list[dict[str, Any]], named: str
) -> None:
    chat = Chat(sample, Answers(events, responses))
    (said,) = chat.says("where is it", "track_order")
    assert "went wrong" in said
    assert named in (chat.last.decision.actions[0].failure or "")


def test_a_failing_validation_keeps_the_form(sample: Assistant) -> None:
    chat = Chat(sample)
    chat.says("cancel my order", "cancel_order")
    chat.engine.runner = Answers([{"event": "dance"}])
    assert "went wrong" in chat.says("#W1", order_number="#W1")[0]
    assert chat.tracker.active_loop == "cancel_order_form"


def test_an_assistant_that_is_no_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no such directory"):
        Assistant.load(tmp_path / "nowhere")


CIRCLE = """\
intents: [go]
responses: {utter_a: [{text: a}], utter_b: [{text: b}]}
rules:
- {rule: Go, steps: [{intent: go}, {action: utter_a}], wait_for_user_input: false}
- {rule: A, steps: [{action: utter_a}, {action: utter_b}], wait_for_user_input: false}
- {rule: B, steps: [{action: utter_b}, {action: utter_a}], wait_for_user_input: false}
"""


def test_rules_that_go_in_circles_are_stopped(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text(CIRCLE, encoding="utf-8")
    chat = Chat(Assistant.load(tmp_path, languages=()), Answers([]))
    said = chat.says("go", "go")
    assert said[:3] == ["a", "b", "a"]
    assert len(said) <= 21
