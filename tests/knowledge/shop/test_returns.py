"""Returning and exchanging what was delivered."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.policy import store_policy
from knowledge.shop.schema import VariantRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import ItemChange, Order, OrderStatus
from tests.knowledge.shop.conftest import NOW, By, add_order

BY: By = {"key": "k1", "actor": "customer:ann"}
SHIRTS = "K1000003-1"
TEA = "K1000003-2"


def order_of(shop: Shop, number: str = "#K1000003") -> Order:
    order = shop.order(number)
    assert order is not None
    return order


def refusal(code: RefusalCode) -> "pytest.RaisesExc[Refused]":
    return pytest.RaisesExc(Refused, check=lambda refused: refused.code == code)


def test_a_return_is_asked_for_and_the_refund_told(shop: Shop) -> None:
    receipt = shop.return_items("#K1000003", [SHIRTS], "card_ann", **BY)
    assert receipt.facts["refund_amount"] == "39.98"
    assert (receipt.money[0].earliest_days, receipt.money[0].latest_days) == (5, 7)
    order = order_of(shop)
    assert order.status == OrderStatus.RETURN_REQUESTED
    assert (order.returns[0].line_ids, order.returns[0].amount) == ((SHIRTS,), Decimal("39.98"))
    assert order.returns[0].requested_at == NOW
    assert len(order.payments) == 1


def test_a_return_to_an_existing_gift_card_arrives_at_once(shop: Shop) -> None:
    assert shop.return_items("#K1000003", [SHIRTS], "gift_ann", **BY).money[0].latest_days == 0


def test_some_pieces_of_a_line_can_be_returned(shop: Shop) -> None:
    receipt = shop.return_items("#K1000003", [SHIRTS], "card_ann", quantities={SHIRTS: 1}, **BY)
    assert receipt.facts["refund_amount"] == "19.99"


def test_fees_are_kept_from_the_refund_and_rounded_to_the_cent(shop: Shop, session: Session) -> None:
    store_policy(session, {"return_items": {"restocking_percent": 15, "shipping_fee": "3.95"}})
    facts = shop.return_items("#K1000003", [SHIRTS], "card_ann", **BY).facts
    assert (facts["restocking_fee"], facts["shipping_fee"], facts["refund_amount"]) == ("6.00", "3.95", "30.03")


@pytest.mark.parametrize(
    ("number", "lines", "method", "code"),
    [
        ("#K1000001", ["K1000001-1"], "card_ann", RefusalCode.ORDER_NOT_DELIVERED),
        ("#K1000004", ["K1000004-1"], "card_ann", RefusalCode.RETURN_WINDOW_OVER),
        ("#K2000001", ["K2000001-1"], "alipay_wei", RefusalCode.ORDER_NOT_FOUND),
        ("#K1000003", [], "card_ann", RefusalCode.NO_ITEMS),
        ("#K1000003", ["K1000001-1"], "card_ann", RefusalCode.ITEM_NOT_IN_ORDER),
        ("#K1000003", [SHIRTS, SHIRTS], "card_ann", RefusalCode.ITEM_NOT_IN_ORDER),
        ("#K1000003", [TEA], "card_ann", RefusalCode.ITEM_NOT_RETURNABLE),
        ("#K1000003", [SHIRTS], "paypal_ann", RefusalCode.REFUND_METHOD_NOT_ALLOWED),
        ("#K1000003", [SHIRTS], "alipay_wei", RefusalCode.PAYMENT_METHOD_UNKNOWN),
    ],
)
def test_a_return_is_refused(shop: Shop, number: str, lines: list[str], method: str, code: RefusalCode) -> None:
    with refusal(code):
        shop.return_items(number, lines, method, **BY)


def test_more_pieces_than_were_bought_cannot_be_returned(shop: Shop) -> None:
    with refusal(RefusalCode.QUANTITY_NOT_ALLOWED):
        shop.return_items("#K1000003", [SHIRTS], "card_ann", quantities={SHIRTS: 3}, **BY)


def test_the_window_ends_after_its_last_day(shop: Shop, session: Session) -> None:
    add_order(session, "#K1000008", status="delivered", delivered_days_ago=30)
    assert shop.return_items("#K1000008", ["K1000008-1"], "card_ann", **BY).created


def test_a_second_return_of_an_order_is_for_a_person(shop: Shop) -> None:
    shop.return_items("#K1000003", [SHIRTS], "card_ann", **BY)
    with refusal(RefusalCode.ALREADY_MODIFIED):
        shop.return_items("#K1000003", [SHIRTS], "card_ann", key="k2", actor="customer:ann")


def test_a_return_is_done_once_and_can_be_previewed(shop: Shop) -> None:
    preview = shop.return_items("#K1000003", [SHIRTS], "card_ann", **BY, dry_run=True)
    assert order_of(shop).status == OrderStatus.DELIVERED
    first = shop.return_items("#K1000003", [SHIRTS], "card_ann", **BY)
    again = shop.return_items("#K1000003", [SHIRTS], "card_ann", **BY)
    assert preview.money == first.money == again.money
    assert (preview.created, first.created, again.created) == (False, True, False)
    assert len(order_of(shop).returns) == 1


def test_an_exchange_is_asked_for_and_holds_the_new_items(shop: Shop, session: Session) -> None:
    receipt = shop.exchange_items("#K1000003", [ItemChange(SHIRTS, "shirt-red-m")], "card_ann", **BY)
    assert receipt.facts["price_difference"] == "-4.98"
    order = order_of(shop)
    assert order.status == OrderStatus.EXCHANGE_REQUESTED
    assert order.returns[0].new_variant_ids == ("shirt-red-m",)
    assert order.lines[0].variant_id == "shirt-blue-m"
    shop.exchange_items("#K1000003", [ItemChange(SHIRTS, "shirt-red-m")], "card_ann", **BY)
    assert len(order_of(shop).returns) == 1
    assert session.get_one(VariantRow, "shirt-blue-m").stock == 5


def test_one_piece_of_a_line_can_be_exchanged(shop: Shop, session: Session) -> None:
    changes = [ItemChange(SHIRTS, "shirt-blue-l", quantity=1)]
    assert shop.exchange_items("#K1000003", changes, "gift_ann", **BY).facts["price_difference"] == "1.50"
    assert session.get_one(VariantRow, "shirt-blue-l").stock == 0


@pytest.mark.parametrize(
    ("number", "line", "variant", "method", "code"),
    [
        ("#K1000001", "K1000001-1", "shirt-red-m", "card_ann", RefusalCode.ORDER_NOT_DELIVERED),
        ("#K1000004", "K1000004-1", "shirt-red-m", "card_ann", RefusalCode.EXCHANGE_WINDOW_OVER),
        ("#K1000003", SHIRTS, "mug-red", "card_ann", RefusalCode.DIFFERENT_PRODUCT),
        ("#K1000003", SHIRTS, "shirt-red-l", "card_ann", RefusalCode.VARIANT_UNAVAILABLE),
        ("#K1000003", SHIRTS, "shirt-blue-l", "card_ann", RefusalCode.VARIANT_UNAVAILABLE),
        ("#K1000003", TEA, "tea", "card_ann", RefusalCode.ITEM_NOT_RETURNABLE),
        ("#K1000003", SHIRTS, "shirt-red-m", "alipay_wei", RefusalCode.PAYMENT_METHOD_UNKNOWN),
    ],
)
def test_an_exchange_is_refused(
    shop: Shop, number: str, line: str, variant: str, method: str, code: RefusalCode
) -> None:
    with refusal(code):
        shop.exchange_items(number, [ItemChange(line, variant)], method, **BY)


def test_a_gift_card_must_cover_an_exchange(shop: Shop, session: Session) -> None:
    session.get_one(VariantRow, "shirt-red-l").stock = 9
    with refusal(RefusalCode.GIFT_CARD_TOO_LOW):
        shop.exchange_items("#K1000003", [ItemChange(SHIRTS, "shirt-red-l")], "gift_ann", **BY)


def test_a_faulty_item_is_exchanged_for_the_same_where_the_policy_lets_it(shop: Shop, session: Session) -> None:
    change = [ItemChange(SHIRTS, "shirt-blue-m")]
    preview = shop.exchange_items("#K1000003", change, "card_ann", **BY, dry_run=True)
    assert (preview.money, preview.facts["price_difference"]) == ((), "0.00")
    store_policy(session, {"exchange_items": {"same_variant": False}})
    with refusal(RefusalCode.SAME_VARIANT):
        Shop(session, now=lambda: NOW).exchange_items("#K1000003", change, "card_ann", **BY)
