"""Each turn leaves a record of what was understood, decided and done, without personal data."""

import json

import pytest

from bot.dialogue.decision import masked
from tests.bot.dialogue.chat import Chat


def test_the_record_says_what_was_decided_and_why(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order", 0.91)
    decision = chat.last.decision
    assert (decision.intents[0].intent, decision.intents[0].confidence) == ("cancel_order", 0.91)
    assert [(step.policy, step.action, step.rule) for step in decision.steps] == [
        ("rule", "cancel_order_form", "Cancel an order")
    ]
    assert decision.steps[0].reason == "the message means cancel_order (91% sure)"
    assert (decision.threshold, decision.active_form_before, decision.active_form_after) == (
        0.5,
        None,
        "cancel_order_form",
    )
    assert (decision.versions.model, len(decision.versions.domain)) == ("test", 12)


def test_the_record_names_the_actions_with_what_they_set(chat: Chat) -> None:
    chat.says("cancel my order", "cancel_order")
    chat.says("#W1", order_number="#W1")
    assert chat.last.decision.actions[0].name == "validate_cancel_order_form"
    assert chat.last.decision.actions[0].slots == {"order_number": "#W1"}


def test_the_record_is_json_and_holds_no_personal_data(chat: Chat) -> None:
    chat.says("I am a@b.com", "inform", email="a@b.com")
    text = json.dumps(chat.last.decision.to_json(), ensure_ascii=False)
    assert "a@b.com" not in text
    assert '"email"' in text


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("order_number", "#W2378156", "#W2378156"),
        ("email", "ada@example.com", "a•••"),
        ("note", "write to ada@example.com", "(24 characters)"),
        ("order_number", "+49 170 1234567", "•••"),
        ("unread", ["我叫王伟", "no_longer_needed"], ["(4 characters)", "no_longer_needed"]),
        ("address", {"street": "5 Elm St", "city": "Bonn"}, {"street": "5•••", "city": "B•••"}),
        ("choices", [{"label": "Lamp", "email": "a@b.com"}], [{"label": "Lamp", "email": "a•••"}]),
        ("count", 3, 3),
        ("email", None, None),
    ],
)
def test_values_are_masked_by_kind_and_by_look(name: str, value: object, kept: object) -> None:
    assert masked(name, value) == kept
