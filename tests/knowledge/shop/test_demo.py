"""The demo shop: the same for the same seed, big enough, fast enough, consistent, and with something to find in it."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from knowledge.shop.demo import Row
from knowledge.shop.demo.listing import customers_to_try, orders_to_try
from knowledge.shop.demo.seeding import empty, is_seeded, make_shop, seed
from knowledge.shop.errors import DatabaseInUse
from knowledge.shop.policy import load_policy
from knowledge.shop.schema import Base, CustomerRow, OrderRow, ProductRow, VariantRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import OrderStatus

NOW = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Row]]:
    return {table.__tablename__: rows for table, rows in make_shop(7, 2000, NOW, load_policy())}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A shop of 200 customers, as of now."""
    path: Path = tmp_path_factory.mktemp("demo") / "demo.db"
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        seed(session, seed=7, customers=200, now=datetime.now(UTC))
        session.commit()
        yield session
    engine.dispose()


def test_the_same_seed_gives_the_same_shop_and_another_another() -> None:
    first, second, other = (make_shop(number, 60, NOW, load_policy()) for number in (7, 7, 8))
    assert first == second
    assert first != other


def test_the_shop_is_as_big_as_promised_and_made_in_seconds(tables: dict[str, list[Row]]) -> None:
    started = time.process_time()
    make_shop(11, 2000, NOW, load_policy())
    assert time.process_time() - started < 6
    assert len(tables["customers"]) == 2000
    assert len(tables["products"]) >= 300
    assert 24_000 <= len(tables["orders"]) <= 26_000
    placed = [order["placed_at"] for order in tables["orders"]]
    assert NOW - timedelta(days=735) <= min(placed) < NOW - timedelta(days=690)
    assert NOW - timedelta(days=1) < max(placed) <= NOW


def test_names_numbers_and_addresses_are_unique_where_they_must_be(tables: dict[str, list[Row]]) -> None:
    for table, column in (("customers", "email_key"), ("orders", "number_key"), ("products", "name_en")):
        values = [row[column] for row in tables[table]]
        assert len(set(values)) == len(values), column
    assert len({row["name_zh"] for row in tables["products"]}) == len(tables["products"])


def test_every_state_has_orders_and_the_fresh_ones_are_fresh(tables: dict[str, list[Row]]) -> None:
    states = Counter(order["status"] for order in tables["orders"])
    assert set(states) == {status.value for status in OrderStatus}
    pending = [order["placed_at"] for order in tables["orders"] if order["status"] == "pending"]
    assert min(pending) > NOW - timedelta(days=3)
    returnable = [
        order
        for order in tables["orders"]
        if order["status"] == "delivered" and order["delivered_at"] > NOW - timedelta(days=30)
    ]
    assert len(returnable) > 300


def test_payments_add_up_to_what_was_ordered(tables: dict[str, list[Row]]) -> None:
    due = {order["order_id"]: order["shipping_fee"] for order in tables["orders"]}
    for line in tables["order_lines"]:
        due[line["order_id"]] += line["unit_price"] * line["quantity"]
    paid: dict[int, Decimal] = {}
    for payment in tables["payments"]:
        if payment["kind"] == "payment":
            paid[payment["order_id"]] = paid.get(payment["order_id"], Decimal(0)) + payment["amount"]
    assert paid == due


def test_history_runs_forward_and_nothing_happens_tomorrow(tables: dict[str, list[Row]]) -> None:
    for order in tables["orders"]:
        times = [change["at"] for change in order["status_history"]]
        assert times == sorted(times)
        assert datetime.fromisoformat(times[-1]) <= NOW
    for shipment in tables["shipments"]:
        assert all(datetime.fromisoformat(event["at"]) <= NOW for event in shipment["events"])


