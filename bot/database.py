"""The one database: SQLite by default, PostgreSQL to scale out. Everything durable is behind `Database`.

    database.read()         a connection for SELECTs, each its own snapshot; no transaction, no lock
    database.transaction()  a session that commits at the end, or rolls back; the way to write
    database.session()      a session whose caller commits (import and export of many rows)
    UnitOfWork(database)    a turn's view of the database: reads at once, writes in one transaction once it says so

SQLite has one writer at a time. Writers of this process queue on `write_lock` and begin with BEGIN IMMEDIATE, so that
none fails half-way with "database is locked"; `busy_timeout` covers other processes.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_SECONDS = 30
WRITES = {"kefu_writes": True}
SHORT_WORK = 8
"""Connections for what is soon done: storing messages, reading, a turn's commit."""


class DatabaseError(RuntimeError):
    """The database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Database:
    """An open database. `engine` reads (on SQLite in autocommit), `writer` is the same pool, beginning transactions."""

    engine: Engine
    writer: Engine
    write_lock: AbstractContextManager[Any]

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection

    def read_session(self) -> Session:
        """A session for reading; what it is made to write is never committed as one piece."""
        return Session(self.engine, expire_on_commit=False)

    def session(self) -> Session:
        """A session whose first statement begins a write transaction. The caller commits and closes."""
        return Session(self.writer, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database and refuses to write, until `turn_to_writing`."""
        with self.engine.connect() as connection:
            connection.begin()
            try:
                if self.is_sqlite:
                    driver_of(connection).execute("PRAGMA query_only=ON")
                    driver_of(connection).execute("BEGIN")
                else:
                    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield connection
            finally:
                connection.rollback()
                if self.is_sqlite:
                    driver_of(connection).execute("PRAGMA query_only=OFF")

    def turn_to_writing(self, connection: Connection) -> None:
        """End what a `reading` connection saw and begin its write transaction. The caller holds `write_lock`."""
        if self.is_sqlite:
            driver = driver_of(connection)
            for statement in ("ROLLBACK", "PRAGMA query_only=OFF", "BEGIN IMMEDIATE"):
                driver.execute(statement)
        else:
            connection.exec_driver_sql("ROLLBACK")  # the driver begins the next one with the next statement

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a write transaction; the block commits, or else it is rolled back."""
        with self.write_lock, self.writer.connect() as connection:
            connection.begin()
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commits at the end of the block, rolls back when it raises."""
        with self.write_lock, self.session() as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()


class UnitOfWork:
    """A turn's view of the database. Use it in one thread, as a context manager.

    It reads without a lock. From `begin_writing` on it is one write transaction, and what was read before is read again
    when it is next used: a decision to write is never made on what another turn has changed since. Leaving the block
    without `commit()` rolls back: nothing of a turn that failed is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stack = ExitStack()
        self._connection: Connection | None = None
        self._session: Session | None = None
        self._attempts: list[ExitStack] = []
        self._is_writing = False

    @property
    def is_writing(self) -> bool:
        return self._is_writing

    @property
    def connection(self) -> Connection:
        """The connection, in the write transaction."""
        self.begin_writing()
        return self._open()

    @property
    def session(self) -> Session:
        """An ORM session that reads, and writes after `begin_writing`; what it holds is flushed by `commit`."""
        if self._session is None:
            self._session = self._stack.enter_context(Session(self._open(), expire_on_commit=False))
        return self._session

    def begin_writing(self) -> None:
        if self._is_writing:
            return
        connection = self._open()
        self._stack.enter_context(self._database.write_lock)
        self._database.turn_to_writing(connection)
        self._is_writing = True
        if self._session is not None:
            self._session.expire_all()
        for attempt in self._attempts:
            attempt.enter_context(self.session.begin_nested())

    @contextmanager
    def attempt(self) -> Iterator[Session]:
        """What the block wrote is taken back when it raises."""
        with ExitStack() as attempt:
            if self._is_writing:
                attempt.enter_context(self.session.begin_nested())
            self._attempts.append(attempt)
            try:
                yield self.session
            finally:
                self._attempts.remove(attempt)

    def commit(self) -> None:
        """Commit what was written and end the unit; one that only read just ends."""
        if self._is_writing:
            if self._session is not None:
                self._session.flush()
            self.connection.commit()
        self.close()

    def close(self) -> None:
        """Roll back what is not committed, release the write lock."""
        if self._connection is not None and self._connection.in_transaction():
            self._connection.rollback()
        self._connection = self._session = None
        self._is_writing = False
        self._stack.close()

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = self._stack.enter_context(self._database.reading())
        return self._connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def driver_of(connection: Connection) -> Any:
    """The sqlite3.Connection underneath."""
    return connection.connection.dbapi_connection


def open_database(source: Settings | str, synchronous: str = "FULL", connections: int = 40) -> Database:
    """Open (and for SQLite create) the database that the settings or the URL name. Creates no tables: see `upgrade`.

    `connections`: how many to PostgreSQL at most; a turn holds up to two for long.
    """
    if isinstance(source, Settings):
        connections = 2 * source.turn_threads + SHORT_WORK
        return open_database(source.database_url, source.sqlite_synchronous, connections)
    url = make_url(source)
    if url.get_backend_name() == "sqlite":
        engine = sqlite_engine(url, synchronous)
        return Database(engine, engine.execution_options(**WRITES), threading.RLock())
    try:
        engine = create_engine(
            url, pool_size=20, max_overflow=connections - 20, pool_pre_ping=True, hide_parameters=True
        )
    except ModuleNotFoundError as error:
        raise DatabaseError("PostgreSQL needs the driver pg8000: pip install 'kefu[postgres]'.") from error
    return Database(engine, engine, nullcontext())


def sqlite_engine(url: URL, synchronous: str) -> Engine:
    path = url.database
    if not path or path == ":memory:":
        raise DatabaseError("Kefu keeps every message on disk: name a file in KEFU_DATABASE_URL, not :memory:.")
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(f"{path} of KEFU_DATABASE_URL cannot be made: {error.strerror}.") from error
    engine = create_engine(
        url,
        pool_size=20,
        max_overflow=20,
        pool_reset_on_return=None,
        hide_parameters=True,
        json_deserializer=orjson.loads,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-16000")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("kefu_writes"):
            driver_of(connection).execute("BEGIN IMMEDIATE")

    return engine


def head_revision() -> str:
    """The newest migration, read from the file names: importing alembic takes longer than the whole check."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def current_revision(database: Database) -> str | None:
    try:
        with database.read() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError:
        return None


def upgrade(database: Database) -> None:
    """Bring the tables to the newest migration. At most starts this is one SELECT.

    Raises DatabaseError when the database cannot be reached, or belongs to a newer Kefu.
    """
    current, head = current_revision(database), head_revision()
    if current is None:
        reach(database)
    elif current > head:
        raise DatabaseError(
            f"The database has the tables of a newer Kefu ({current}; this one knows {head}). Run that one, or name "
            "another database in KEFU_DATABASE_URL."
        )
    if current != head:
        migrate(database, head)


def require_current(database: Database) -> None:
    """For a command that only reads. Raises DatabaseError when the tables are not those of this Kefu."""
    if current_revision(database) != head_revision():
        raise DatabaseError(
            "The database of KEFU_DATABASE_URL is empty, or has the tables of another Kefu: start `kefu serve` once."
        )


def reach(database: Database) -> None:
    try:
        with database.read() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError as error:
        raise DatabaseError(f"The database of KEFU_DATABASE_URL cannot be used: {error.orig}") from error


def migrate(database: Database, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.write_lock, database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
