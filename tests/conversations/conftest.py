"""The real bot on the small shop of shop.yml: assembled once, its database put back before each dialogue."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.assembly import Kefu, assemble
from bot.database import open_database, upgrade
from bot.settings import Settings
from tests.conversations.small_shop import fill


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the shop, before anybody has said anything."""
    path = tmp_path_factory.mktemp("shop") / "template.db"
    database = open_database(f"sqlite:///{path}", "OFF")
    upgrade(database)
    with database.transaction() as session:
        fill(session)
    database.close()
    return path


@pytest.fixture(scope="session")
def assembled(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kefu]:
    path = tmp_path_factory.mktemp("bot") / "kefu.db"
    restore(template, path)
    kefu = assemble(Settings(database_url=f"sqlite:///{path}", sqlite_synchronous="NORMAL"))
    kefu.warm()
    yield kefu
    asyncio.run(kefu.close())


@pytest.fixture
def kefu(assembled: Kefu, template: Path) -> Kefu:
    """The bot, with the shop as shop.yml describes it."""
    restore(template, Path(assembled.settings.database_url.removeprefix("sqlite:///")))
    return assembled


def restore(template: Path, path: Path) -> None:
    """SQLite's own copy, which an open database notices."""
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
