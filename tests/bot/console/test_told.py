"""Why the bot said something, as an agent reads it: what is inside is named in the last sentence only."""

import re
from typing import Any

import pytest

from bot.console.conversation.told import Language, Telling, mood_figure
from bot.dialogue.assistant import Assistant
from bot.dialogue.reasons import WORDS
from bot.settings import PACKAGE_ROOT

FACTS = {
    "intent": "cancel_order",
    "form": "cancel_order_form",
    "other": "return_item_form",
    "slots": "email, order_number",
    "sure": "90%",
    "needed": "60%",
    "failed": "2",
    "times": "3",
}
INSIDE = re.compile(r"_|\b(intents?|forms?|slots?|turns?|rules? fired|polic(y|ies)|validation)\b|意图|校验|表单|槽|轮")


@pytest.fixture(scope="module")
def title() -> Any:
    return Assistant.load(PACKAGE_ROOT / "bot" / "assistant").title


def record(**more: Any) -> dict[str, Any]:
    return {
        "turn_number": 2, "language": "en", "sentiment_label": "negative", "sentiment_score": -0.625, "threshold": 0.56,
        "intents": [{"intent": "cancel_order", "confidence": 0.9}], "entities": [], "steps": [], "actions": [],
        "active_form_before": None, "active_form_after": None, "notes": [], "out_of_scope_score": None,
        "versions": {"model": "m", "domain": "d", "code": "c"}, **more,
    }  # fmt: skip


def step(code: str) -> dict[str, Any]:
    return {"policy": "form", "action": "cancel_order_form", "rule": None, "code": code, "facts": FACTS}


def run(**more: Any) -> dict[str, Any]:
    return {"name": "action_cancel_order", "slots": {}, "responses": (), "failure": None, **more}


TASK = record(
    steps=[step("means")],
    entities=[{"kind": "order_number", "value": "#W1"}, {"kind": "quantity", "value": "2"}],
    actions=[
        run(
            slots={
                "order_number": "#W1",
                "description": "(23 characters)",
                "items": [1, 2],
                "handoff_ticket": "T-1",
                "requested_slot": "cancel_reason",
            }
        )
    ],
    active_form_after="cancel_order_form",
)


def test_a_task_is_told_in_english(title: Any) -> None:
    assert Telling("en", title).of(TASK) == [
        "The customer sounded upset (−0.6 on a scale from −1 to +1) and was answered in English.",
        "It noticed: order #W1, how many 2.",
        "The message means “Cancel an order” (90% sure).",
        "It noted: order #W1, what is wrong, items 2.",
        "What it asks for next: reason for cancelling.",
        "It is now busy with “Cancel an order”.",
        "For whoever looks after the bot: turn 2; form → cancel_order_form; model m, assistant d, code c.",
    ]


def test_a_task_is_told_in_chinese(title: Any) -> None:
    assert Telling("zh", title).of(TASK) == [
        "客户听起来不满（−0.6，范围 −1 到 +1），机器人用英文回复。",
        "它注意到：订单号 #W1，数量 2。",
        "这句话的意思是“取消订单”（把握 90%）。",
        "它记下了：订单号 #W1，问题描述，商品 2。",
        "接下来它要问：取消原因。",
        "现在正在办“取消订单”。",
        "给维护机器人的同事：turn 2; form → cancel_order_form; model m, assistant d, code c",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("code", WORDS)
def test_no_reason_speaks_of_what_is_inside(code: str, language: Language, title: Any) -> None:
    sentences = Telling(language, title).of(record(steps=[step(code)]))
    assert [one for one in sentences[:-1] if INSIDE.search(one)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_failures_strange_messages_and_what_is_over_are_told(language: Language, title: Any) -> None:
    odd = record(out_of_scope_score=0.97, actions=[run(failure="ActionFailed: boom")], active_form_before="x_form")
    sentences = Telling(language, title).of(odd)
    assert len(sentences) == 5 and "ActionFailed" not in "".join(sentences)
    assert [one for one in sentences[:-1] if INSIDE.search(one)] == []


def test_mood_figures_have_one_decimal_and_a_minus() -> None:
    assert [mood_figure(score) for score in (-1, -0.34, -0.04, 0, 0.04, 0.25, 1)] == [
        "−1.0",
        "−0.3",
        "0.0",
        "0.0",
        "0.0",
        "+0.2",
        "+1.0",
    ]
