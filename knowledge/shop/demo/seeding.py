"""The whole demo shop into a database, by bulk inserts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from knowledge.shop.demo import Row
from knowledge.shop.demo.catalogue import make_catalogue, rows_of
from knowledge.shop.demo.coupons import make_coupons
from knowledge.shop.demo.orders import OrderBook
from knowledge.shop.demo.people import make_people
from knowledge.shop.demo.shopping import go_shopping
from knowledge.shop.errors import DatabaseInUse
from knowledge.shop.policy import ShopPolicy, load_policy
from knowledge.shop.schema import (
    Base,
    CouponRow,
    CustomerRow,
    LineRow,
    OrderRow,
    PaymentMethodRow,
    PaymentRow,
    ProductRow,
    ReturnRow,
    ShipmentRow,
    ShopSettingRow,
    VariantRow,
)

DAYS = 730
BATCH = 5000
Progress = Callable[[str, int, int], None]
"""Hears what is being done, how many rows of it are done, and of how many."""


def is_seeded(session: Session) -> bool:
    return session.get(ShopSettingRow, "demo") is not None


def seed(
    session: Session, *, seed: int, customers: int, now: datetime, progress: Progress = lambda *_: None
) -> dict[str, int]:
    """Fill an empty database; the same seed, number and time give the same shop. Returns rows by table.

    Does not commit.     Raises DatabaseInUse when there are customers already.
    """
    if session.scalar(select(CustomerRow.customer_id).limit(1)) is not None:
        raise DatabaseInUse("The database holds a shop already: seed a new one, or empty this one with --reset")
    tables = make_shop(seed, customers, now, load_policy(session))
    total, done = sum(len(rows) for _, rows in tables), 0
    for table, rows in tables:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            session.connection().execute(insert(table.__table__), batch)  # type: ignore[arg-type]
            done += len(batch)
            progress(table.__tablename__.replace("_", " "), done, total)
    session.add(ShopSettingRow(name="demo", value={"seed": seed, "customers": customers, "seeded_at": now.isoformat()}))
    session.flush()
    return {table.__tablename__: len(rows) for table, rows in tables}


def make_shop(seed: int, customers: int, now: datetime, policy: ShopPolicy) -> list[tuple[type[Base], list[Row]]]:
    """Every row of the demo shop, in the order that foreign keys need. Pure: nothing but its arguments decides."""
    random = Random(seed)
    now = now.replace(hour=0, minute=0, second=0, microsecond=0)  # the same shop all day long
    products = make_catalogue(random)
    people = make_people(random, customers, now - timedelta(days=DAYS), now - timedelta(hours=6))
    coupons = make_coupons(now)
    purchases = go_shopping(random, people, products, now)
    numbers = random.sample(range(1_000_000, 10_000_000), len(purchases))
    book = OrderBook(random, policy, [coupon for coupon in coupons if coupon.starts_at < now], numbers)
    for purchase in purchases:
        book.write(purchase, now)
    product_rows, variant_rows = rows_of(products)
    return [
        (ProductRow, product_rows),
        (VariantRow, variant_rows),
        (CouponRow, [coupon.row for coupon in coupons]),
        (CustomerRow, [_with_loyalty(person.row, book.rows.spent, policy) for person in people]),
        (PaymentMethodRow, [method for person in people for method in person.methods]),
        (OrderRow, book.rows.orders),
        (LineRow, book.rows.lines),
        (PaymentRow, book.rows.payments),
        (ShipmentRow, book.rows.shipments),
        (ReturnRow, book.rows.returns),
    ]


def _with_loyalty(row: Row, spent: dict[str, Decimal], policy: ShopPolicy) -> Row:
    points = int(spent.get(row["customer_id"], Decimal(0)) * policy.loyalty.points_per_unit)
    return {**row, "loyalty_points": points, "loyalty_tier": policy.loyalty.tier_of(points)}


def empty(session: Session) -> None:
    """Remove the whole shop: products, customers, orders, tickets, audit. Conversations are not touched."""
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(delete(table))
    session.flush()
