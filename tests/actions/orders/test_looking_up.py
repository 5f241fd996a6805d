"""Questions about one's own orders, and reports to a colleague."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge.shop.schema import OrderRow, ReturnRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import Ticket
from tests.actions.orders.conftest import NOW, TalkFactory

WHO = "ann@example.com"


def tickets(database: Engine) -> list[Ticket]:
    with Session(database) as session:
        return Shop(session).tickets_of("ann")


def test_tells_where_a_parcel_is_and_when_it_comes(talk: TalkFactory) -> None:
    answer = talk().say(f"where is #K1000005? {WHO}", "track_order")
    assert "on its way, expected March 11 (UPS, tracking number 1Z999)" in answer
    assert "in transit · Denver" in answer
    chinese = talk("zh").say(f"K1000005到哪了 {WHO}", "track_order")
    assert "运输中，预计3月11日送达（UPS，单号1Z999）" in chinese


def test_an_order_that_has_not_left_is_said_to_be_prepared(talk: TalkFactory) -> None:
    assert "being prepared" in talk().say(f"where is #K1000001? {WHO}", "track_order")


def test_lists_orders_and_lets_one_be_picked(talk: TalkFactory) -> None:
    ann = talk()
    listed = ann.say(f"show my orders, I'm Ann Meyer, 78701, #K1000001, {WHO}", "list_orders")
    assert listed.count("#K") == 6
    ann.tracker.slots["recent_order"] = None
    number = listed.splitlines()[2].split()[1]
    assert number in ann.say("details of the second one", "order_details")


def test_tells_what_is_in_an_order(talk: TalkFactory) -> None:
    answer = talk().say(f"what's in #K1000001, {WHO}", "order_details")
    assert "• Linen Shirt (blue, size M): $20.00" in answer
    assert "Total: $56.00, paid with Visa ending in 9212" in answer
    assert "1 Elm St, Austin, TX 78701, USA" in answer


def test_it_means_the_order_spoken_of_last(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"what's in #K1000001, {WHO}", "order_details")
    assert "#K1000001" in ann.say("cancel it please", "cancel_order")


def test_tells_where_a_refund_is(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"cancel #K1000001, {WHO}, by mistake", "cancel_order")
    ann.say("yes", "affirm")
    answer = ann.say("where is my refund", "refund_status")
    assert "$56.00" in answer
    assert "5–7 business days" in answer


def test_a_return_that_is_on_its_way_back_has_no_refund_yet(talk: TalkFactory) -> None:
    ann = talk()
    ann.say(f"return the shirt from #K1000003, {WHO}, to the original card", "return_item")
    ann.say("yes", "affirm")
    assert "once your return is back" in ann.say("where is my money", "refund_status")


@pytest.mark.parametrize(
    ("kind", "status", "amount", "language", "words"),
    [
        (
            "exchange",
            "requested",
            "-9.50",
            "en",
            "the difference of $9.50 goes to Visa ending in 9212 once the old items",
        ),
        ("exchange", "requested", "-9.50", "zh", "收到您寄回的商品后，差价$9.50会退回"),
        ("exchange", "received", "-9.50", "en", "are back with us; the difference of $9.50"),
        ("return", "received", "20.00", "en", "is back with us; the refund of $20.00 goes to Visa ending in 9212 next"),
        ("return", "received", "20.00", "zh", "退货我们已经收到，退款$20.00"),
        ("exchange", "requested", "4.00", "en", "No refund is under way"),
        ("exchange", "completed", "-9.50", "en", "No refund is under way"),
    ],
)
def test_tells_of_the_money_that_an_exchange_or_a_return_brings(
    talk: TalkFactory, database: Engine, kind: str, status: str, amount: str, language: str, words: str
) -> None:
    with Session(database) as session, session.begin():
        order = session.scalars(select(OrderRow).where(OrderRow.order_number == "#K1000003")).one()
        sent_back = {"kind": kind, "status": status, "items": [], "payment_method_id": "card_ann"}
        order.returns.append(ReturnRow(**sent_back, amount=Decimal(amount), requested_at=NOW))
    asked = f"where is my refund for #K1000003, {WHO}" if language == "en" else f"订单K1000003的退款呢，{WHO}"
    assert words in talk(language).say(asked, "refund_status")


def test_tells_the_gift_card_balance(talk: TalkFactory) -> None:
    assert "$12.00" in talk().say(f"gift card balance? #K1000001 {WHO}", "gift_card_balance")


def test_sends_an_invoice_with_a_company_title(talk: TalkFactory, database: Engine) -> None:
    ann = talk("zh")
    preview = ann.say(f"K1000001开发票，抬头是上海晨光科技有限公司，税号91310000MA1FL1234X，{WHO}", "request_invoice")
    assert "上海晨光科技有限公司" in preview
    assert "a•••@example.com" in preview
    ann.say("好的", "affirm")
    (ticket,) = tickets(database)
    assert ticket.kind == "invoice"
    assert ticket.details["tax_number"] == "91310000MA1FL1234X"


def test_reports_a_late_parcel_once(talk: TalkFactory, database: Engine) -> None:
    ann = talk()
    assert "expected March 11" in ann.say(f"my parcel #K1000005 is late, {WHO}", "report_late_parcel")
    assert tickets(database) == []
    assert "ticket T-" in ann.say("yes please", "affirm")
    (ticket,) = tickets(database)
    assert ticket.order_number == "#K1000005"
    assert "my parcel" in ticket.summary


def test_reports_damage_to_the_item_that_is_named(talk: TalkFactory, database: Engine) -> None:
    ann = talk("zh")
    assert "台灯" in ann.say(f"K1000003的台灯碎了，{WHO}", "report_damaged_item")
    ann.say("可以", "affirm")
    (ticket,) = tickets(database)
    assert ticket.kind == "damaged"
    assert ticket.details["line_ids"] == ["K1000003-2"]


def test_an_order_that_was_delivered_is_not_late(talk: TalkFactory) -> None:
    assert "missing" in talk().say(f"#K1000003 is late, {WHO}", "report_late_parcel")


def test_a_payment_problem_needs_no_account(talk: TalkFactory, database: Engine) -> None:
    ann = talk()
    assert "e-mail" in ann.say("my card was declined twice", "payment_problem")
    assert "s•••@example.com" in ann.say("stranger@example.com")
    assert "ticket T-" in ann.say("yes", "affirm")
    assert tickets(database) == []
