"""An operation of the shop in a turn's unit of work: decided on what is true when it writes, undone when it fails."""

import threading
from decimal import Decimal
from pathlib import Path

import pytest

from bot.database import Database, UnitOfWork, open_database, upgrade
from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.schema import CustomerRow, PaymentMethodRow
from knowledge.shop.shop import Shop
from tests.knowledge.shop.conftest import fill

CANCELLING = ("#K1000001", "no_longer_needed")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    upgrade(database)
    with database.transaction() as session:
        fill(session)
    return database


def shop_of(unit: UnitOfWork) -> Shop:
    return Shop(unit.session, before_write=unit.begin_writing)


def test_what_another_turn_changed_since_it_was_read_decides(database: Database) -> None:
    with UnitOfWork(database) as unit:
        seen = shop_of(unit).order("#K1000001")
        assert seen is not None and seen.status == "pending"
        with UnitOfWork(database) as other:
            shop_of(other).cancel_order(*CANCELLING, key="first", actor="customer:ann")
            other.commit()
        with pytest.raises(Refused) as refused:
            shop_of(unit).cancel_order(*CANCELLING, key="second", actor="customer:ann")
    assert refused.value.code == RefusalCode.ORDER_NOT_PENDING


def test_two_turns_that_cancel_one_order_at_once_refund_it_once(database: Database) -> None:
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def cancel(key: str) -> None:
        with UnitOfWork(database) as unit:
            shop_of(unit).order("#K1000001")
            ready.wait(5)
            try:
                shop_of(unit).cancel_order(*CANCELLING, key=key, actor="customer:ann")
                unit.commit()
                outcomes.append("cancelled")
            except Refused as refused:
                outcomes.append(refused.code)

    threads = [threading.Thread(target=cancel, args=(key,)) for key in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(outcomes) == sorted(["cancelled", RefusalCode.ORDER_NOT_PENDING])


def test_a_write_of_an_action_that_raised_afterwards_is_taken_back(database: Database) -> None:
    with UnitOfWork(database) as unit:
        with pytest.raises(ZeroDivisionError), unit.attempt():
            shop_of(unit).cancel_order(*CANCELLING, key="first", actor="customer:ann")
            raise ZeroDivisionError
        unit.commit()
    with UnitOfWork(database) as unit:
        order = shop_of(unit).order("#K1000001")
        assert order is not None and order.status == "pending" and len(order.payments) == 1


def test_a_reading_turn_holds_up_nobody(database: Database) -> None:
    with UnitOfWork(database) as unit:
        shop_of(unit).order("#K1000001")
        with database.transaction() as session:  # would wait for the write lock
            session.get_one(CustomerRow, "ann").loyalty_points = 7
            assert session.get_one(PaymentMethodRow, "card_ann").balance in (None, Decimal(0))
