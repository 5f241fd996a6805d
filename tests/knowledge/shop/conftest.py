"""A small shop, made by hand, in a real SQLite database; and tau-bench's, where the data are."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypedDict

import pytest
from sqlalchemy import Engine, create_engine, insert
from sqlalchemy.orm import Session

from knowledge.shop.folding import digits_of, email_key, order_number_key, postcode_key
from knowledge.shop.schema import (
    Base,
    CouponRow,
    CustomerRow,
    LineRow,
    OrderRow,
    PaymentMethodRow,
    PaymentRow,
    ProductRow,
    VariantRow,
)
from knowledge.shop.shop import Shop
from knowledge.shop.types import Address


class By(TypedDict):
    """What every write is told beside its own arguments."""

    key: str
    actor: str


NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOME = {
    "line1": "1 Elm St",
    "line2": "",
    "city": "Austin",
    "state": "TX",
    "postcode": "78701",
    "country": "USA",
}
ELSEWHERE = Address("9 Oak Ave", "Apt 4", "Dallas", "TX", "75201", "USA")
TAU_BENCH = Path(__file__).parents[3] / ".." / "shared" / "data" / "tau_bench_retail"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        fill(session)
        session.commit()
        yield session


@pytest.fixture
def shop(session: Session) -> Shop:
    return Shop(session, now=lambda: NOW)


@pytest.fixture
def tau_bench() -> Path:
    if not TAU_BENCH.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{TAU_BENCH} is missing")
        pytest.skip("tau-bench's data are not beside this checkout")
    return TAU_BENCH


def add_order(
    session: Session,
    number: str,
    *,
    status: str = "pending",
    customer: str = "ann",
    lines: tuple[tuple[str, int], ...] = (("shirt-blue-m", 1),),
    method: str = "card_ann",
    delivered_days_ago: int | None = None,
    shipping_fee: str = "0",
) -> None:
    """An order at the variants' present prices, paid with one method."""
    variants = [(session.get_one(VariantRow, variant_id), quantity) for variant_id, quantity in lines]
    total = sum((variant.price * quantity for variant, quantity in variants), Decimal(shipping_fee))
    delivered = None if delivered_days_ago is None else NOW - timedelta(days=delivered_days_ago)
    order = OrderRow(
        order_number=number,
        number_key=order_number_key(number),
        number_digits=digits_of(number),
        customer_id=customer,
        status=status,
        placed_at=NOW - timedelta(days=(delivered_days_ago or 0) + 2),
        delivered_at=delivered,
        address=HOME,
        shipping_fee=Decimal(shipping_fee),
        lines=[
            LineRow(
                line_id=f"{order_number_key(number)}-{position}",
                position=position,
                product_id=variant.product_id,
                variant_id=variant.variant_id,
                name_en=variant.product.name_en,
                name_zh=variant.product.name_zh,
                options=variant.options,
                options_zh={},
                unit_price=variant.price,
                quantity=quantity,
            )
            for position, (variant, quantity) in enumerate(variants, 1)
        ],
        payments=[PaymentRow(kind="payment", amount=total, payment_method_id=method, at=NOW)],
    )
    session.add(order)
    session.flush()


def fill(session: Session) -> None:
    _people(session)
    _catalogue(session)
    add_order(session, "#K1000001", lines=(("shirt-blue-m", 2), ("mug-red", 1)), shipping_fee="4.90")
    add_order(session, "#K1000002", method="gift_ann")
    add_order(session, "#K1000003", status="delivered", delivered_days_ago=5, lines=(("shirt-blue-m", 2), ("tea", 1)))
    add_order(session, "#K1000004", status="delivered", delivered_days_ago=31)
    add_order(session, "#K1000005", status="shipped")
    add_order(session, "#K2000001", customer="wei", method="alipay_wei")


def _people(session: Session) -> None:
    people = [
        ("ann", "Ann@Example.com", "Ann", "O'Neil", "en", HOME),
        ("wei", "wei@example.cn", "伟", "王", "zh", {**HOME, "city": "杭州", "postcode": "310000", "country": "China"}),
    ]
    for customer_id, email, first_name, last_name, locale, address in people:
        session.add(
            CustomerRow(
                customer_id=customer_id,
                email=email,
                email_key=email_key(email),
                first_name=first_name,
                last_name=last_name,
                locale=locale,
                address=address,
                postcode_key=postcode_key(address["postcode"]),
            )
        )
    session.flush()
    methods = [
        ("card_ann", "ann", "credit_card", "visa", "9212", None),
        ("paypal_ann", "ann", "paypal", None, None, None),
        ("gift_ann", "ann", "gift_card", None, None, Decimal("12.00")),
        ("alipay_wei", "wei", "alipay", None, None, None),
    ]
    for position, (method_id, customer_id, source, brand, last_four, balance) in enumerate(methods):
        session.add(
            PaymentMethodRow(
                payment_method_id=method_id,
                customer_id=customer_id,
                position=position,
                source=source,
                brand=brand,
                last_four=last_four,
                balance=balance,
            )
        )
    session.add(
        CouponRow(
            code="SPRING10",
            percent_off=10,
            starts_at=NOW - timedelta(days=1),
            ends_at=NOW + timedelta(days=1),
        )
    )


def _catalogue(session: Session) -> None:
    colour = {"name": "color", "name_zh": "颜色", "values": ["blue", "red"], "values_zh": ["蓝色", "红色"]}
    size = {"name": "size", "name_zh": "尺码", "values": ["M", "L"], "values_zh": ["M", "L"]}
    products = [
        ("shirt", "Linen Shirt", "亚麻衬衫", "apparel", [colour, size]),
        ("mug", "Stoneware Mug", "粗陶马克杯", "kitchen", [colour]),
        ("tea", "Jasmine Green Tea", "茉莉绿茶", "food", []),
    ]
    for product_id, name_en, name_zh, category, options in products:
        session.add(
            ProductRow(product_id=product_id, name_en=name_en, name_zh=name_zh, category=category, options=options)
        )
    session.flush()
    variants = [
        ("shirt-blue-m", "shirt", {"color": "blue", "size": "M"}, "19.99", True, 5),
        ("shirt-blue-l", "shirt", {"color": "blue", "size": "L"}, "21.49", True, 1),
        ("shirt-red-m", "shirt", {"color": "red", "size": "M"}, "17.50", True, None),
        ("shirt-red-l", "shirt", {"color": "red", "size": "L"}, "60.00", True, 0),
        ("mug-red", "mug", {"color": "red"}, "8.00", True, 3),
        ("mug-blue", "mug", {"color": "blue"}, "8.00", False, 3),
        ("tea", "tea", {}, "6.25", True, 9),
    ]
    rows = [
        {
            "variant_id": variant_id,
            "product_id": product_id,
            "position": position,
            "options": options,
            "price": Decimal(price),
            "is_on_sale": is_on_sale,
            "stock": stock,
        }
        for position, (variant_id, product_id, options, price, is_on_sale, stock) in enumerate(variants)
    ]
    session.execute(insert(VariantRow), rows)
