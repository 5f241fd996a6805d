"""A problem that was filed: sorry, and a voucher or a person where the next best action says so."""

import pytest
from sqlalchemy import select

from knowledge.next_best_action import Action
from knowledge.next_best_action.schema import DecisionRow
from knowledge.profiles.schema import ProfileRow
from knowledge.shop.schema import TicketRow
from tests.actions.products.stage import NOW, Stage, add_order
from tests.actions.service.fixed_policy import prefer
from tests.actions.service.talk import Talk


@pytest.fixture
def order(stage: Stage) -> str:
    stage.session.add(ProfileRow(customer_id="wei", computed_at=NOW, version="v1", features={}, predictions=[]))
    return add_order(stage.session, "wei", ["kettle"], days_ago=3)


def report(stage: Stage, order: str, *, chinese: bool = False, mood: float = 0.0) -> tuple[Talk, str]:
    """The answer to the yes that files it."""
    talk = Talk(stage, "wei")
    told = f"{order}的水壶收到就是坏的，垃圾" if chinese else f"the kettle of {order} came broken, total crap"
    talk.say(told, "report_damaged_item", mood=mood)
    return talk, talk.say("可以" if chinese else "yes", "affirm")


def choices(stage: Stage) -> list[DecisionRow]:
    return list(stage.session.scalars(select(DecisionRow)))


@pytest.mark.parametrize("chinese", [False, True])
def test_an_apology_names_the_voucher_and_how_to_use_it(stage: Stage, order: str, chinese: bool) -> None:
    prefer(stage.session, Action.APOLOGISE_WITH_VOUCHER)
    talk, answer = report(stage, order, chinese=chinese)
    assert "T-" in answer, "first what they came for"
    assert "SPRING10" in answer and ("结算时填上" if chinese else "enter it at checkout") in answer
    assert [row.action for row in choices(stage)] == ["apologise_with_voucher"]
    talk.say(f"and {order} is late, too", "report_missing_parcel")
    assert "SPRING10" not in talk.say("yes", "affirm"), "once a conversation"
    assert len(choices(stage)) == 1


def test_solving_says_what_it_always_said(stage: Stage, order: str) -> None:
    prefer(stage.session, Action.SOLVE_ONLY)
    _, answer = report(stage, order)
    assert "T-" in answer and "SPRING10" not in answer
    assert [row.action for row in choices(stage)] == ["solve_only"]


def test_without_a_profile_nothing_is_chosen(stage: Stage, order: str) -> None:
    prefer(stage.session, Action.APOLOGISE_WITH_VOUCHER)
    stage.session.delete(stage.session.get_one(ProfileRow, "wei"))
    stage.session.flush()
    _, answer = report(stage, order)
    assert "T-" in answer and "SPRING10" not in answer
    assert choices(stage) == []


@pytest.mark.parametrize(("mood", "kinds"), [(-0.7, ["damaged", "handoff"]), (-0.2, ["damaged"])])
def test_a_person_only_where_the_mood_is_very_bad(stage: Stage, order: str, mood: float, kinds: list[str]) -> None:
    prefer(stage.session, Action.HAND_OFF)
    talk, _ = report(stage, order, mood=mood)
    found = stage.session.scalars(select(TicketRow.kind).order_by(TicketRow.ticket_id)).all()
    assert (list(found), talk.tracker.paused) == (kinds, mood < -0.6)
    assert choices(stage)[0].propensities.keys() >= {"solve_only"}
    assert ("hand_off" in choices(stage)[0].propensities) == (mood < -0.6)


def test_this_years_vouchers_are_enough(stage: Stage, order: str) -> None:
    prefer(stage.session, Action.APOLOGISE_WITH_VOUCHER)
    answers = [report(stage, order)[1]]
    for _ in range(3):
        again = add_order(stage.session, "wei", ["kettle"], days_ago=3)
        answers.append(report(stage, again)[1])
    assert ["SPRING10" in answer for answer in answers] == [True, True, True, False]
