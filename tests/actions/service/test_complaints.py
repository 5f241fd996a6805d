"""Complaints become tickets, in the customer's words, with a person offered."""

import pytest

from tests.actions.products.stage import Stage
from tests.actions.service.talk import Talk


@pytest.mark.parametrize(
    ("opening", "story", "yes"),
    [
        ("your service sucks", "the parcel came broken twice and nobody answers my mails", "yes please"),
        ("太差了", "包裹碎了两次，打电话也没人理", "好的"),
    ],
)
def test_a_complaint_is_heard_filed_and_handed_over_on_yes(stage: Stage, opening: str, story: str, yes: str) -> None:
    talk = Talk(stage, "ann")
    talk.say(opening, "complaint")
    assert talk.slot("requested_slot") == "complaint"
    talk.say(story, "complaint")
    [ticket] = stage.shop.tickets_of("ann")
    assert (ticket.kind, ticket.summary) == ("complaint", story)
    talk.say(yes, "affirm")
    assert talk.tracker.paused
    assert {each.kind for each in stage.shop.tickets_of("ann")} == {"complaint", "handoff"}


def test_a_complaint_that_tells_the_story_is_not_asked_for_it(stage: Stage) -> None:
    Talk(stage, "ann").say("this is ridiculous, I have waited three weeks for a kettle", "complaint")
    assert len(stage.shop.tickets_of("ann")) == 1


def test_no_to_a_person_leaves_it_at_the_ticket(stage: Stage) -> None:
    talk = Talk(stage, "ann")
    talk.say("this is ridiculous, I have waited three weeks for a kettle", "complaint")
    talk.say("no thanks", "deny")
    assert not talk.tracker.paused