def test_there_is_something_to_find(tables: dict[str, list[Row]]) -> None:
    """Seasons, repeat buying, churn and companions."""
    category = {row["product_id"]: row["category"] for row in tables["products"]}
    kind = {row["product_id"]: row["name_en"].split(" ", 1)[-1] for row in tables["products"]}
    placed = {order["order_id"]: order for order in tables["orders"]}
    toys = Counter(
        placed[line["order_id"]]["placed_at"].month
        for line in tables["order_lines"]
        if category[line["product_id"]] == "toys"
    )
    assert toys[12] > 3 * toys[2]
    orders_each = Counter(order["customer_id"] for order in tables["orders"])
    assert sum(count > 1 for count in orders_each.values()) > 0.75 * len(orders_each)
    latest: dict[str, datetime] = {order["customer_id"]: order["placed_at"] for order in tables["orders"]}
    gone = sum(moment < NOW - timedelta(days=180) for moment in latest.values()) / len(latest)
    assert 0.2 < gone < 0.6
    baskets: dict[int, set[str]] = {}
    for line in tables["order_lines"]:
        baskets.setdefault(line["order_id"], set()).add(kind[line["product_id"]])
    with_mat = [basket for basket in baskets.values() if "Yoga Mat" in basket]
    assert sum("Resistance Bands" in basket for basket in with_mat) / len(with_mat) > 0.25


def test_seeding_fills_a_database_once(seeded: Session) -> None:
    assert is_seeded(seeded)
    assert seeded.scalar(select(func.count()).select_from(OrderRow)) == 2500
    with pytest.raises(DatabaseInUse, match="--reset"):
        seed(seeded, seed=7, customers=5, now=NOW)


def test_emptying_makes_room_for_another(seeded: Session) -> None:
    savepoint = seeded.begin_nested()
    empty(seeded)
    assert seed(seeded, seed=7, customers=5, now=NOW)["customers"] == 5
    savepoint.rollback()
    seeded.expire_all()


def test_orders_are_listed_with_what_proves_their_customer(seeded: Session) -> None:
    listed = orders_to_try(seeded, status="pending", limit=3)
    assert listed
    shop = Shop(seeded)
    for order in listed:
        proofs = {"full_name": f"{order['first_name']} {order['last_name']}", "postcode": order["postcode"]}
        by_name = shop.identify(order_number=order["order_number"], **proofs)
        by_email = shop.identify(order_number=order["order_number"], email=order["email"])
        assert by_name is not None
        assert by_name == by_email
        assert set(order["lines"][0]) == {"line_id", "product", "product_zh", "options", "quantity", "price"}


def test_customers_are_listed_by_language_those_with_most_to_ask_first(seeded: Session) -> None:
    listed = customers_to_try(seeded, locale="zh", limit=4)
    assert [customer["locale"] for customer in listed] == ["zh"] * 4
    assert len({order["status"] for order in listed[0]["orders"]}) > 1


def test_an_order_of_the_demo_shop_can_be_cancelled_and_returned(seeded: Session) -> None:
    savepoint = seeded.begin_nested()
    shop = Shop(seeded)
    for number in seeded.scalars(select(OrderRow.order_number).where(OrderRow.status == "pending")).all():
        assert shop.cancel_order(number, "other", key=number, actor="system:test").created
    seeded.flush()
    savepoint.rollback()
    seeded.expire_all()


def test_products_sound_alike_in_both_languages_and_can_be_found(seeded: Session) -> None:
    shop = Shop(seeded)
    for row in seeded.scalars(select(ProductRow).limit(40)).all():
        assert row.product_id in [found.product_id for found in shop.products_by_name(row.name_en, "en")]
        assert row.product_id in [found.product_id for found in shop.products_by_name(row.name_zh, "zh")]
    sold_out = select(func.count()).select_from(VariantRow).where(VariantRow.stock == 0)
    chinese = select(func.count()).select_from(CustomerRow).where(CustomerRow.locale == "zh")
    assert seeded.scalars(sold_out).one() > 0
    assert 40 < seeded.scalars(chinese).one() < 120
