"""Why the next step is suggested, as an agent reads it."""

import numpy as np
import pytest

from bot.console.profile_words import ACTIONS, WHY, Language, why
from knowledge.next_best_action.actions import Action
from knowledge.next_best_action.choosing import Choice, Served, choose
from knowledge.next_best_action.context import Context

WILLING = Context(has_consent=True, voucher_share=0.1, has_recommendations=True)
WAITING = Context(has_consent=True, voucher_share=0.1, has_recommendations=True, is_waiting=True)


def chosen(context: Context) -> dict[Action, Choice]:
    found = (choose(context, Served(), np.random.default_rng(seed)) for seed in range(50))
    return {choice.action: choice for choice in found}


def test_every_action_has_a_name_and_a_reason_in_both_languages() -> None:
    assert set(WHY) == set(ACTIONS) == set(Action)
    assert all(en and zh and en.isascii() and not zh.isascii() for en, zh in WHY.values())


def test_what_is_done_is_explained_and_not_what_is_left_out() -> None:
    choices = chosen(WILLING)
    assert set(choices) == {Action.SOLVE_ONLY, Action.OFFER, Action.RECOMMEND}
    for action, choice in choices.items():
        assert why(choice, "en") == [WHY[action][0]]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["What the customer came for is not done yet", "Nothing went wrong that a voucher should make up for."]),
        ("zh", ["客户的事情还没办好", "没有需要用优惠券来致歉的事情。"]),
    ],
)
def test_where_nothing_else_may_be_done_it_says_why_once_each(language: Language, expected: list[str]) -> None:
    """Three actions are forbidden by the same rule, which is told once; that nobody need be called is not told."""
    [choice] = chosen(WAITING).values()
    found = why(choice, language)
    assert len(found) == len(expected)
    assert all(sentence.startswith(begins) for sentence, begins in zip(found, expected, strict=True))
