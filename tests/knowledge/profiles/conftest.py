"""A small made-up shop as transactions, and a database to keep profiles in."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from knowledge.customers.transactions import Items, Transactions, day_of
from knowledge.profiles.fitting import Source
from knowledge.shop.schema import Base

Open = Callable[[], AbstractContextManager[Session]]
CUT = day_of(datetime(2026, 6, 1))


@pytest.fixture
def write(tmp_path: Path) -> Iterator[Open]:
    """Opens sessions that commit at the end."""
    engine = create_engine(f"sqlite:///{tmp_path}/profiles.db")
    Base.metadata.create_all(engine)

    @contextmanager
    def open_session() -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    yield open_session
    engine.dispose()


def purchases(customers: int, days: int = 200, seed: int = 1, slow: float = 1.0) -> Transactions:
    """Everybody at a pace of their own, some of whom stop; `slow` stretches all gaps. One line an order."""
    random = np.random.default_rng(seed)
    rows = [
        (number, day)
        for number in range(customers)
        for day in _visits(random, days, slow * (4 + 40 * random.beta(1, 3)), random.random() < 0.25)
    ]
    number, day = np.array([row[0] for row in rows], np.int32), np.array([row[1] for row in rows])
    item = random.integers(0, 30, len(rows)).astype(np.int32)
    amount = np.round(random.lognormal(3, 0.6, len(rows)), 2)
    ids = np.array([f"customer-{one:04}" for one in range(customers)], dtype=np.str_)
    order = np.arange(len(rows), dtype=np.int32)
    items = np.array([f"item-{one}" for one in range(30)], dtype=np.str_)
    return Transactions(ids, items, number, item, order, CUT - days + day, np.ones(len(rows)), amount)


def _visits(random: np.random.Generator, days: int, gap: float, stops: bool) -> list[float]:
    until = days * (random.uniform(0.3, 0.7) if stops else 1.0)
    return [float(day) for day in np.cumsum(random.exponential(gap, 400) + 0.5) if day < until]


def source(customers: int, name: str = "file.csv", **options: float) -> Source:
    made = purchases(customers, **options)  # type: ignore[arg-type]
    empty = np.full(30, "", dtype=np.str_)
    return Source(name, made, Items(empty, empty), CUT)
