"""What an agent does with a customer's orders: the shop's own rules, under the agent's name."""

import time
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from bot.console.orders import reading
from bot.conversation.schema import turns
from bot.database import Database
from knowledge.shop.columns import utc_now
from knowledge.shop.demo.seeding import seed
from knowledge.shop.policy import load_policy
from knowledge.shop.schema import AuditRow, OrderRow, PaymentMethodRow, ProductRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import PaymentMethod
from tests.bot.console.conftest import Browser
from tests.bot.console.filled_queue import conversation

HERE = "web:orders"


@pytest.fixture
def shop(database: Database) -> Database:
    with database.transaction() as session:
        seed(session, seed=7, customers=30, now=utc_now())
    return database


def open_for(shop: Database, status: str) -> str:
    """The number of an order of that status, with a conversation of its customer's."""
    with shop.transaction() as session:
        order = session.scalars(select(OrderRow).where(OrderRow.status == status)).first()
        assert order is not None
        conversation(session.connection(), HERE, time.time(), customer_id=order.customer_id)
        return order.order_number


def ask(browser: Browser, number: str, what: str, language: str = "en", **form: Any) -> Any:
    path = f"/conversations/{HERE}/orders/{number.replace('#', '%23')}/{what}?language={language}"
    return browser.post(path, {"key": uuid4().hex, **form})


def shown(browser: Browser, number: str, language: str = "en") -> dict[str, Any]:
    found = browser.get(f"/conversations/{HERE}/orders?language={language}").json()["orders"]
    return dict(next(order for order in found if order["order_number"] == number))


def test_an_order_is_cancelled_after_a_preview(anna: Browser, shop: Database) -> None:
    number = open_for(shop, "pending")
    assert "cancel" in shown(anna, number)["actions"]
    preview = ask(anna, number, "cancel", reason="no_longer_needed").json()
    assert preview["is_preview"] is True and preview["sentences"][0] == f"Cancel order {number}."
    assert preview["money"][0]["direction"] == "refund" and preview["money"][0]["amount"].startswith(("$", "¥"))
    assert shown(anna, number)["status"] == "pending"
    done = ask(anna, number, "cancel", reason="no_longer_needed", dry_run=False).json()
    assert done["is_preview"] is False and done["money"] == preview["money"]
    after = shown(anna, number)
    assert after["status"] == "cancelled" and "cancel" not in after["actions"]


def test_it_is_done_under_the_agents_name_in_both_audits(anna: Browser, admin: Browser, shop: Database) -> None:
    number = open_for(shop, "pending")
    ask(anna, number, "cancel", reason="no_longer_needed", dry_run=False)
    with shop.read_session() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.operation == "cancel_order")).one()
    assert (row.actor, row.order_number) == (f"agent:{anna.id}", number)
    [entry] = admin.get("/admin/audit?operation=order").json()["entries"]
    assert (entry["target"], entry["details"]["order_number"], entry["details"]["deed"]) == (
        HERE,
        number,
        "cancel_order",
    )


def test_colleagues_see_in_the_conversation_what_was_done(anna: Browser, shop: Database) -> None:
    number = open_for(shop, "pending")
    ask(anna, number, "cancel", reason="no_longer_needed")
    ask(anna, number, "cancel", reason="no_longer_needed", dry_run=False)
    lines = anna.get(f"/conversations/{HERE}").json()["lines"]
    [event] = [line for line in lines if line["kind"] == "event" and line["event"]["name"] == "order"]
    assert (event["agent"]["id"], event["event"]["deed"], event["event"]["order_number"]) == (
        anna.id,
        "cancel_order",
        number,
    )


def test_another_way_to_pay_is_offered_only_where_there_is_one(shop: Database) -> None:
    number, policy = open_for(shop, "pending"), load_policy()
    with shop.read_session() as session:
        order = Shop(session, policy).order(number)
        assert order
        original = order.original_payment_method_id
        own = PaymentMethod(payment_method_id=str(original), source="paypal")
        other = PaymentMethod(payment_method_id="another", source="paypal")
        alone, both = (reading.shown(order, methods, policy, "en")["actions"] for methods in ([own], [own, other]))
    assert "change-payment" not in alone and "cancel" in alone
    assert set(both) == {*alone, "change-payment"}


def test_the_same_key_does_it_once(anna: Browser, shop: Database) -> None:
    number, key = open_for(shop, "pending"), uuid4().hex
    for _ in range(2):
        answer = ask(anna, number, "invoice", dry_run=False, key=key)
        assert answer.status_code == 200
    with shop.read_session() as session:
        assert len(session.scalars(select(AuditRow).where(AuditRow.operation == "request_invoice")).all()) == 1


