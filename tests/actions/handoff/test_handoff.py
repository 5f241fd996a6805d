"""A person takes over with everything they need."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.base import Standing
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
    assert details["history"][-1] == {"role": "user", "text": "a person please", "score": -0.5}


def test_the_ticket_remembers_the_matter_after_many_turns(stage: Stage) -> None:
    talk = Talk(stage, "ann")
    matter = "please cancel order #K1234567, the lamp is too dark for my office"
    talk.say(matter, "small_talk", mood=-0.1)
    for number in range(11):
        talk.say(f"and what do you have under {number + 5} dollars?", "product_search")
        for slot in ("order_number", "items", "problem"):  # what a form that ends leaves behind
            talk.tracker.apply({"event": "slot", "name": slot, "value": None, "timestamp": NOW.timestamp()})
    assert matter not in [event.get("text") for event in talk.tracker.events], "the recent events have lost it"
    talk.say("this is terrible, nobody has ever treated me as badly as this shop does", "small_talk", mood=-0.6)
    talk.say("you useless stupid machine, you have not understood one single word of mine", "human_handoff", mood=-0.7)
    found = ticket(stage)
    moods = [line["score"] for line in found.details["history"] if line["role"] == "user"]
    assert found.details["history"][0] == {"role": "user", "text": matter, "score": -0.1}
    assert (moods[0], moods[-2:], len(moods)) == (-0.1, [-0.6, -0.7], 14)
    assert matter in found.summary


def test_a_conversation_begun_anew_tells_nothing_of_the_one_before(stage: Stage) -> None:
    talk = Talk(stage)
    talk.say("the last one came broken, order #K1234567", "small_talk")
    talk.tracker.apply({"event": "restart", "timestamp": NOW.timestamp()})
    talk.say("a person please", "human_handoff")
    assert "#K1234567" not in str([ticket(stage).details, ticket(stage).summary])


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


def test_whoever_works_late_is_there(stage: Stage) -> None:
    class Queue:
        def standing(self, conversation_id: str) -> Standing:  # noqa: ARG002
            return Standing(1, None, people=1)

    stage.queue = Queue()
    stage.events.append({"event": "user", "text": "x", "timestamp": (NOW + timedelta(hours=11)).timestamp()})
    answer = stage.run(HumanHandoff(), {"text": "human", "message_id": "m1", "entities": []})
    assert answer.responses == ["utter_handoff"]
    assert "You're next." in answer.text
    assert answer.slots["is_call_back_offered"] is False


def test_the_same_message_opens_one_ticket(stage: Stage) -> None:
    message = {"text": "human", "message_id": "m1", "entities": []}
    assert stage.run(HumanHandoff(), message).text == stage.run(HumanHandoff(), message).text
    assert ticket(stage)


def test_the_summary_quotes_what_tells_most() -> None:
    said = ["hi", "my order #K1234567 came broken and I want my money back", "ok", "hello??", "are you there", "human"]
    assert key_lines(said)[0] == said[1]
    assert key_lines(said)[-1] == "human"
    assert "ok" not in key_lines(said)


def test_the_summary_quotes_the_matter_however_long_the_anger_is() -> None:
    matter = "I'd like to return the kettle"
    anger = [f"you are the {word} and slowest and rudest shop that I have ever dealt with" for word in "abcdefgh"]
    assert key_lines(["hello", matter, *anger])[0] == matter
    assert key_lines(["hello", matter, *anger])[-1] == anger[-1]


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
