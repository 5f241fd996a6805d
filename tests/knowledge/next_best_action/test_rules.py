"""The hard rules hold whatever a policy wants, whatever the context."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.next_best_action.actions import SELLING, Action
from knowledge.next_best_action.bandits import Uniform
from knowledge.next_best_action.choosing import Served, choose
from knowledge.next_best_action.context import Context
from knowledge.next_best_action.errors import LimitsError
from knowledge.next_best_action.limits import load_limits
from knowledge.next_best_action.rules import RULES, allowed, in_words

WILLING = Context(has_consent=True, voucher_share=0.1, has_recommendations=True)
LIMITS = load_limits()

shares = st.none() | st.floats(0, 1)
contexts = st.builds(
    Context,
    has_consent=st.booleans(),
    consent_asked_days_ago=st.none() | st.floats(0, 1000),
    contacts_lately=st.integers(0, 9),
    mood=st.floats(-1, 1),
    is_waiting=st.booleans(),
    had_problem=st.booleans(),
    wants_person=st.booleans(),
    asked_for_advice=st.booleans(),
    voucher_share=shares,
    margin_share=shares,
    vouchers_this_year=st.integers(0, 9),
    has_recommendations=st.booleans(),
    active=shares,
    churn=shares,
    recency_over_gap=st.none() | st.floats(0, 1e6),
    value_rank=shares,
)


def can_do(context: Context) -> set[Action]:
    return set(allowed(context, LIMITS)[0])


def test_a_calm_customer_who_agreed_may_be_offered_something() -> None:
    assert can_do(WILLING) == {Action.SOLVE_ONLY, Action.OFFER, Action.RECOMMEND}


@given(contexts)
def test_nothing_is_sold_to_who_is_angry_or_waiting(context: Context) -> None:
    if context.is_waiting or context.mood < LIMITS.mood.angry_below:
        assert not can_do(context) & SELLING


@given(contexts)
def test_without_consent_there_is_no_offer_and_no_unasked_advice(context: Context) -> None:
    possible = can_do(replace(context, has_consent=False, asked_for_advice=False))
    assert not possible & {Action.OFFER, Action.RECOMMEND}


@given(contexts)
def test_solving_is_always_possible_and_every_rule_that_took_something_away_says_so(context: Context) -> None:
    possible, because = allowed(context, LIMITS)
    assert Action.SOLVE_ONLY in possible
    taken = {action for one in because for action in one.actions}
    assert taken == set(Action) - set(possible)
    assert all(in_words(because, "en")) and all(in_words(because, "zh"))


@pytest.mark.parametrize(
    ("name", "change", "action"),
    [
        ("waiting", {"is_waiting": True}, Action.RECOMMEND),
        ("angry", {"mood": -0.5}, Action.RECOMMEND),
        ("wants_person", {"wants_person": True}, Action.RECOMMEND),
        ("no_consent", {"has_consent": False}, Action.OFFER),
        ("no_consent_to_advice", {"has_consent": False}, Action.RECOMMEND),
        ("fatigue", {"contacts_lately": 2}, Action.OFFER),
        ("margin", {"voucher_share": 0.25}, Action.OFFER),
        ("margin", {"margin_share": 0.15}, Action.OFFER),
        ("no_voucher", {"voucher_share": None}, Action.OFFER),
        ("enough_vouchers", {"vouchers_this_year": 3}, Action.OFFER),
        ("nothing_to_recommend", {"has_recommendations": False}, Action.RECOMMEND),
    ],
)
def test_each_rule_takes_away_what_it_should(name: str, change: dict[str, object], action: Action) -> None:
    context = replace(WILLING, **change)  # type: ignore[arg-type]
    possible, because = allowed(context, LIMITS)
    assert action in can_do(WILLING) and action not in possible
    assert name in [one.rule.name for one in because]


def test_consent_is_asked_for_once_in_a_while_and_never_of_who_gave_it() -> None:
    assert Action.ASK_CONSENT in can_do(Context())
    assert Action.ASK_CONSENT not in can_do(Context(consent_asked_days_ago=30))
    assert Action.ASK_CONSENT in can_do(Context(consent_asked_days_ago=200))
    assert Action.ASK_CONSENT not in can_do(Context(has_consent=True))


def test_a_problem_may_be_made_up_for_or_handed_to_a_person() -> None:
    assert {Action.APOLOGISE_WITH_VOUCHER, Action.HAND_OFF} <= can_do(replace(WILLING, had_problem=True, mood=-0.6))
    assert not {Action.APOLOGISE_WITH_VOUCHER, Action.HAND_OFF} & can_do(WILLING)


def test_who_asks_for_advice_gets_it_without_consent_and_however_often() -> None:
    context = Context(asked_for_advice=True, has_recommendations=True, contacts_lately=9)
    assert Action.RECOMMEND in can_do(context)


def test_rules_have_names_of_their_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_a_shop_overrides_single_limits(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("fatigue: {contacts: 0}\n")
    limits = load_limits(file)
    assert limits.fatigue.contacts == 0 and limits.fatigue.days == LIMITS.fatigue.days
    assert choose(WILLING, Served(Uniform()), np.random.default_rng(1), limits).action is Action.SOLVE_ONLY


@pytest.mark.parametrize("content", ["fatigue: {contacts: -1}", "fatigues: {}", "- 1", "a: [", "margin: 3"])
def test_a_wrong_limit_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "wrong.yml"
    file.write_text(content)
    with pytest.raises(LimitsError, match=r"wrong\.yml"):
        load_limits(file)
