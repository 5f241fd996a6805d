"""From the log to a promoted policy and back: choices, rewards, candidates, the gate."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from knowledge.next_best_action.actions import Action
from knowledge.next_best_action.bandits import Uniform
from knowledge.next_best_action.choosing import Served, choose
from knowledge.next_best_action.context import FEATURES, Context
from knowledge.next_best_action.errors import NextBestActionError, NoOverlap, PolicyError
from knowledge.next_best_action.gate import judge, logged
from knowledge.next_best_action.limits import load_limits
from knowledge.next_best_action.log import (
    contacts_since,
    forget,
    key_of,
    last_asked,
    made,
    reward_due,
    write,
    write_once,
)
from knowledge.next_best_action.policies import Policies
from knowledge.next_best_action.schema import DecisionRow, PolicyRow
from knowledge.next_best_action.training import learn, split
from knowledge.shop.schema import Base, CustomerRow, OrderRow

START = datetime(2026, 1, 1, tzinfo=UTC)
LIMITS = load_limits()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{tmp_path}/nba.db")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def fill(session: Session, count: int, served: Served = Served()) -> None:  # noqa: B008  (frozen)
    """Choices in a shop where an offer pays with those about to leave, and a recommendation with the others."""
    random = np.random.default_rng(5)
    for number in range(count):
        churn = float(random.random())
        context = Context(has_consent=True, voucher_share=0.1, has_recommendations=True, churn=churn)
        choice = choose(context, served, random)
        number_of_row = write(session, choice, f"s{number % 300}", START + timedelta(hours=number))
        pays = {Action.OFFER: 0.7 * churn, Action.RECOMMEND: 0.7 * (1 - churn), Action.SOLVE_ONLY: 0.1}
        row = session.get_one(DecisionRow, number_of_row)
        row.reward = float(random.random() < pays[choice.action])
    session.flush()


def test_every_choice_is_logged_with_what_judging_it_needs(session: Session) -> None:
    choice = choose(Context(has_consent=True), Served(), np.random.default_rng(1))
    row = session.get_one(DecisionRow, write(session, choice, "pseudonym", START))
    assert row.action == choice.action and row.propensity == choice.propensity == row.propensities[row.action]
    assert sum(row.propensities.values()) == pytest.approx(1)
    assert tuple(row.features) == FEATURES and row.policy == "uniform" and row.reward is None
    assert "no_voucher" in [one["rule"] for one in row.because]


def test_under_one_key_a_choice_stands_once_and_the_first_one_counts(session: Session) -> None:
    key = key_of("message 7", "pseudonym", Action)
    assert made(session, key) is None
    context = Context(has_consent=True, voucher_share=0.1, has_recommendations=True)
    drawn = [choose(context, Served(), np.random.default_rng(seed)) for seed in range(20)]
    first, second = drawn[0], next(one for one in drawn if one.action != drawn[0].action)
    assert write_once(session, first, "pseudonym", START, key) == first
    assert write_once(session, second, "pseudonym", START, key) == first == made(session, key)
    assert write_once(session, second, "pseudonym", START, key_of("message 8", "pseudonym", Action)) == second
    assert len(session.scalars(select(DecisionRow)).all()) == 2


def test_nothing_sensitive_is_a_feature() -> None:
    named = " ".join(FEATURES)
    for word in ("age", "gender", "sex", "health", "religion", "income", "address", "name", "email", "postcode"):
        assert word not in named.split("_") and word not in FEATURES


def test_a_choice_is_rewarded_when_its_time_is_over(session: Session) -> None:
    session.add(CustomerRow(customer_id="ann", email="a@x.example", email_key="a", first_name="A", last_name="B"))
    for number, (day, status) in enumerate([(3, "delivered"), (40, "cancelled"), (75, "delivered")]):
        session.add(
            OrderRow(
                order_number=f"#{number}",
                number_key=f"{number}",
                number_digits=f"{number}",
                customer_id="ann",
                status=status,
                placed_at=START + timedelta(days=day),
                address={},
            )
        )
    choice = choose(Context(), Served(), np.random.default_rng(1))
    days = (0, 4, 38, 70, 95)
    for day in days:
        write(session, choice, "ann's other name", START + timedelta(days=day))
    now = START + timedelta(days=100)
    assert reward_due(session, lambda customer: f"{customer}'s other name", LIMITS, now) == 4
    rewards = session.scalars(select(DecisionRow.reward).order_by(DecisionRow.at)).all()
    cost = LIMITS.reward.costs.get(choice.action, 0)
    assert rewards == pytest.approx([1 - cost, -cost, -cost, 1 - cost, None], nan_ok=True)
    assert reward_due(session, str, LIMITS, now) == 0


def test_contacts_and_questions_are_remembered_until_a_customer_is_forgotten(session: Session) -> None:
    fill(session, 40)
    offered = session.scalars(select(DecisionRow.subject).where(DecisionRow.action == "offer")).first()
    assert offered is not None and contacts_since(session, offered, START) >= 1
    assert last_asked(session, offered) is None
    assert forget(session, offered) >= 1 and contacts_since(session, offered, START) == 0


def test_a_candidate_that_learned_something_passes_the_gate_and_can_be_taken_back(session: Session) -> None:
    fill(session, 1500)
    policies = Policies(session)
    rows, until = split(logged(session), 0.6)
    version = policies.add(learn("linucb", rows), START, until, len(rows))
    assert policies.current().version == "uniform"
    later = logged(session, policies.learned_until(version))
    assert len(later) == 600 and not {row.decision_id for row in later} & {row.decision_id for row in rows}
    judgement = judge(later, policies.get(version).policy, policies.current().policy)
    assert judgement.may_choose and judgement.gain.low > 0.03
    policies.promote(version, START, judgement.to_json())
    assert policies.current().version == version
    assert policies.rollback() == "uniform" and policies.current().version == "uniform"


def test_a_candidate_that_learned_nothing_does_not_pass(session: Session) -> None:
    fill(session, 900)
    assert not judge(logged(session), Uniform(), Uniform()).may_choose
    assert not judge(logged(session), learn("linucb", []), Uniform()).may_choose


def test_a_log_that_is_too_short_or_too_sure_of_itself_lets_nobody_pass(session: Session) -> None:
    fill(session, 100)
    with pytest.raises(NoOverlap, match="only 100 choices"):
        judge(logged(session), Uniform(), Uniform())
    fill(session, 900)
    for row in logged(session):
        row.propensities = dict.fromkeys(row.propensities, 0.001) | {row.action: 0.998}
        row.propensity = 0.998
    with pytest.raises(NoOverlap, match="can't judge"):
        judge(logged(session), learn("linucb", logged(session)[:500]), Uniform())


def test_only_one_policy_is_current_and_rollback_goes_back_step_by_step(session: Session) -> None:
    policies = Policies(session)
    versions = [policies.add(learn("thompson", []), START, None, 0) for _ in range(3)]
    assert len(set(versions)) == 3
    for day, version in enumerate(versions[:2]):
        policies.promote(version, START + timedelta(days=day), {})
    assert [row.state for row in policies.rows()].count("current") == 1
    assert policies.rollback() == versions[0]
    assert policies.rollback() == "uniform"
    with pytest.raises(PolicyError, match="no policy was ever promoted"):
        policies.rollback()


def test_of_two_that_were_promoted_at_once_the_last_chooses(session: Session) -> None:
    policies = Policies(session)
    first, second = (policies.add(learn("thompson", []), START, None, 0) for _ in range(2))
    for day, version in enumerate((first, second)):
        policies.promote(version, START + timedelta(days=day), {})
    session.get_one(PolicyRow, first).state = "current"
    session.flush()
    assert policies.current().version == second
    assert policies.rollback() == first


def test_an_unknown_policy_and_an_empty_log_are_told_in_one_sentence(session: Session) -> None:
    with pytest.raises(PolicyError, match=r"no policy 'x'.*kefu crm policy list"):
        Policies(session).get("x")
    with pytest.raises(NextBestActionError, match="no choice in the log has a reward"):
        split(logged(session), 0.5)
