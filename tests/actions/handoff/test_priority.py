"""Whom a person should look at first, and why."""

from datetime import timedelta

import pytest

from actions.handoff.priority import LEVEL_WORDS, POINTS, WORDS, priority
from bot.cli.tickets import _in_words
from knowledge.profiles.reading import Computed, Prediction
from knowledge.profiles.schema import ProfileRow
from tests.actions.handoff.test_handoff import ticket
from tests.actions.products.stage import NOW, Stage
from tests.actions.service.talk import Talk


def computed(spend_rank: float, churn: float) -> Computed:
    return Computed(NOW, "v1", None, None, {"spend_rank": spend_rank}, (Prediction("churn", churn, ()),))


@pytest.mark.parametrize(
    ("moods", "reason", "known", "level", "because"),
    [
        ([], "asked", None, "normal", ()),
        ([0.1, 0.2], "asked", computed(0.5, 0.9), "normal", ()),
        ([0.1, -0.1], "asked", computed(0.95, 0.1), "normal", ("top_spender",)),
        ([0.1, 0.0], "asked", computed(0.95, 0.6), "high", ("top_spender", "may_leave")),
        ([-0.7], "asked", None, "high", ("angry",)),
        ([0.1, -0.7], "angry", None, "urgent", ("angry", "mood_falling")),
        ([-0.6], "repeated_failure", None, "urgent", ("angry", "bot_failed")),
        ([-0.9, 0.1, 0.1, 0.2], "asked", None, "normal", ()),
    ],
)
def test_priority_follows_mood_and_value(
    moods: list[float], reason: str, known: Computed | None, level: str, because: tuple[str, ...]
) -> None:
    found = priority(moods, reason, known)
    assert (found.level, found.because) == (level, because)


def test_everything_has_words_in_both_languages() -> None:
    assert WORDS.keys() == POINTS.keys()
    assert all(en.isascii() and not zh.isascii() for en, zh in [*WORDS.values(), *LEVEL_WORDS.values()])


@pytest.mark.parametrize(
    ("customer", "text", "line"),
    [
        ("ann", "a person please", "Priority: high: among the 10 % who buy most, a good customer who may be leaving"),
        ("wei", "转人工", "优先级：高：消费额在前 10%，是重要客户，而且有流失风险"),
    ],
)
def test_the_ticket_says_why(stage: Stage, customer: str, text: str, line: str) -> None:
    stage.session.add(
        ProfileRow(
            customer_id=customer,
            computed_at=NOW - timedelta(hours=9),
            version="v1",
            features={"spend_rank": 0.97},
            predictions=[{"task": "churn", "value": 0.7, "reasons": []}],
        )
    )
    Talk(stage, customer).say(text, "human_handoff")
    found = ticket(stage)
    assert line in found.summary
    assert found.details["priority"]["level"] == "high"
    assert len(found.details["priority"]["because"]) == 2


def test_somebody_unknown_gets_a_normal_place(stage: Stage) -> None:
    Talk(stage).say("a person please", "human_handoff")
    assert "Priority: normal" in ticket(stage).summary
    assert ticket(stage).details["priority"] == {"level": "normal", "because": []}


def test_the_list_of_tickets_marks_what_should_not_wait(stage: Stage) -> None:
    Talk(stage, "ann").say("this is terrible, you useless scammers, a person now", "human_handoff", mood=-0.95)
    [found] = stage.shop.open_tickets("handoff")
    assert _in_words(found).split("  ")[2] in ("HIGH", "URGENT")
    calm = Talk(stage, "wei")
    calm.tracker.conversation_id = "rest:wei"
    calm.say("转人工", "human_handoff")
    assert "HIGH" not in _in_words(stage.shop.open_tickets("handoff")[-1])
