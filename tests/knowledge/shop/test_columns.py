"""Money is exact and times are UTC, whatever the database."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from knowledge.shop.schema import Base, CouponRow, VariantRow

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=8)))


@cache
def engine() -> Engine:
    """A database in memory, made when it is first asked for; every test rolls back."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    return engine


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_an_amount_comes_back_to_the_cent(amount: Decimal) -> None:
    with Session(engine()) as session:
        row = {"variant_id": "v", "product_id": "p", "options": {}, "price": amount}
        session.execute(insert(VariantRow).values(row))
        assert session.scalars(select(VariantRow.price)).one() == amount


def test_a_fraction_of_a_cent_is_refused_rather_than_rounded() -> None:
    with Session(engine()) as session, pytest.raises(StatementError, match="fractions of a cent"):
        session.execute(insert(VariantRow).values(variant_id="v", product_id="p", options={}, price=Decimal("0.005")))


def test_amounts_are_summed_exactly_in_the_database() -> None:
    with Session(engine()) as session:
        rows = [
            {"variant_id": str(number), "product_id": "p", "options": {}, "price": Decimal("0.10")}
            for number in range(3)
        ]
        session.execute(insert(VariantRow), rows)
        assert session.scalar(text("SELECT sum(price) FROM variants")) == 30


def test_a_time_is_kept_in_utc_and_needs_a_zone() -> None:
    with Session(engine()) as session:
        session.execute(insert(CouponRow).values(code="C", starts_at=NOON, ends_at=NOON, percent_off=5))
        stored = session.scalars(select(CouponRow.starts_at)).one()
        assert (stored, stored.tzinfo) == (NOON, UTC)
        with pytest.raises(StatementError, match="no time zone"):
            session.execute(insert(CouponRow).values(code="D", starts_at=NOON.replace(tzinfo=None), ends_at=NOON))
