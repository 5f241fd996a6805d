"""Finding, proving and editing customers."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.policy import store_policy
from knowledge.shop.schema import AuditRow, CustomerRow
from knowledge.shop.shop import Shop
from tests.knowledge.shop.conftest import ELSEWHERE, NOW, By

BY: By = {"key": "k1", "actor": "customer:ann"}


def id_of(customer: object) -> object:
    return getattr(customer, "customer_id", None)


def test_an_email_is_found_however_it_is_cased(shop: Shop) -> None:
    assert id_of(shop.find_customer_by_email(" ANN@example.COM ")) == "ann"
    assert shop.find_customer_by_email("nobody@example.com") is None


@pytest.mark.parametrize(
    ("first", "last", "postcode", "full_name", "found"),
    [
        ("Ann", "O'Neil", "78701", None, ["ann"]),
        ("ann", "oneil", "78 701", None, ["ann"]),
        ("O'Neil", "Ann", "78701", None, ["ann"]),
        ("", "", "310000", "王伟", ["wei"]),
        ("伟", "王", "３１００００", None, ["wei"]),
        ("Ann", "O'Neil", "78702", None, []),
        ("", "", "78701", None, []),
    ],
)
def test_a_name_and_postcode_find_people(
    shop: Shop, first: str, last: str, postcode: str, full_name: str | None, found: list[str]
) -> None:
    people = shop.find_customers_by_name_and_postcode(first, last, postcode, full_name=full_name)
    assert [person.customer_id for person in people] == found


def test_names_are_written_the_way_each_language_writes_them(shop: Shop) -> None:
    wei, ann = shop.customer("wei"), shop.customer("ann")
    assert wei is not None
    assert ann is not None
    assert (wei.full_name, ann.full_name) == ("王伟", "Ann O'Neil")


@pytest.mark.parametrize(
    ("said", "proven"),
    [
        ({"order_number": "k1000001", "email": "ann@example.com"}, "ann"),
        ({"order_number": "1000001", "full_name": "Ann ONeil", "postcode": "78701"}, "ann"),
        ({"order_number": "#K2000001", "full_name": "王伟", "postcode": "310000"}, "wei"),
        ({"order_number": "#K1000001", "email": "wei@example.cn"}, None),
        ({"order_number": "#K9999999", "email": "ann@example.com"}, None),
        ({"order_number": "#K1000001", "full_name": "Ann O'Neil"}, None),
        ({"email": "ann@example.com"}, None),
        ({"full_name": "Ann O'Neil", "postcode": "78701"}, None),
        ({"order_number": "#K1000001"}, None),
        ({"order_number": "#K1000001", "email": "  "}, None),
        ({}, None),
    ],
)
def test_a_customer_is_proven_by_what_the_policy_names(shop: Shop, said: dict[str, str], proven: str | None) -> None:
    assert id_of(shop.identify(**said)) == proven


def test_a_policy_can_accept_less_and_a_signed_name_alone_proves_nothing_here(shop: Shop, session: Session) -> None:
    store_policy(session, {"identification": ["signed", "email", "name+postcode"]})
    assert id_of(shop.identify(email="ann@example.com")) == "ann"
    assert id_of(shop.identify(full_name="Ann O'Neil", postcode="78701")) == "ann"
    assert shop.identify(order_number="#K1000001") is None


def test_two_people_of_one_name_and_postcode_prove_nobody(shop: Shop, session: Session) -> None:
    store_policy(session, {"identification": ["name+postcode"]})
    shop.create_customer("b@example.com", "Ann", "O'Neil", key="k", actor="system:test")
    session.get_one(CustomerRow, "ann")
    twin = shop.find_customer_by_email("b@example.com")
    assert twin is not None
    session.get_one(CustomerRow, twin.customer_id).postcode_key = "78701"
    session.flush()
    assert shop.identify(full_name="Ann O'Neil", postcode="78701") is None


def test_the_default_address_moves_and_is_found_by(shop: Shop) -> None:
    shop.change_default_address("ann", ELSEWHERE, **BY)
    assert [person.address for person in shop.find_customers_by_name_and_postcode("Ann", "O'Neil", "75201")] == [
        ELSEWHERE
    ]
    order = shop.order("#K1000001")
    assert order is not None
    assert order.address != ELSEWHERE


def test_an_account_is_opened_once(shop: Shop, session: Session) -> None:
    by: By = {"key": "k1", "actor": "customer:anonymous"}
    first = shop.create_customer("New@Example.com", "Li", "Na", locale="zh", **by)
    assert shop.create_customer("New@Example.com", "Li", "Na", locale="zh", **by).facts == first.facts
    assert session.scalar(select(func.count()).select_from(CustomerRow)) == 3
    customer = shop.find_customer_by_email("new@example.com")
    assert customer is not None
    assert (customer.created_at, customer.locale, customer.loyalty_tier) == (NOW, "zh", "basic")


@pytest.mark.parametrize(
    ("email", "code"),
    [("ANN@example.com", RefusalCode.EMAIL_TAKEN), ("not an email", RefusalCode.EMAIL_INVALID)],
)
def test_an_account_needs_an_email_of_its_own(shop: Shop, email: str, code: RefusalCode) -> None:
    with pytest.raises(Refused) as caught:
        shop.create_customer(email, "A", "B", **BY)
    assert caught.value.code == code


def test_editing_changes_what_is_given_only(shop: Shop) -> None:
    receipt = shop.edit_customer("ann", phone="+15125550100", email="ann2@example.com", **BY)
    assert receipt.facts == {"changed": ["email", "phone"]}
    customer = shop.find_customer_by_email("ann2@example.com")
    assert customer is not None
    assert (customer.phone, customer.first_name) == ("+15125550100", "Ann")


def test_nobody_edits_somebody_else(shop: Shop) -> None:
    for customer_id in ("wei", "nobody"):
        with pytest.raises(Refused) as caught:
            shop.edit_customer(customer_id, phone="1", **BY)
        assert (caught.value.code, caught.value.facts) == (RefusalCode.CUSTOMER_NOT_FOUND, {})


def test_consent_keeps_when_it_was_given(shop: Shop) -> None:
    assert shop.set_newsletter_consent("ann", True, **BY).facts == {"consent": True, "was_already": False}
    customer = shop.customer("ann")
    assert customer is not None
    assert (customer.newsletter_consent, customer.newsletter_consent_at) == (True, NOW)


def test_the_audit_says_who_did_what_and_holds_no_personal_data(shop: Shop, session: Session) -> None:
    shop.edit_customer("ann", email="secret@example.com", first_name="Hidden", **BY)
    shop.change_default_address("ann", ELSEWHERE, key="k2", actor="agent:7")
    rows = session.scalars(select(AuditRow).order_by(AuditRow.audit_id)).all()
    assert [(row.actor, row.operation, row.customer_id, row.at, row.key) for row in rows] == [
        ("customer:ann", "edit_customer", "ann", NOW, "k1"),
        ("agent:7", "change_default_address", "ann", NOW, "k2"),
    ]
    written = str([row.details for row in rows])
    assert not any(secret in written for secret in ("secret@example.com", "Hidden", "Oak Ave"))


def test_an_actor_without_a_role_is_a_mistake_of_the_caller(shop: Shop) -> None:
    with pytest.raises(ValueError, match="actor must be"):
        shop.set_newsletter_consent("ann", True, key="k", actor="ann")
