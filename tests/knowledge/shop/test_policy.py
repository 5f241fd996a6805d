"""The policy: packaged, overridden, and wrong."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from knowledge.shop.errors import PolicyError
from knowledge.shop.policy import load_policy, packaged_override, store_policy


def test_the_packaged_policy_is_complete() -> None:
    policy = load_policy()
    assert policy.return_items.window_days == 30
    assert policy.refund_days_of("gift_card") == (0, 0)
    assert policy.refund_days_of("paypal") == (5, 7)
    assert policy.loyalty.tier_of(2500) == "gold"


def test_the_database_overrides_and_a_file_overrides_that(session: Session, tmp_path: Path) -> None:
    store_policy(session, {"return_items": {"window_days": 14}, "cancel_order": {"fee": "1.50"}})
    file = tmp_path / "policy.yml"
    file.write_text("return_items: {window_days: 7}\n", encoding="utf-8")
    policy = load_policy(session, file)
    assert policy.return_items.window_days == 7
    assert policy.cancel_order.fee == Decimal("1.50")
    assert load_policy(session).return_items.window_days == 14


def test_tau_benchs_policy_keeps_its_two_reasons() -> None:
    assert packaged_override("tau_bench/policy.yml")["cancel_order"]["reasons"] == [
        "no_longer_needed",
        "ordered_by_mistake",
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("return_items: {window_dys: 7}", r"return_items\.window_dys: unknown key, did you mean window_days\?"),
        ("return_items: {window_days: -1}", r"return_items\.window_days"),
        ("identification: [shoe_size]", r"identification\.0"),
        ("cancel_order: {states: [lost]}", r"cancel_order\.states\.0"),
        ("refund_days: {cash: [1, 2]}", r"refund_days\.cash"),
        ("refund_days: {gift_card: [3, 1]}", r"refund_days"),
        ("- a list", "must hold keys and values"),
        ("a: [", "is not valid YAML"),
    ],
)
def test_a_wrong_policy_says_where(tmp_path: Path, written: str, message: str) -> None:
    file = tmp_path / "policy.yml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(PolicyError, match=message):
        load_policy(file=file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"nowhere\.yml cannot be read"):
        load_policy(file=tmp_path / "nowhere.yml")


def test_a_wrong_override_is_not_stored(session: Session) -> None:
    with pytest.raises(PolicyError):
        store_policy(session, {"currency": "dollars"})
    assert load_policy(session).currency == "USD"
