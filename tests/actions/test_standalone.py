"""A stock rasa-sdk server's own transactions: the shop's own rules, and SQLite as the bot uses it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from actions import standalone
from actions.base import services
from knowledge.shop.schema import Base


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "shop.db"
    Base.metadata.create_all(create_engine(f"sqlite:///{path}"))
    monkeypatch.setenv("KEFU_DATABASE_URL", f"sqlite:///{path}")
    standalone._engine.cache_clear()
    yield path
    standalone._engine().dispose()
    standalone._engine.cache_clear()


def test_follows_the_policy_file(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    own = tmp_path / "policy.yml"
    own.write_text("return_items: {window_days: 99}\n", "utf-8")
    monkeypatch.setenv("KEFU_POLICY_FILE", str(own))
    with services() as here:
        assert here.shop.policy.return_items.window_days == 99


def test_holds_the_write_lock_from_the_start_and_waits_for_others(database: Path) -> None:
    other = sqlite3.connect(database, timeout=0, isolation_level=None)
    with services() as here:
        here.shop.orders_of("nobody")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()


def test_uses_the_pragmas_of_the_bot(database: Path) -> None:  # noqa: ARG001
    with standalone._engine().connect() as connection:
        values = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys")]
        assert values == ["wal", 1]
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == standalone.BUSY_SECONDS * 1000
