"""The shop's tables as transactions: what was kept, by whom, when, at which price."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from knowledge.customers.features import customer_features
from knowledge.customers.shop_lines import read_customer, read_shop
from knowledge.customers.transactions import Transactions, day_of
from knowledge.shop.demo.seeding import seed
from knowledge.shop.folding import digits_of, order_number_key
from knowledge.shop.schema import Base, CustomerRow, LineRow, OrderRow, ProductRow, ReturnRow

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for name in ("ann", "wei"):
            session.add(CustomerRow(customer_id=name, email=name, email_key=name, first_name=name, last_name="X"))
        session.add(ProductRow(product_id="tea", name_en="Tea", name_zh="茶", category="food"))
        session.add(ProductRow(product_id="pot", name_en="Pot", name_zh="壶", category="kitchen"))
        session.flush()
        yield session
    engine.dispose()


def add_order(
    session: Session, number: int, *, customer: str = "ann", status: str = "delivered", days_ago: float | None = 3
) -> None:
    """Two teas at 2.50 and one cup, which the catalogue no longer has, at 8.00."""
    name = f"#K{number:07}"
    session.add(
        OrderRow(
            order_id=number, order_number=name, number_key=order_number_key(name), number_digits=digits_of(name),
            customer_id=customer, status=status, address={},
            placed_at=None if days_ago is None else NOW - timedelta(days=days_ago),
        )
    )  # fmt: skip
    session.flush()
    for position, (product, price, quantity) in enumerate([("tea", "2.50", 2), ("cup", "8.00", 1)]):
        session.add(
            LineRow(
                line_id=f"{number}-{product}", order_id=number, position=position, product_id=product,
                variant_id=product, name_en=product, name_zh=product, options={}, options_zh={},
                unit_price=Decimal(price), quantity=quantity,
            )
        )  # fmt: skip
    session.flush()


def send_back(session: Session, number: int, product: str, quantity: int, kind: str = "return") -> None:
    item = {"line_id": f"{number}-{product}", "variant_id": product, "quantity": quantity}
    row = ReturnRow(
        order_id=number, kind=kind, items=[item], payment_method_id="x", amount=Decimal(1), requested_at=NOW
    )
    session.add(row)
    session.flush()


def bought(transactions: Transactions) -> list[tuple[str, str, float, float]]:
    """customer, item, pieces, money"""
    return [
        (str(transactions.customers[customer]), str(transactions.items[item]), quantity, amount)
        for customer, item, quantity, amount in zip(
            transactions.customer,
            transactions.item,
            transactions.quantity.tolist(),
            transactions.amount.tolist(),
            strict=True,
        )
    ]


def test_lines_by_customer_and_day(session: Session) -> None:
    add_order(session, 1, customer="wei", days_ago=1)
    add_order(session, 2, days_ago=2)
    add_order(session, 3, days_ago=30)
    transactions, items = read_shop(session, NOW)
    assert bought(transactions)[-2:] == [("wei", "cup", 1.0, 8.0), ("wei", "tea", 2.0, 5.0)]
    assert transactions.day[0] == day_of(NOW) - 30 and transactions.customer.tolist() == [0] * 4 + [1] * 2
    assert len(np.unique(transactions.order)) == 3
    assert transactions.items.tolist() == ["cup", "pot", "tea"]
    assert items.names.tolist() == ["", "Pot", "Tea"] and items.categories.tolist() == ["", "kitchen", "food"]


def test_what_was_undone_does_not_count(session: Session) -> None:
    add_order(session, 1, status="cancelled")
    add_order(session, 2, status="refunded")
    assert bought(read_shop(session, NOW)[0]) == []


def test_pieces_that_went_back_are_taken_off_their_line(session: Session) -> None:
    add_order(session, 1, status="returned")
    send_back(session, 1, "tea", 1)
    add_order(session, 2, status="return requested")
    send_back(session, 2, "cup", 1)
    add_order(session, 3, status="exchanged")
    send_back(session, 3, "cup", 1, kind="exchange")
    sold = bought(read_shop(session, NOW)[0])
    assert sorted(sold) == sorted([
        ("ann", "tea", 1.0, 2.5), ("ann", "cup", 1.0, 8.0),
        ("ann", "tea", 2.0, 5.0),
        ("ann", "tea", 2.0, 5.0), ("ann", "cup", 1.0, 8.0),
    ])  # fmt: skip


def test_an_order_of_tomorrow_is_not_known_and_one_without_a_date_is_old(session: Session) -> None:
    add_order(session, 1, days_ago=-1)
    add_order(session, 2, days_ago=None)
    transactions, _ = read_shop(session, NOW)
    assert transactions.day.tolist() == [day_of(NOW) - 365] * 2


def test_an_empty_shop(session: Session) -> None:
    transactions, items = read_shop(session, NOW)
    assert len(transactions) == 0 and len(items.names) == 2
    assert len(customer_features(transactions, day_of(NOW)).customers) == 0


def test_one_customer_has_the_same_figures_as_among_all() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        seed(session, seed=5, customers=60, now=NOW)
        transactions, _ = read_shop(session, NOW)
        features = customer_features(transactions, day_of(NOW))
        for row, customer in enumerate(transactions.customers[features.customers].tolist()):
            alone = customer_features(read_customer(session, NOW, customer), day_of(NOW))
            np.testing.assert_allclose(alone.values[0], features.values[row], rtol=1e-12)
        assert len(read_customer(session, NOW, "nobody")) == 0
    engine.dispose()
