"""Complaint 8. Who waits for a person can call it off, ask how long it takes, or be called back; nothing is misread."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from actions.base import Standing
from bot.dialogue.policies.waiting import DROPS, RATHER_BOT, WAITING
from tests.actions.products.stage import Stage, open_stage
from tests.actions.service.talk import Talk

EXAMPLES = Path(__file__).parents[2] / "bot" / "assistant" / "nlu"


@pytest.fixture
def talk() -> Iterator[Talk]:
    stage: Stage = open_stage()
    talk = Talk(stage, "ann")
    talk.say("a person please", "human_handoff")
    yield talk
    stage.session.close()


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("no", "deny"),
        ("No, thanks.", "deny"),
        ("never mind", "nevermind"),
        ("cancel", "cancel_order"),
        ("I'd rather have the bot", "human_handoff"),
        ("I'd rather go on with the bot", "small_talk"),
        ("back to the assistant please", "ask_help"),
        ("I don't want to talk to a person after all", "human_handoff"),
        ("I'm not going to wait", "complaint"),
        ("不用了", "deny"),
        ("算了", "nevermind"),
        ("算了，还是机器人来吧", "human_handoff"),
        ("不想等了", "complaint"),
        ("不等了，换回机器人", "nevermind"),
        ("取消转人工", "cancel_order"),
        ("不用转人工了", "human_handoff"),
    ],
)
def test_it_can_be_called_off(talk: Talk, words: str, intent: str) -> None:
    answer = talk.say(words, intent)
    assert "I'm back" in answer or "我继续为您服务" in answer
    assert not talk.tracker.paused
    assert talk.say("what is your return policy?", "ask_return_policy"), "and the bot answers again"


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("please cancel order #W1234567", "cancel_order"),
        ("no, the blue one was damaged", "report_problem"),
        ("the robot vacuum does not start", "report_problem"),
        ("how long does delivery take?", "delivery_time"),
        ("I need it until Friday", "inform"),
        ("cancel my order", "cancel_order"),
        ("不是这个订单，是另一个", "deny"),
        ("扫地机器人坏了", "report_problem"),
        ("退款要多久到账", "ask_refund_policy"),
        ("是人工还是机器人", "bot_challenge"),
        ("let me chat with a live assistant", "human_handoff"),
        ("how long is the cable on the kettle", "product_details"),
        ("is anyone there on Sunday", "shop_hours"),
        ("my email is ann@shop.example", "inform"),
    ],
)
def test_what_is_for_the_person_is_left_to_the_person(talk: Talk, words: str, intent: str) -> None:
    assert talk.say(words, intent) == ""
    assert talk.tracker.paused


@pytest.mark.parametrize(
    "words",
    [
        "how long will it take?",
        "what's my place in the queue?",
        "anybody there?",
        "还要等多久",
        "前面还有几个人",
        "有人吗",
    ],
)
def test_how_long_it_takes_may_be_asked(talk: Talk, words: str) -> None:
    class Queue:
        def standing(self, conversation_id: str) -> Standing:
            assert conversation_id == "rest:tester"
            return Standing(3, 245.0)

    talk.stage.queue = Queue()
    answer = talk.say(words, "ask_help")
    assert (
        "number 3 in the queue; it should take about 5 minutes" in answer or "前面还有 2 位，大约要等 5 分钟" in answer
    )
    assert talk.tracker.paused


def test_unknown_waits_are_not_made_up(talk: Talk) -> None:
    assert "can't say how long" in talk.say("how long?", "ask_help")


@pytest.mark.parametrize(
    ("words", "contact"),
    [
        ("call me back at +1 503 555 0142", "+1 503 555 0142"),
        ("please e-mail me: ann@shop.example", "ann@shop.example"),
        ("给我回电 13800138000", "13800138000"),
    ],
)
def test_a_call_back_may_be_asked_for(talk: Talk, words: str, contact: str) -> None:
    assert contact in talk.say(words, "small_talk")
    assert talk.slot("call_back") == contact
    assert talk.tracker.paused, "a colleague may still answer here"
    [ticket] = talk.stage.shop.open_tickets("call_back")
    assert ticket.details["contact"] == contact


READ_WRONG = 0.001
"""Of the examples that the model learns from, at most so many may be taken for a word to the queue that are none."""


def test_what_customers_say_otherwise_is_hardly_ever_taken_for_it() -> None:
    """The shop's own 27,000 examples: one that says something else is left to the person."""
    meant = {"nevermind", "deny", "human_handoff", "greet", "goodbye", "thank"}
    texts = [
        (found["intent"], text)
        for path in sorted(EXAMPLES.glob("*.yml"))
        for found in yaml.safe_load(path.read_text("utf-8")).get("nlu", ())
        for text in plain_examples(str(found.get("examples") or ""))
    ]
    others = [text for intent, text in texts if intent not in meant]
    taken = [text for text in others if RATHER_BOT.search(text) or WAITING.search(text) or DROPS.fullmatch(text)]
    assert len(others) > 20_000
    assert len(taken) <= READ_WRONG * len(others), taken


def plain_examples(block: str) -> list[str]:
    """The texts of a block of examples without what marks their entities."""
    lines = [line.strip().removeprefix("- ").strip() for line in block.splitlines()]
    return [re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})", r"\1", line) for line in lines if line]
