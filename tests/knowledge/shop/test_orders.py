"""Reading orders."""

import pytest
from sqlalchemy import Engine, event

from knowledge.shop.shop import Shop
from knowledge.shop.types import OrderStatus


@pytest.mark.parametrize(
    "written",
    [
        "#K1000001",
        "K1000001",
        "k 1000001",
        "1000001",
        "＃Ｋ１０００００１",
        "order no. K1000001",
        "订单号K1000001",
        "K-1000001",
    ],
)
def test_an_order_number_is_understood_however_it_is_written(shop: Shop, written: str) -> None:
    order = shop.order(written)
    assert order is not None
    assert order.order_number == "#K1000001"


@pytest.mark.parametrize("written", ["", "#", "K100000", "hello", "K1000001' OR 1=1", "订单号"])
def test_what_is_no_order_number_finds_nothing(shop: Shop, written: str) -> None:
    assert shop.order(written) is None


def test_somebody_elses_order_is_not_there(shop: Shop) -> None:
    assert shop.order("#K2000001", "ann") is None
    assert shop.order("#K2000001", "wei") is not None


def test_orders_are_listed_newest_first_and_by_state(shop: Shop) -> None:
    newest_first = [order.order_number for order in shop.orders_of("ann")]
    assert newest_first == ["#K1000005", "#K1000002", "#K1000001", "#K1000003", "#K1000004"]
    pending = shop.orders_of("ann", [OrderStatus.PENDING], limit=1)
    assert [order.order_number for order in pending] == ["#K1000002"]
    assert shop.orders_of("nobody") == []


def test_an_order_asked_for_again_is_not_read_again(shop: Shop, engine: Engine) -> None:
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert shop.order("#K1000001") == shop.order("k1000001", "ann")
    assert len(statements) == 1
