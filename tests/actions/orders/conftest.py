"""A small shop, made by hand, in a real SQLite database, and somebody to talk to."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from bot.dialogue.assistant import Assistant
from knowledge.shop.folding import digits_of, email_key, order_number_key, postcode_key
from knowledge.shop.schema import (
    Base,
    CustomerRow,
    LineRow,
    OrderRow,
    PaymentMethodRow,
    PaymentRow,
    ProductRow,
    ShipmentRow,
    VariantRow,
)
from knowledge.shop.shop import Shop
from knowledge.shop.types import Order
from tests.actions.orders.talk import ASSISTANT, Talk

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOME = {"line1": "1 Elm St", "line2": "", "city": "Austin", "state": "TX", "postcode": "78701", "country": "USA"}
CHINESE = {
    "blue": "蓝色", "red": "红色", "black": "黑色", "white": "白色", "low": "低", "medium": "中", "high": "高",
    "color": "颜色", "size": "尺码", "brightness": "亮度",
}  # fmt: skip
PRODUCTS = {
    "shirt": ("Linen Shirt", "亚麻衬衫", {"color": ["blue", "red"], "size": ["M", "L"]}, "apparel"),
    "lamp": ("Desk Lamp", "台灯", {"color": ["black", "white"], "brightness": ["low", "medium", "high"]}, "home"),
    "tea": ("Jasmine Green Tea", "茉莉绿茶", {}, "food"),
}
PRICES = {"shirt": "20.00", "lamp": "35.00", "tea": "6.25"}

TalkFactory = Callable[..., Talk]


@pytest.fixture(scope="session")
def loaded() -> Assistant:
    return Assistant.load(ASSISTANT)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        _fill(session)
    yield engine
    engine.dispose()


@pytest.fixture
def talk(database: Engine, loaded: Assistant) -> TalkFactory:
    """`talk()` in English, `talk("zh")` in Chinese; `talk(sender="bob")` is another conversation."""
    return lambda language="en", sender="ann": Talk(database, loaded, lambda: NOW, language, sender)


@pytest.fixture
def order(database: Engine) -> Callable[[str], Order]:
    """The order as it is in the database now."""

    def read(number: str) -> Order:
        with Session(database) as session:
            found = Shop(session).order(number)
            assert found is not None
            return found

    return read


def _fill(session: Session) -> None:
    _add_customer(session, "ann", "ann@example.com", "Ann", "Meyer")
    _add_customer(session, "wei", "wei@example.com", "伟", "王")
    methods = [
        ("card_ann", "ann", "credit_card", "visa", "9212", None),
        ("paypal_ann", "ann", "paypal", None, None, None),
        ("gift_ann", "ann", "gift_card", None, None, Decimal("12.00")),
        ("alipay_wei", "wei", "alipay", None, None, None),
    ]
    for place, (method, customer, source, brand, four, balance) in enumerate(methods):
        session.add(
            PaymentMethodRow(
                payment_method_id=method, customer_id=customer, position=place, source=source, brand=brand,
                last_four=four, balance=balance,
            )
        )  # fmt: skip
    for product_id, (english, chinese, options, category) in PRODUCTS.items():
        _add_product(session, product_id, english, chinese, options, category)
    session.flush()
    _add_order(session, "#K1000001", "pending", ["shirt-blue-M", "lamp-black-medium"])
    _add_order(session, "#K1000002", "pending", ["tea"])
    _add_order(session, "#K1000003", "delivered", ["shirt-blue-M", "lamp-black-medium", "tea"], days_ago=5)
    _add_order(session, "#K1000004", "delivered", ["lamp-white-low"], days_ago=60)
    _add_order(session, "#K1000005", "shipped", ["shirt-red-L"])
    _add_order(session, "#K1000006", "delivered", ["lamp-white-low"], days_ago=3, quantity=2)
    _add_order(session, "#K2000001", "pending", ["lamp-white-high"], customer="wei", method="alipay_wei")


def _add_customer(session: Session, customer_id: str, email: str, first: str, last: str) -> None:
    session.add(
        CustomerRow(
            customer_id=customer_id,
            email=email,
            email_key=email_key(email),
            first_name=first,
            last_name=last,
            address=HOME,
            postcode_key=postcode_key(HOME["postcode"]),
        )
    )
    session.flush()


def _add_product(
    session: Session, product_id: str, english: str, chinese: str, options: dict[str, list[str]], category: str
) -> None:
    described = [
        {"name": n, "name_zh": CHINESE[n], "values": v, "values_zh": [CHINESE.get(x, x) for x in v]}
        for n, v in options.items()
    ]
    session.add(
        ProductRow(product_id=product_id, name_en=english, name_zh=chinese, options=described, category=category)
    )
    combinations: list[dict[str, str]] = [{}]
    for name, values in options.items():
        combinations = [{**chosen, name: value} for chosen in combinations for value in values]
    for place, chosen in enumerate(combinations):
        session.add(
            VariantRow(
                variant_id="-".join([product_id, *chosen.values()]),
                product_id=product_id,
                position=place,
                options=chosen,
                price=Decimal(PRICES[product_id]) + place,
                is_on_sale=True,
                stock=None,
            )
        )
    session.flush()


def _add_order(
    session: Session,
    number: str,
    status: str,
    variants: list[str],
    *,
    customer: str = "ann",
    method: str = "card_ann",
    days_ago: int | None = None,
    quantity: int = 1,
) -> None:
    rows = [session.get_one(VariantRow, variant) for variant in variants]
    delivered = NOW - timedelta(days=days_ago) if days_ago is not None else None
    lines = [
        LineRow(
            line_id=f"{order_number_key(number)}-{place}",
            position=place,
            product_id=row.product_id,
            variant_id=row.variant_id,
            name_en=row.product.name_en,
            name_zh=row.product.name_zh,
            options=row.options,
            options_zh={CHINESE[name]: CHINESE.get(value, value) for name, value in row.options.items()},
            unit_price=row.price,
            quantity=quantity,
        )
        for place, row in enumerate(rows, start=1)
    ]
    shipped = status in ("shipped", "delivered")
    parcel = ShipmentRow(
        tracking_number="1Z999",
        carrier="UPS",
        line_ids=[line.line_id for line in lines],
        shipped_at=NOW - timedelta(days=2),
        expected_at=NOW + timedelta(days=1),
        delivered_at=delivered,
        events=[{"at": (NOW - timedelta(days=1)).isoformat(), "code": "in_transit", "location": "Denver"}],
    )
    session.add(
        OrderRow(
            order_number=number,
            number_key=order_number_key(number),
            number_digits=digits_of(number),
            customer_id=customer,
            status=status,
            placed_at=NOW - timedelta(days=(days_ago or 0) + 3),
            delivered_at=delivered,
            address=HOME,
            lines=lines,
            payments=[
                PaymentRow(
                    kind="payment", amount=sum(row.price for row in rows) * quantity, payment_method_id=method, at=NOW
                )
            ],
            shipments=[parcel] if shipped else [],
        )
    )
    session.flush()
