"""A person takes over with everything they need."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.handoff.human_handoff import HumanHandoff
from actions.handoff.summary import key_lines, subject_line, trend
from knowledge.shop.schema import TicketRow
from tests.actions.products.stage import NOW, Stage
from tests.actions.service.talk import Talk


def ticket(stage: Stage) -> TicketRow:
    return stage.session.scalars(select(TicketRow).where(TicketRow.kind == "handoff")).one()


@pytest.mark.parametrize(("text", "closing"), [("I want to talk to a person", "colleague"), ("我要转人工", "人工客服")])
def test_asking_for_a_person_pauses_the_bot(stage: Stage, text: str, closing: str) -> None:
    talk = Talk(stage)
    answer = talk.say(text, "human_handoff")
    assert closing in answer
    assert ticket(stage).ticket_number in answer
    assert talk.tracker.paused
    assert talk.say("hello?", "greet") == "", "the bot is silent until it is handed back"


def test_the_ticket_holds_summary_slots_sentiment_and_history(stage: Stage) -> None:
    talk = Talk(stage, "ann")
    talk.say("do you sell desk lamps?", "product_search", mood=0.2)
    talk.say("the last one came broken, order #K1234567, and nobody helps", "small_talk", mood=-0.4)
    talk.say("a person please", "human_handoff", mood=-0.5)
    found = ticket(stage)
    details: dict[str, Any] = found.details
    assert found.customer_id == "ann"
    assert found.conversation_id == "rest:tester"
    assert "Ann Smith" in found.summary
    assert "the last one came broken" in found.summary
    assert details["reason"] == "asked"
    assert details["slots"]["product"] == "lamp"
    assert details["sentiment"][-1] < 0
    assert [turn["role"] for turn in details["history"]][:2] == ["user", "bot"]
    assert details["history"][-1] == {"role": "user", "text": "a person please"}


def test_the_summary_speaks_the_customers_language(stage: Stage) -> None:
    Talk(stage, "wei").say("转人工，机器人听不懂", "human_handoff")
    assert "客户：王伟" in ticket(stage).summary
    assert "客户要求人工" in ticket(stage).summary


@pytest.mark.parametrize("language", ["en", "zh"])
def test_outside_the_hours_the_hours_are_told(stage: Stage, language: str) -> None:
    stage.speak(language)
    night: datetime = NOW + timedelta(hours=11)
    stage.events.append({"event": "user", "text": "x", "timestamp": night.timestamp()})
    message = {"text": "human", "message_id": "m1", "entities": []}
    answer = stage.run(HumanHandoff(), message)
    assert answer.responses == ["utter_handoff_closed"]
    assert "09:00–21:00" in answer.text


def test_the_same_message_opens_one_ticket(stage: Stage) -> None:
    message = {"text": "human", "message_id": "m1", "entities": []}
    assert stage.run(HumanHandoff(), message).text == stage.run(HumanHandoff(), message).text
    assert ticket(stage)


def test_the_summary_quotes_what_tells_most() -> None:
    said = ["hi", "my order #K1234567 came broken and I want my money back", "ok", "hello??", "are you there", "human"]
    assert key_lines(said)[0] == said[1]
    assert key_lines(said)[-1] == "human"
    assert "ok" not in key_lines(said)


@pytest.mark.parametrize(
    ("scores", "word"), [([0.2, 0.0, -0.6, -0.8], "falling"), ([-0.5, 0.6], "rising"), ([0.1, 0.1], "steady")]
)
def test_trend(scores: list[float], word: str) -> None:
    assert trend(scores, "en").startswith(word)


def test_long_lines_are_cut() -> None:
    assert subject_line("a  b\n" * 100, 20) == "a b a b a b a b a b…"


def test_an_angry_customer_is_not_told_of_course(stage: Stage) -> None:
    talk = Talk(stage)
    talk.say("this is terrible", "complaint", mood=-0.95)
    assert "so frustrating" in talk.say("this is the worst shop ever", "complaint", mood=-0.98)
    assert talk.tracker.paused
