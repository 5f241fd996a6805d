import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import TextClause, text
from sqlalchemy.exc import OperationalError

from bot.conversation.schema import metadata
from bot.database import (
    Database,
    DatabaseError,
    UnitOfWork,
    current_revision,
    head_revision,
    migrate,
    open_database,
    upgrade,
)
from bot.handoff.queue import queue
from knowledge.shop.schema import Base


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = open_database(f"sqlite:///{tmp_path}/new/kefu.db")
    with database.transaction() as session:
        session.execute(text("CREATE TABLE notes (words TEXT)"))
    return database


def notes(database: Database) -> list[str]:
    with database.read() as connection:
        return [str(words) for words in connection.execute(text("SELECT words FROM notes")).scalars()]


def note(words: str) -> TextClause:
    return text(f"INSERT INTO notes VALUES ('{words}')")


def test_the_migrations_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    upgrade(database)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), [Base.metadata, metadata]) == []  # type: ignore[arg-type]
    assert current_revision(database) == head_revision()


def test_who_waits_for_a_person_while_kefu_is_upgraded_is_in_the_queue_afterwards(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    migrate(database, "0008")
    with database.transaction() as session:
        for name, owner, ago in (
            ("web:waits", "queue", 60),
            ("web:long", "queue", 30 * 86_400),
            ("web:bot", "bot", 60),
        ):
            at = time.time() - ago
            row = {"id": name, "owner": owner, "at": at, "epoch": 3}
            session.execute(
                text(
                    "INSERT INTO conversations (id, channel, account, sender_id, owner, epoch, created_at, updated_at)"
                    " VALUES (:id, 'web', '', :id, :owner, :epoch, :at, :at)"
                ),
                row,
            )
    upgrade(database)
    with database.read() as connection:
        [waiting] = queue(connection)
        assert (waiting.conversation_id, waiting.state, waiting.epoch) == ("web:waits", "requested", 3)
        assert time.time() - waiting.queued_at < 60, "nobody is given up for the time before"
        assert connection.scalar(text("SELECT count(*) FROM handoff_events WHERE kind = 'request'")) == 1


def test_a_second_upgrade_only_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    upgrade(database)
    monkeypatch.setattr("bot.database.migrate", None)
    upgrade(database)


def test_sqlite_is_durable_by_default_and_can_be_told_otherwise(tmp_path: Path) -> None:
    for synchronous, number in (("FULL", 2), ("NORMAL", 1)):
        with open_database(f"sqlite:///{tmp_path}/{synchronous}.db", synchronous).read() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == number
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_transaction_commits_as_a_whole_or_not_at_all(database: Database) -> None:
    with database.transaction() as session:
        session.execute(note("kept"))
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        session.execute(note("lost"))
        raise ZeroDivisionError
    assert notes(database) == ["kept"]


def test_a_unit_of_work_locks_when_it_writes_and_rolls_back_unless_committed(database: Database) -> None:
    with UnitOfWork(database) as unit:
        assert unit.session.scalars(text("SELECT words FROM notes")).all() == []
        with database.transaction() as other:
            other.execute(note("other"))
        unit.begin_writing()
        unit.session.execute(note("lost"))
    with UnitOfWork(database) as unit:
        unit.begin_writing()
        unit.session.execute(note("kept"))
        unit.commit()
    assert notes(database) == ["other", "kept"]


def test_a_unit_of_work_sees_one_moment_until_it_writes(database: Database) -> None:
    seen = text("SELECT count(*) FROM notes")
    with UnitOfWork(database) as unit:
        assert unit.session.scalar(seen) == 0
        with database.transaction() as other:
            other.execute(note("other"))
        assert unit.session.scalar(seen) == 0
        unit.begin_writing()
        assert unit.session.scalar(seen) == 1


def test_a_unit_of_work_that_only_reads_refuses_to_write(database: Database) -> None:
    with UnitOfWork(database) as unit, pytest.raises(OperationalError, match="readonly"):
        unit.session.execute(note("lost"))
    with database.transaction() as session:  # the connection, back in the pool, writes again
        session.execute(note("kept"))
    assert notes(database) == ["kept"]


def test_what_an_attempt_wrote_before_it_failed_is_taken_back(database: Database) -> None:
    with UnitOfWork(database) as unit:
        with pytest.raises(ZeroDivisionError), unit.attempt() as session:
            unit.begin_writing()
            session.execute(note("lost before anything was kept"))
            raise ZeroDivisionError
        with unit.attempt() as session:
            session.execute(note("kept"))
        with pytest.raises(ZeroDivisionError), unit.attempt() as session:
            session.execute(note("lost"))
            raise ZeroDivisionError
        unit.commit()
    assert notes(database) == ["kept"]


def test_writers_wait_for_each_other_and_readers_for_nobody(database: Database) -> None:
    writing, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with database.transaction() as session:
            session.execute(note("slow"))
            writing.set()
            go_on.wait(5)

    thread = threading.Thread(target=write_slowly)
    thread.start()
    writing.wait(5)
    assert notes(database) == []
    go_on.set()
    with database.transaction() as session:
        session.execute(note("next"))
    thread.join()
    assert notes(database) == ["slow", "next"]


def test_a_database_of_a_newer_kefu_is_left_alone(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    upgrade(database)
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer Kefu"):
        upgrade(database)


@pytest.mark.parametrize(
    "url", ["sqlite:////proc/kefu/kefu.db", "sqlite:////proc/version", "postgresql+pg8000://kefu@127.0.0.1:1/kefu"]
)
def test_a_database_that_cannot_be_reached_is_told_in_one_sentence(url: str) -> None:
    with pytest.raises(DatabaseError, match="KEFU_DATABASE_URL"):
        upgrade(open_database(url))


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(DatabaseError, match="KEFU_DATABASE_URL"):
        open_database("sqlite:///:memory:")
