from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.database import Database, open_database, upgrade


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Database]:
    """A database with the tables and nobody in it."""
    database = open_database(f"sqlite:///{tmp_path}/counted.db", "OFF")
    upgrade(database)
    yield database
    database.close()
