"""Cancelling and changing an order that has not left: what is allowed, refused, moved, and done only once."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.policy import store_policy
from knowledge.shop.schema import PaymentMethodRow, VariantRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import Address, ItemChange, Order, OrderStatus
from tests.knowledge.shop.conftest import ELSEWHERE, NOW, By, add_order

BY: By = {"key": "k1", "actor": "customer:ann"}


def order_of(shop: Shop, number: str) -> Order:
    order = shop.order(number)
    assert order is not None
    return order


def balance(session: Session) -> Decimal | None:
    return session.get_one(PaymentMethodRow, "gift_ann").balance


def stock(session: Session, variant_id: str) -> int | None:
    return session.get_one(VariantRow, variant_id).stock


def refusal(code: RefusalCode) -> "pytest.RaisesExc[Refused]":
    return pytest.RaisesExc(Refused, check=lambda refused: refused.code == code)


def test_cancelling_refunds_everything_paid_and_restocks(shop: Shop, session: Session) -> None:
    receipt = shop.cancel_order("#K1000001", "no_longer_needed", **BY)
    order = order_of(shop, "#K1000001")
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, "no_longer_needed")
    assert [(move.amount, move.payment_method_id, move.latest_days) for move in receipt.money] == [
        (Decimal("52.88"), "card_ann", 7)
    ]
    assert receipt.balance == Decimal("-52.88")
    assert [(entry.kind, entry.amount) for entry in order.payments] == [
        ("payment", Decimal("52.88")),
        ("refund", Decimal("52.88")),
    ]
    assert (stock(session, "shirt-blue-m"), stock(session, "mug-red")) == (7, 4)
    assert order.status_history[-1].at == NOW


def test_cancelling_refunds_a_gift_card_at_once(shop: Shop, session: Session) -> None:
    receipt = shop.cancel_order("#K1000002", "ordered_by_mistake", **BY)
    assert receipt.money[0].latest_days == 0
    assert balance(session) == Decimal("31.99")


def test_a_cancellation_fee_is_kept_from_the_refund(shop: Shop, session: Session) -> None:
    store_policy(session, {"cancel_order": {"fee": "2.50"}})
    receipt = shop.cancel_order("#K1000001", "no_longer_needed", **BY)
    assert receipt.money[0].amount == Decimal("50.38")
    assert receipt.facts["fee"] == "2.50"


@pytest.mark.parametrize(
    ("number", "reason", "code"),
    [
        ("#K1000001", "bored", RefusalCode.REASON_NOT_ACCEPTED),
        ("#K1000005", "no_longer_needed", RefusalCode.ORDER_NOT_PENDING),
        ("#K9999999", "no_longer_needed", RefusalCode.ORDER_NOT_FOUND),
        ("#K2000001", "no_longer_needed", RefusalCode.ORDER_NOT_FOUND),
    ],
)
def test_cancelling_is_refused(shop: Shop, number: str, reason: str, code: RefusalCode) -> None:
    with refusal(code):
        shop.cancel_order(number, reason, **BY)


def test_somebody_elses_order_is_refused_like_one_that_does_not_exist(shop: Shop) -> None:
    refusals = []
    for number in ("#K2000001", "#K9999999"):
        with pytest.raises(Refused) as caught:
            shop.cancel_order(number, "other", **BY)
        refusals.append((caught.value.code, caught.value.facts))
    assert refusals[0] == refusals[1]


def test_the_same_key_again_gives_the_first_receipt_and_writes_nothing(shop: Shop, session: Session) -> None:
    first = shop.cancel_order("#K1000002", "other", **BY)
    again = shop.cancel_order("#K1000002", "other", **BY)
    assert first.created
    assert not again.created
    assert (again.facts, again.money, again.order_number) == (first.facts, first.money, first.order_number)
    assert balance(session) == Decimal("31.99")
    assert len(order_of(shop, "#K1000002").payments) == 2


def test_a_key_of_another_operation_or_none_is_a_mistake_of_the_caller(shop: Shop) -> None:
    shop.cancel_order("#K1000002", "other", **BY)
    with pytest.raises(ValueError, match="already used for cancel_order"):
        shop.change_order_address("#K1000001", ELSEWHERE, **BY)
    with pytest.raises(ValueError, match="needs a key"):
        shop.cancel_order("#K1000001", "other", key="", actor="customer:ann")


def test_a_dry_run_shows_the_refund_and_writes_nothing(shop: Shop, session: Session) -> None:
    preview = shop.cancel_order("#K1000002", "other", **BY, dry_run=True)
    assert preview.is_preview
    assert not preview.created
    assert preview.money[0].amount == Decimal("19.99")
    assert order_of(shop, "#K1000002").status == OrderStatus.PENDING
    assert balance(session) == Decimal("12.00")
    assert shop.cancel_order("#K1000002", "other", **BY).created


def test_a_role_the_policy_leaves_out_may_not(shop: Shop, session: Session) -> None:
    store_policy(session, {"cancel_order": {"roles": ["agent"]}})
    with refusal(RefusalCode.NOT_ALLOWED_BY_POLICY):
        shop.cancel_order("#K1000001", "other", **BY)
    assert shop.cancel_order("#K1000001", "other", key="k1", actor="agent:7").created


def test_an_address_is_changed_for_this_order_only(shop: Shop) -> None:
    receipt = shop.change_order_address("K1000001", ELSEWHERE, **BY)
    assert receipt.facts == {"was_already": False}
    assert order_of(shop, "#K1000001").address == ELSEWHERE
    assert order_of(shop, "#K1000002").address.line1 == "1 Elm St"


def test_an_address_needs_its_parts(shop: Shop) -> None:
    with pytest.raises(Refused) as caught:
        shop.change_order_address("#K1000001", Address("9 Oak Ave", "", "", "TX", " ", "USA"), **BY)
    assert caught.value.code == RefusalCode.ADDRESS_INCOMPLETE
    assert caught.value.facts["missing"] == ["city", "postcode"]


def test_an_address_of_a_shipped_order_stays(shop: Shop) -> None:
    with refusal(RefusalCode.ORDER_NOT_PENDING):
        shop.change_order_address("#K1000005", ELSEWHERE, **BY)


def test_another_payment_method_pays_and_the_old_one_is_refunded(shop: Shop) -> None:
    receipt = shop.change_order_payment("#K1000001", "paypal_ann", **BY)
    assert [(move.direction, move.payment_method_id) for move in receipt.money] == [
        ("charge", "paypal_ann"),
        ("refund", "card_ann"),
    ]
    order = order_of(shop, "#K1000001")
    assert order.original_payment_method_id == "paypal_ann"
    assert order.status == OrderStatus.PENDING
    assert order.net_paid() == {"card_ann": Decimal(0), "paypal_ann": Decimal("52.88")}


def test_leaving_a_gift_card_refunds_it_at_once(shop: Shop, session: Session) -> None:
    shop.change_order_payment("#K1000002", "card_ann", **BY)
    assert balance(session) == Decimal("31.99")


def test_cancelling_after_a_change_of_method_refunds_the_method_that_pays(shop: Shop) -> None:
    shop.change_order_payment("#K1000001", "paypal_ann", **BY)
    receipt = shop.cancel_order("#K1000001", "other", key="k2", actor="customer:ann")
    assert [(move.payment_method_id, move.amount) for move in receipt.money] == [("paypal_ann", Decimal("52.88"))]


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("card_ann", RefusalCode.PAYMENT_METHOD_SAME),
        ("alipay_wei", RefusalCode.PAYMENT_METHOD_UNKNOWN),
        ("gift_ann", RefusalCode.GIFT_CARD_TOO_LOW),
    ],
)
def test_a_change_of_method_is_refused(shop: Shop, method: str, code: RefusalCode) -> None:
    with refusal(code):
        shop.change_order_payment("#K1000001", method, **BY)


def test_items_are_replaced_and_the_difference_charged(shop: Shop, session: Session) -> None:
    add_order(session, "#K1000009", lines=(("shirt-red-m", 1), ("mug-red", 1)))
    receipt = shop.change_order_items("#K1000009", [ItemChange("K1000009-1", "shirt-blue-m")], "gift_ann", **BY)
    assert receipt.facts["price_difference"] == "2.49"
    assert balance(session) == Decimal("9.51")
    order = order_of(shop, "#K1000009")
    assert order.status == OrderStatus.PENDING_ITEM_MODIFIED
    assert order.lines[0].options == {"color": "blue", "size": "M"}
    assert order.lines[0].options_zh == {"颜色": "蓝色", "尺码": "M"}
    assert order.total == Decimal("27.99")
    assert stock(session, "shirt-blue-m") == 4


def test_a_cheaper_item_gives_money_back_and_frees_stock(shop: Shop, session: Session) -> None:
    receipt = shop.change_order_items("#K1000001", [ItemChange("K1000001-1", "shirt-red-m")], "paypal_ann", **BY)
    assert receipt.balance == Decimal("-4.98")
    assert stock(session, "shirt-blue-m") == 7


def test_a_quantity_can_be_changed_where_the_policy_lets_it(shop: Shop, session: Session) -> None:
    change = [ItemChange("K1000001-1", "shirt-blue-m", quantity=3)]
    assert shop.change_order_items("#K1000001", change, "card_ann", **BY).balance == Decimal("19.99")
    store_policy(session, {"change_order_items": {"may_change_quantity": False}})
    with refusal(RefusalCode.QUANTITY_NOT_ALLOWED):
        change = [ItemChange("K1000002-1", "shirt-blue-m", quantity=2)]
        Shop(session).change_order_items("#K1000002", change, "card_ann", key="k2", actor="customer:ann")


@pytest.mark.parametrize(
    ("line", "variant", "method", "code"),
    [
        ("K1000001-9", "shirt-red-m", "card_ann", RefusalCode.ITEM_NOT_IN_ORDER),
        ("K1000001-1", "nothing", "card_ann", RefusalCode.VARIANT_UNKNOWN),
        ("K1000001-1", "mug-red", "card_ann", RefusalCode.DIFFERENT_PRODUCT),
        ("K1000001-1", "shirt-blue-m", "card_ann", RefusalCode.SAME_VARIANT),
        ("K1000001-1", "shirt-blue-l", "card_ann", RefusalCode.VARIANT_UNAVAILABLE),
        ("K1000001-2", "mug-blue", "card_ann", RefusalCode.VARIANT_UNAVAILABLE),
        ("K1000001-1", "shirt-red-m", "alipay_wei", RefusalCode.PAYMENT_METHOD_UNKNOWN),
    ],
)
def test_a_change_of_items_is_refused(shop: Shop, line: str, variant: str, method: str, code: RefusalCode) -> None:
    with refusal(code):
        shop.change_order_items("#K1000001", [ItemChange(line, variant)], method, **BY)


def test_a_gift_card_must_cover_the_difference(shop: Shop, session: Session) -> None:
    session.get_one(VariantRow, "shirt-red-l").stock = 1
    with pytest.raises(Refused) as caught:
        shop.change_order_items("#K1000002", [ItemChange("K1000002-1", "shirt-red-l")], "gift_ann", **BY)
    assert caught.value.code == RefusalCode.GIFT_CARD_TOO_LOW
    assert (caught.value.facts["balance"], caught.value.facts["needed"]) == ("12.00", "40.01")


def test_two_lines_cannot_share_the_last_piece(shop: Shop, session: Session) -> None:
    add_order(session, "#K1000009", lines=(("shirt-red-m", 1), ("shirt-red-m", 1)))
    changes = [ItemChange(f"K1000009-{number}", "shirt-blue-l") for number in (1, 2)]
    with refusal(RefusalCode.VARIANT_UNAVAILABLE):
        shop.change_order_items("#K1000009", changes, "card_ann", **BY)


def test_items_are_changed_once_and_then_the_order_may_still_be_cancelled(shop: Shop) -> None:
    change = [ItemChange("K1000001-1", "shirt-red-m")]
    shop.change_order_items("#K1000001", change, "paypal_ann", **BY)
    with refusal(RefusalCode.ALREADY_MODIFIED):
        shop.change_order_items("#K1000001", change, "paypal_ann", key="k2", actor="customer:ann")
    receipt = shop.cancel_order("#K1000001", "other", key="k3", actor="customer:ann")
    assert receipt.balance == Decimal("-47.90")


def test_nothing_named_is_refused(shop: Shop) -> None:
    with refusal(RefusalCode.NO_ITEMS):
        shop.change_order_items("#K1000001", [], "card_ann", **BY)
