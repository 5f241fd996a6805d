"""A good customer who may leave is offered a person at the first sign of a bad mood."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from knowledge.profiles.schema import ProfileRow
from tests.actions.products.stage import Stage, open_stage
from tests.actions.service.talk import Talk


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = open_stage()
    yield stage
    stage.session.close()


def knows(stage: Stage, spend_rank: float, churn: float) -> None:
    predictions = [{"task": "churn", "value": churn, "reasons": []}]
    stage.session.add(
        ProfileRow(
            customer_id="ann",
            computed_at=datetime.now(UTC),
            version="test",
            features={"spend_rank": spend_rank},
            predictions=predictions,
        )
    )
    stage.session.flush()


@pytest.mark.parametrize(
    ("spend_rank", "churn", "mood", "is_offered"),
    [(0.95, 0.7, -0.5, True), (0.5, 0.7, -0.5, False), (0.95, 0.2, -0.5, False), (0.95, 0.7, 0.0, False)],
)
def test_a_person_is_offered(stage: Stage, spend_rank: float, churn: float, mood: float, is_offered: bool) -> None:
    knows(stage, spend_rank, churn)
    talk = Talk(stage, "ann")
    answer = talk.say("well, that is not good enough", "greet", mood=mood)
    assert (talk.slot("handoff_reason") == "value_at_risk") is is_offered
    assert ("colleague" in answer) is is_offered
    if is_offered:
        talk.say("yes please", "affirm")
        assert talk.tracker.paused
        [ticket] = stage.shop.open_tickets("handoff")
        assert ticket.details["reason"] == "value_at_risk"
        assert "good customer" in ticket.summary


def test_nobody_unknown_is_looked_up(stage: Stage) -> None:
    knows(stage, 0.95, 0.7)
    talk = Talk(stage)
    talk.say("well, that is not good enough", "greet", mood=-0.5)
    assert talk.slot("is_value_at_risk") is None
