"""A shop floor on SQLite; and for what several processes do, on PostgreSQL as well."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        opened = open_tiny_database(tmp_path / "kefu.db")
        yield opened
        opened.close()
        return
    with postgres() as url:
        opened = open_tiny_database(url)
        yield opened
        opened.close()
