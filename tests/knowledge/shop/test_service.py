"""Tickets, problems, invoices and requests about one's own data."""

import pytest
from sqlalchemy.orm import Session

from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.schema import OrderRow
from knowledge.shop.shop import Shop
from tests.knowledge.shop.conftest import NOW, By

BY: By = {"key": "k1", "actor": "customer:ann"}


def number_of(facts: object) -> str:
    assert isinstance(facts, str)
    return facts


def test_a_ticket_keeps_what_it_was_told(shop: Shop) -> None:
    receipt = shop.open_ticket(
        "handoff",
        "Wants a person",
        "Asked twice",
        customer_id="ann",
        conversation_id="web:1",
        details={"mood": [-0.5]},
        **BY,
    )
    ticket = shop.ticket(number_of(receipt.facts["ticket_number"]))
    assert ticket is not None
    assert (ticket.kind, ticket.status, ticket.conversation_id, ticket.created_at) == ("handoff", "open", "web:1", NOW)
    assert ticket.details == {"mood": [-0.5]}
    assert shop.tickets_of("ann") == [ticket]


def test_a_ticket_asked_for_twice_is_one(shop: Shop) -> None:
    numbers = {shop.open_ticket("x", "s", "", **BY, customer_id="ann").facts["ticket_number"] for _ in range(2)}
    assert len(numbers) == len(shop.tickets_of("ann")) == 1


def test_anyone_may_open_a_ticket(shop: Shop) -> None:
    assert shop.open_ticket("complaint", "s", "", key="k", actor="customer:anonymous").created


def test_a_problem_becomes_a_ticket_about_the_order(shop: Shop) -> None:
    receipt = shop.report_problem("k1000003", "damaged", line_ids=["K1000003-1"], description="Torn", **BY)
    assert receipt.facts["status"] == "delivered"
    (ticket,) = shop.tickets_of("ann")
    assert (ticket.kind, ticket.order_number, ticket.summary) == ("damaged", "#K1000003", "Torn")
    assert ticket.details["line_ids"] == ["K1000003-1"]


def test_a_problem_needs_ones_own_order_and_its_lines(shop: Shop) -> None:
    with pytest.raises(Refused, match=RefusalCode.ORDER_NOT_FOUND):
        shop.report_problem("#K2000001", "late", **BY)
    with pytest.raises(Refused, match=RefusalCode.ITEM_NOT_IN_ORDER):
        shop.report_problem("#K1000003", "missing", line_ids=["K1000001-1"], **BY)


def test_an_invoice_is_made_out_to_a_company(shop: Shop) -> None:
    shop.request_invoice("#K1000003", title="杭州某某有限公司", tax_number="9133", **BY)
    assert shop.tickets_of("ann")[0].details == {"title": "杭州某某有限公司", "tax_number": "9133"}


def test_a_cancelled_order_has_no_invoice(shop: Shop) -> None:
    shop.cancel_order("#K1000001", "other", key="k0", actor="customer:ann")
    with pytest.raises(Refused, match=RefusalCode.NOT_ALLOWED_BY_POLICY):
        shop.request_invoice("#K1000001", **BY)


def test_a_data_export_is_recorded(shop: Shop) -> None:
    assert shop.request_data_export("ann", **BY).facts["ticket_number"] == shop.tickets_of("ann")[0].ticket_number


def test_an_account_with_orders_under_way_stays(shop: Shop, session: Session) -> None:
    with pytest.raises(Refused) as caught:
        shop.request_account_deletion("wei", key="k", actor="customer:wei")
    assert caught.value.code == RefusalCode.OPEN_ORDERS
    assert caught.value.facts["order_numbers"] == ["#K2000001"]
    session.query(OrderRow).filter_by(customer_id="wei").update({"status": "returned"})
    session.expire_all()
    assert shop.request_account_deletion("wei", key="k", actor="customer:wei").created


def test_a_password_reset_says_the_same_whether_the_account_exists(shop: Shop) -> None:
    anyone = "customer:anonymous"
    known = shop.request_password_reset("ann@example.com", key="k1", actor=anyone)
    unknown = shop.request_password_reset("nobody@example.com", key="k2", actor=anyone)
    assert known == unknown
    assert [ticket.kind for ticket in shop.tickets_of("ann")] == ["password_reset"]


def test_a_solved_ticket_waits_for_nobody(shop: Shop) -> None:
    for kind in ("invoice", "complaint"):
        shop.open_ticket(kind, kind, "", key=kind, actor="customer:ann", customer_id="ann")
    [invoice] = shop.open_tickets("invoice")
    assert [ticket.kind for ticket in shop.open_tickets()] == ["invoice", "complaint"]
    shop.solve_ticket(invoice.ticket_number, key="k", actor="agent:7")
    assert [ticket.kind for ticket in shop.open_tickets()] == ["complaint"]


def test_customers_solve_no_tickets(shop: Shop) -> None:
    number = shop.open_ticket("x", "s", "", key="k0", actor="customer:ann", customer_id="ann").facts["ticket_number"]
    with pytest.raises(Refused):
        shop.solve_ticket(number_of(number), **BY)
