"""Complaint 9. The bot calls people by itself only so often a day; whoever asks for one always gets one."""

from collections.abc import Iterator

import pytest

from bot.conversation import events as happened
from tests.actions.products.stage import NOW, open_stage
from tests.actions.service.talk import Talk


@pytest.fixture
def talk() -> Iterator[Talk]:
    stage = open_stage()
    yield Talk(stage)
    stage.session.close()


def handed_back(talk: Talk) -> None:
    talk.tracker.apply(happened.resumed(NOW.timestamp()))
    talk.tracker.apply(happened.slot_set("recent_sentiment", [], NOW.timestamp()))


def rages(talk: Talk) -> str:
    talk.say("this is a disgrace!!", "small_talk", mood=-0.95)
    return talk.say("you are the worst shop ever!!", "small_talk", mood=-0.98)


def test_the_fourth_time_it_offers_a_call_back_instead(talk: Talk) -> None:
    for _ in range(3):
        rages(talk)
        assert talk.tracker.paused
        handed_back(talk)
    answer = rages(talk)
    assert not talk.tracker.paused
    assert "several times today" in answer
    assert "ann@shop.example" in talk.say("ann@shop.example", "inform"), "and takes it down"
    assert len(talk.stage.shop.open_tickets("call_back")) == 1


def test_who_asks_for_a_person_gets_one_every_time(talk: Talk) -> None:
    for _ in range(6):
        talk.say("a person please", "human_handoff")
        assert talk.tracker.paused
        handed_back(talk)


def test_what_the_person_settled_calls_nobody_again(talk: Talk) -> None:
    """Old anger is over with the human stretch: only new anger counts (bot/handoff/stretch.py forgets it)."""
    rages(talk)
    handed_back(talk)
    talk.say("well, you were useless!!", "small_talk", mood=-0.9)
    assert not talk.tracker.paused
