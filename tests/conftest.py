"""What all tests share: coroutine tests run without a mark, and a place where shared data may lie."""

import asyncio
import inspect
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot import database

SHARED = Path(__file__).parents[1] / ".." / "shared"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # beside other workers, more threads mostly wait for each other, spinning

# The same examples each time, however slow the machine; `pytest --hypothesis-profile=default` looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run `async def` tests on an event loop of their own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own KEFU_* variables do not reach the tests."""
    for name in [name for name in os.environ if name.startswith("KEFU_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """All migrations run once; a new SQLite file is given a copy of what they made."""
    made = tmp_path_factory.mktemp("migrated") / "kefu.db"
    migrate, head = database.migrate, database.head_revision()
    database.upgrade(database.open_database(f"sqlite:///{made}"))

    def copy(into: database.Database, revision: str) -> None:
        if into.is_sqlite and revision == head and database.current_revision(into) is None:
            with (
                closing(sqlite3.connect(made)) as source,
                closing(sqlite3.connect(str(into.engine.url.database))) as new,
            ):
                source.backup(new)
        else:
            migrate(into, revision)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "migrate", copy)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared data sets; absent, the test is skipped, or fails when CI=true."""
    path = SHARED / "data"
    if not path.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the shared data are not at {path}")
        pytest.skip(f"no shared data at {path}")
    return path
