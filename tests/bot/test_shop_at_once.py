"""Two turns, of two processes perhaps, that write to the shop at once: nothing of what either did is lost."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.database import Database, UnitOfWork, open_database, upgrade
from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.schema import Base, PaymentMethodRow, VariantRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import ItemChange
from tests.bot import servers
from tests.knowledge.shop.conftest import add_order, fill

Write = Callable[[Shop], object]
HEAD_START_SECONDS = 0.3


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    with servers.postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    is_sqlite = request.param == "sqlite"
    database = open_database(f"sqlite:///{tmp_path}/kefu.db" if is_sqlite else request.getfixturevalue("postgres_url"))
    upgrade(database)
    with database.transaction() as session:
        if not is_sqlite:
            session.execute(text(f"TRUNCATE {', '.join(Base.metadata.tables)} CASCADE"))
        fill(session)
        for number in ("#K5000001", "#K5000002"):
            add_order(session, number, lines=(("tea", 1), ("mug-red", 1)))
        add_order(session, "#K5000003")
    yield database
    database.close()


@contextmanager
def turn(database: Database) -> Iterator[Shop]:
    with UnitOfWork(database) as unit:
        yield Shop(unit.session, before_write=unit.begin_writing)
        unit.commit()


def at_once(database: Database, first: Write, second: Write) -> RefusalCode | None:
    """`first` has written and not committed when `second` looks; why the second was refused, if it was."""
    refusals: list[RefusalCode] = []

    def run_second() -> None:
        try:
            with turn(database) as shop:
                second(shop)
        except Refused as refused:
            refusals.append(refused.code)

    thread = threading.Thread(target=run_second)
    with turn(database) as shop:
        first(shop)
        thread.start()
        thread.join(HEAD_START_SECONDS)
    thread.join(10)
    assert not thread.is_alive()
    return refusals[0] if refusals else None


def cancelling(number: str) -> Write:
    return lambda shop: shop.cancel_order(number, "no_longer_needed", key=number, actor="customer:ann")


def paying(number: str, method: str) -> Write:
    return lambda shop: shop.change_order_payment(number, method, key=f"{number} {method}", actor="customer:ann")


def taking(number: str, variant: str) -> Write:
    def write(shop: Shop) -> None:
        order = shop.order(number)
        assert order is not None
        changes = [ItemChange(order.lines[0].line_id, variant)]
        shop.change_order_items(number, changes, "card_ann", key=number, actor="customer:ann")

    return write


def stock(database: Database, variant: str) -> int | None:
    with database.session() as session:
        return session.get_one(VariantRow, variant).stock


def test_what_two_cancelled_orders_held_is_all_back_on_the_shelf(database: Database) -> None:
    before = stock(database, "tea")
    assert at_once(database, cancelling("#K5000001"), cancelling("#K5000002")) is None
    assert before is not None and stock(database, "tea") == before + 2


def test_the_last_piece_is_promised_once(database: Database) -> None:
    refusal = at_once(database, taking("#K1000002", "shirt-blue-l"), taking("#K5000003", "shirt-blue-l"))
    assert refusal == RefusalCode.VARIANT_UNAVAILABLE
    assert stock(database, "shirt-blue-l") == 0


def test_a_gift_card_pays_no_more_than_it_holds(database: Database) -> None:
    with database.transaction() as session:
        session.get_one(PaymentMethodRow, "gift_ann").balance = Decimal("20.00")
    refusal = at_once(database, paying("#K5000001", "gift_ann"), paying("#K5000002", "gift_ann"))
    assert refusal == RefusalCode.GIFT_CARD_TOO_LOW
    with database.session() as session:
        assert session.get_one(PaymentMethodRow, "gift_ann").balance == Decimal("5.75")


def test_an_order_paid_by_two_in_two_ways_is_paid_by_the_second(database: Database) -> None:
    with database.transaction() as session:
        session.get_one(PaymentMethodRow, "gift_ann").balance = Decimal("20.00")
    assert at_once(database, paying("#K5000001", "paypal_ann"), paying("#K5000001", "gift_ann")) is None
    with database.session() as session:
        order = Shop(session).order("#K5000001")
        assert order is not None
        paid = {method: amount for method, amount in order.net_paid().items() if amount}
        assert paid == {"gift_ann": Decimal("14.25")}