@pytest.mark.parametrize(("language", "words"), [("en", "has left already"), ("zh", "订单已发出")])
def test_the_shops_rules_refuse_agents_too(anna: Browser, shop: Database, language: str, words: str) -> None:
    number = open_for(shop, "delivered")
    answer = ask(anna, number, "cancel", language, reason="no_longer_needed", dry_run=False)
    assert (answer.status_code, answer.json()["title"]) == (422, "Refused") and words in answer.json()["detail"]
    assert shown(anna, number)["status"] == "delivered"


def add_method_that_did_not_pay(shop: Database, number: str) -> str:
    """A card of the customer's before the one that paid for the order, which can come back; returns that one's id."""
    with shop.transaction() as session:
        order = session.scalars(select(OrderRow).where(OrderRow.order_number == number)).one()
        card = PaymentMethodRow(payment_method_id="a_new_card", source="credit_card", brand="visa", last_four="1111")
        order.delivered_at = utc_now()
        for product in session.scalars(select(ProductRow)):
            product.category = "home"
        order.customer.payment_methods = [card, *order.customer.payment_methods]
        return str(order.payments[0].payment_method_id)


def test_a_return_is_refunded_where_the_shop_allows_it_the_orders_own_method_first(
    anna: Browser, shop: Database
) -> None:
    number = open_for(shop, "delivered")
    original = add_method_that_did_not_pay(shop, number)
    order = shown(anna, number)
    lines = [order["lines"][0]["line_id"]]
    assert order["payment"]["return"][0] == order["payment"]["exchange"][0] == original
    assert original not in order["payment"]["change-payment"] and "a_new_card" in order["payment"]["change-payment"]
    assert "a_new_card" not in order["payment"]["return"]
    assert ask(anna, number, "return", payment_method_id="a_new_card", line_ids=lines).json()["title"] == "Refused"
    for method in order["payment"]["return"]:
        preview = ask(anna, number, "return", payment_method_id=method, line_ids=lines)
        assert preview.status_code == 200, preview.text


def test_what_was_delivered_is_reported(anna: Browser, shop: Database) -> None:
    number = open_for(shop, "delivered")
    told = ask(anna, number, "report-problem", "zh", kind="damaged", description="碎了", dry_run=False).json()
    assert "工单号" in told["sentences"][-1]


def test_another_customers_order_is_not_found(anna: Browser, shop: Database) -> None:
    number = open_for(shop, "pending")
    with shop.transaction() as session:
        mine = session.scalars(select(OrderRow).where(OrderRow.order_number == number)).one()
        other = session.scalars(select(OrderRow).where(OrderRow.customer_id != mine.customer_id)).first()
        assert other is not None
        foreign = other.order_number
    for what in ("cancel", "invoice"):
        answer = ask(anna, foreign, what, reason="no_longer_needed", dry_run=False)
        assert (answer.status_code, answer.json()["title"]) == (404, "Not found")


def test_who_is_not_known_has_no_orders(anna: Browser, shop: Database) -> None:
    with shop.transaction() as session:
        conversation(session.connection(), HERE, time.time())
    assert anna.get(f"/conversations/{HERE}/orders").json()["orders"] == []
    assert anna.get(f"/conversations/{HERE}/profile").json() == {"profile": None}


@pytest.mark.usefixtures("shop")
def test_looking_at_the_summary_with_the_customer_in_it_is_written_down(
    anna: Browser, admin: Browser, shop: Database
) -> None:
    open_for(shop, "pending")
    with shop.transaction() as session:
        session.execute(delete(turns))  # made-up ones, which tell too little of how the bot decided
    for _ in range(3):  # the page asks again after every message
        customer = anna.get(f"/conversations/{HERE}/context").json()["customer"]
    [entry] = admin.get("/admin/audit?operation=view_profile").json()["entries"]
    assert (entry["actor"]["id"], entry["target"]) == (anna.id, customer["customer_id"])


@pytest.mark.usefixtures("shop")
def test_looking_at_a_profile_is_written_down(anna: Browser, admin: Browser, shop: Database) -> None:
    open_for(shop, "pending")
    profile = anna.get(f"/conversations/{HERE}/profile?language=zh").json()["profile"]
    [entry] = admin.get("/admin/audit?operation=view_profile").json()["entries"]
    assert (entry["target"], entry["details"]) == (profile["customer_id"], {"conversation_id": HERE})
    assert profile["email"] not in str(entry)


@pytest.mark.parametrize("form", [{"key": "short"}, {"key": "x" * 8, "kind": "nonsense"}, {}])
def test_a_form_that_is_none_is_refused(anna: Browser, shop: Database, form: dict[str, str]) -> None:
    number = open_for(shop, "pending").replace("#", "%23")
    assert anna.post(f"/conversations/{HERE}/orders/{number}/report-problem", form).status_code == 422
    assert anna.post(f"/conversations/{HERE}/orders/{number}/burn", {"key": "x" * 8}).status_code == 422
    missing = anna.post(f"/conversations/{HERE}/orders/{number}/change-address", {"key": "x" * 8})
    assert missing.status_code == 422 and "address" in missing.json()["detail"]
