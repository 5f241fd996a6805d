"""A shop floor on SQLite; and for what several processes do, on PostgreSQL as well."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.database import Database
from tests.bot.handoff.shop_floor import Floor
from tests.bot.servers import postgres
from tests.bot.tiny import open_tiny_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_tiny_database(tmp_path / "kefu.db")
    yield opened
    opened.close()


@pytest.fixture
def floor(database: Database) -> Iterator[Floor]:
    floor = Floor(database)
    yield floor
    asyncio.run(floor.turns.close())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    is_sqlite = request.param == "sqlite"
    opened = open_tiny_database(tmp_path / "kefu.db" if is_sqlite else request.getfixturevalue("postgres_url"))
    if not is_sqlite:
        with opened.transaction() as session:
            session.execute(text("TRUNCATE conversations, agents, tickets CASCADE"))
    yield opened
    opened.close()
