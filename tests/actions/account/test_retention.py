"""Who wants to leave hears one offer at most, and only if they agreed to offers; what they answer counts."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from knowledge.next_best_action.schema import DecisionRow
from knowledge.profiles.schema import ProfileRow
from knowledge.shop.schema import CustomerRow, TicketRow
from tests.actions.products.stage import NOW, Stage
from tests.actions.service.talk import Talk

OFFER = "SPRING10"
LEAVE = "please delete my account"


def known(stage: Stage, customers: Sequence[str], churn: float = 0.8, consent: bool = True) -> None:
    for customer_id in customers:
        stage.session.get_one(CustomerRow, customer_id).newsletter_consent = consent
        predictions = [{"task": "churn", "value": churn, "reasons": []}]
        stage.session.add(
            ProfileRow(customer_id=customer_id, computed_at=NOW, version="v1", features={}, predictions=predictions)
        )
    stage.session.flush()


def choices(stage: Stage) -> list[DecisionRow]:
    return list(stage.session.scalars(select(DecisionRow)))


def talk_of(stage: Stage, customer_id: str) -> Talk:
    """Each customer in a conversation of their own: the draw depends on it."""
    talk = Talk(stage, customer_id)
    talk.tracker.conversation_id = f"rest:{customer_id}"
    return talk


def who_hears_one(stage: Stage) -> str:
    """A customer to whom the draw gives an offer."""
    known(stage, CUSTOMERS)
    heard = (one for one in CUSTOMERS if OFFER in talk_of(stage, one).say(LEAVE, "delete_account"))
    return next(heard)


CUSTOMERS = tuple(f"c{number}" for number in range(0, 60, 3))


def test_about_half_hear_an_offer_before_any_policy_has_learned(stage: Stage) -> None:
    known(stage, CUSTOMERS)
    answers = {one: talk_of(stage, one).say(LEAVE, "delete_account") for one in CUSTOMERS}
    assert all("Shall I really have it deleted" in answer for answer in answers.values())
    offered = [one for one, answer in answers.items() if OFFER in answer]
    assert 4 <= len(offered) <= 16
    log = choices(stage)
    assert [row.action for row in log].count("offer") == len(offered)
    assert [row.propensity for row in log] == [0.5] * len(CUSTOMERS)
    assert not {row.subject for row in log} & set(CUSTOMERS), "the log knows pseudonyms"


def test_a_message_that_is_handled_twice_is_one_choice(stage: Stage) -> None:
    """The shop's side was done, and the turn that asked for it was lost and is taken up again."""
    known(stage, CUSTOMERS)
    once = [talk_of(stage, one).say(LEAVE, "delete_account") for one in CUSTOMERS]
    assert [talk_of(stage, one).say(LEAVE, "delete_account") for one in CUSTOMERS] == once
    assert len(choices(stage)) == len(CUSTOMERS)


@pytest.mark.parametrize(
    ("known_as", "mood", "said"),
    [
        ({"churn": 0.8, "consent": False}, 0.0, ["no_consent"]),
        ({"churn": 0.8, "consent": True}, -0.6, ["angry"]),
    ],
)
def test_nothing_is_offered_without_consent_or_to_who_is_angry(
    stage: Stage, known_as: dict[str, Any], mood: float, said: list[str]
) -> None:
    known(stage, CUSTOMERS, **known_as)
    leave = f"{LEAVE}, you useless scammers" if mood < 0 else LEAVE
    answers = [talk_of(stage, one).say(leave, "delete_account", mood=mood) for one in CUSTOMERS]
    assert not any(OFFER in answer for answer in answers)
    assert all("Shall I really" in answer for answer in answers)
    rules = {one["rule"] for row in choices(stage) for one in row.because}
    assert rules >= set(said)
    assert {row.action for row in choices(stage)} == {"solve_only"}


def test_consent_counts_as_it_is_now_not_as_it_was_at_the_fit(stage: Stage) -> None:
    customer_id = who_hears_one(stage)
    stage.session.execute(delete(DecisionRow))
    stage.session.get_one(CustomerRow, customer_id).newsletter_consent = False
    assert OFFER not in talk_of(stage, customer_id).say(LEAVE, "delete_account")


def test_who_is_not_leaving_and_who_is_not_known_hears_none(stage: Stage) -> None:
    known(stage, CUSTOMERS, churn=0.1)
    assert not any(OFFER in talk_of(stage, one).say(LEAVE, "delete_account") for one in (*CUSTOMERS, "c1"))
    assert choices(stage) == []


def test_it_is_said_once_and_the_answer_counts(stage: Stage) -> None:
    customer_id = who_hears_one(stage)
    stage.session.execute(delete(DecisionRow))
    talk = talk_of(stage, customer_id)
    assert OFFER in talk.say(LEAVE, "delete_account")
    assert OFFER not in talk.say("hm, what was that?", "inform")
    assert "reference T-" in talk.say("yes", "affirm")
    kinds = stage.session.scalars(select(TicketRow.kind).where(TicketRow.customer_id == customer_id)).all()
    assert kinds == ["account_deletion"]
    assert len(choices(stage)) == 1


def test_who_stays_stays(stage: Stage) -> None:
    customer_id = who_hears_one(stage)
    stage.session.execute(delete(DecisionRow))
    talk = talk_of(stage, customer_id)
    talk.say(LEAVE, "delete_account")
    talk.say("no, keep it", "deny")
    assert stage.session.scalars(select(TicketRow)).all() == []
    assert OFFER not in talk.say(LEAVE, "delete_account"), "once a conversation"


def test_it_speaks_chinese(stage: Stage) -> None:
    customer_id = who_hears_one(stage)
    stage.session.execute(delete(DecisionRow))
    answer = talk_of(stage, customer_id).say("帮我注销账号", "delete_account")
    assert "下一单可以用 SPRING10" in answer
    assert "确定要注销吗" in answer


@pytest.mark.parametrize("kind", ["complaint", "handoff", "late"])
def test_whose_trouble_is_not_over_hears_none(stage: Stage, kind: str) -> None:
    customer_id = who_hears_one(stage)
    stage.session.execute(delete(DecisionRow))
    stage.shop.open_ticket(kind, "x", "y", key="t", actor="agent:mia", customer_id=customer_id)
    assert OFFER not in talk_of(stage, customer_id).say(LEAVE, "delete_account")
    [choice] = choices(stage)
    assert "waiting" in {one["rule"] for one in choice.because}


def test_this_years_vouchers_are_enough(stage: Stage) -> None:
    customer_id = who_hears_one(stage)
    [given] = [row for row in choices(stage) if row.action == "offer"]
    values = {name: getattr(given, name) for name in ("subject", "policy", "action", "propensity")}
    for months in (2, 5, 11):
        at = NOW - timedelta(days=30 * months)
        stage.session.add(DecisionRow(at=at, propensities={}, features={}, because=[], **values))
    given.at, given.key = NOW - timedelta(days=400), "of another message"
    assert OFFER not in talk_of(stage, customer_id).say(LEAVE, "delete_account")
    assert "enough_vouchers" in {one["rule"] for one in choices(stage)[-1].because}
