"""Wrong proofs are counted by what was tried and by who tried, in the database."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge.shop.policy import store_policy
from knowledge.shop.schema import WrongProofRow
from knowledge.shop.shop import Shop
from tests.knowledge.shop.conftest import NOW

ANN = {"order_number": "#K1000001", "email": "ann@example.com"}


def wrong_emails(shop: Shop, count: int) -> None:
    """Each from a conversation of its own."""
    for number in range(count):
        guess = f"guess{number}@example.com"
        assert shop.identify(order_number="K1000001", email=guess, conversation_id=f"rest:{number}") is None


def test_four_wrong_proofs_bother_nobody(shop: Shop) -> None:
    wrong_emails(shop, 4)
    assert shop.identify(**ANN, conversation_id="rest:ann")


@pytest.mark.parametrize(
    "spelled", [ANN, {**ANN, "order_number": "1000001"}, {**ANN, "full_name": "Ann O'Neil", "postcode": "78701"}]
)
def test_after_the_fifth_the_right_one_is_refused_too(shop: Shop, spelled: dict[str, str]) -> None:
    wrong_emails(shop, 5)
    assert shop.identify(**spelled, conversation_id="rest:new") is None
    assert shop.identify(order_number="#K2000001", email="wei@example.cn"), "another order is not concerned"


def test_a_name_and_postcode_is_counted_however_it_is_written(shop: Shop) -> None:
    names = ["Ann O'Neil", "O'Neil Ann", "ann oneil", "Oneil, Ann", "ANN ONEIL"]
    for number, name in enumerate(names):
        shop.identify(order_number=f"#K900000{number}", full_name=name, postcode="78701")
    assert shop.identify(order_number="#K1000001", full_name="Ann O'Neil", postcode="78701") is None


def test_one_conversation_cannot_try_everything(shop: Shop) -> None:
    for number in range(5):
        shop.identify(order_number=f"#K900000{number}", email=f"guess{number}@example.com", conversation_id="rest:a")
    assert shop.identify(**ANN, conversation_id="rest:a") is None
    assert shop.identify(**ANN, conversation_id="rest:b")


def test_being_right_in_between_takes_nothing_back(shop: Shop) -> None:
    wrong_emails(shop, 4)
    assert shop.identify(**ANN, conversation_id="rest:guesser")
    shop.identify(order_number="#K1000001", email="guess9@example.com")
    assert shop.identify(**ANN, conversation_id="rest:guesser") is None


def test_the_same_mistake_again_is_one_mistake(shop: Shop) -> None:
    for _ in range(9):
        shop.identify(order_number="#K1000001", email="anne@example.com", conversation_id="rest:ann")
    assert shop.identify(**ANN, conversation_id="rest:ann")


def test_the_count_outlives_the_process(engine: Engine, session: Session, shop: Shop) -> None:
    wrong_emails(shop, 5)
    session.commit()
    with Session(engine) as later:
        assert Shop(later, now=lambda: NOW + timedelta(minutes=59)).identify(**ANN) is None
        assert Shop(later, now=lambda: NOW + timedelta(minutes=61)).identify(**ANN)


def test_old_tries_are_deleted_and_none_can_be_read(session: Session, shop: Shop) -> None:
    wrong_emails(shop, 2)
    kept = session.scalars(select(WrongProofRow)).all()
    assert kept and not [row for row in kept if "example" in row.subject + row.proof or "1000001" in row.subject]
    Shop(session, now=lambda: NOW + timedelta(hours=2)).identify(order_number="#K1", email="new@example.com")
    assert {row.at for row in session.scalars(select(WrongProofRow))} == {NOW + timedelta(hours=2)}


def test_a_shop_sets_its_own_limit(session: Session) -> None:
    store_policy(session, {"identification_tries": {"wrong": 1}})
    shop = Shop(session, now=lambda: NOW)
    wrong_emails(shop, 1)
    assert shop.identify(**ANN) is None
