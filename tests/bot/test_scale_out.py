"""The scale-out tier: several processes' worth of turns on one real PostgreSQL, woken by a real Redis."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from bot.app import web_app
from bot.conversation.schema import metadata
from bot.database import Database, UnitOfWork, upgrade
from bot.messages import UserMessage
from bot.settings import Settings
from knowledge.shop.schema import Base
from tests.bot import servers
from tests.bot.channels.test_web import hello, say, until
from tests.bot.conftest import API_TOKEN
from tests.bot.tiny import TinyEngine, open_tiny_database, tiny_kefu, tiny_turns


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    with servers.postgres() as url:
        yield url


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    database = open_tiny_database(postgres_url)
    with database.transaction() as session:
        session.execute(text("TRUNCATE ledger, outbox, turns, inbox, conversations CASCADE"))
    yield database
    database.close()


def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_migrations_make_the_same_tables_on_postgresql(database: Database) -> None:
    upgrade(database)
    with database.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection), [Base.metadata, metadata])  # type: ignore[arg-type]
    assert [change for change in found if "ledger" not in str(change)] == []


async def test_processes_that_race_answer_each_message_once_in_order_and_one_at_a_time(database: Database) -> None:
    engine = TinyEngine()
    crowd = [tiny_turns(database, engine) for _ in range(3)]
    messages = [UserMessage("rest", f"s{n % 4}", f"buy {n}", f"m{n}") for n in range(40)]
    for message in messages:
        await crowd[0].accept(message)
    answers = await asyncio.gather(*(turns.receive(message) for turns in crowd for message in messages))
    assert all(len(lines) == 1 for lines in answers)
    assert len(rows(database, "SELECT * FROM ledger")) == 40
    assert rows(database, "SELECT COUNT(*), COUNT(DISTINCT inbox_id) FROM outbox") == [(40, 40)]
    assert engine.overlaps == 0
    for sender in range(4):
        query = f"SELECT inbox_id FROM outbox WHERE conversation_id = 'rest:s{sender}' ORDER BY seq"
        assert (answered := rows(database, query)) == sorted(answered)
    for turns in crowd:
        await turns.close()


async def test_processes_that_are_handed_one_new_message_at_once_store_and_answer_it_once(database: Database) -> None:
    crowd = [tiny_turns(database) for _ in range(3)]
    messages = [UserMessage("rest", f"s{n % 5}", f"buy {n}", f"m{n}") for n in range(30)]
    answers = await asyncio.gather(*(turns.receive(message) for message in messages for turns in crowd))
    assert [line.message.text for lines in answers for line in lines] == [f"You said buy {n // 3}" for n in range(90)]
    assert len(rows(database, "SELECT * FROM ledger")) == 30
    for sender in range(5):
        mine = f"WHERE conversation_id = 'rest:s{sender}'"
        numbers = rows(database, f"SELECT seq FROM inbox {mine} UNION ALL SELECT seq FROM outbox {mine} ORDER BY seq")
        assert numbers == [(n + 1,) for n in range(12)], "no number is skipped for the one that came too late"
    for turns in crowd:
        await turns.close()


async def test_processes_that_hear_the_same_customers_in_another_order_do_not_block_each_other(
    database: Database,
) -> None:
    crowd = [tiny_turns(database) for _ in range(2)]
    customers = [f"s{n}" for n in range(10)]
    for number in range(5):
        here = [crowd[0].accept(UserMessage("rest", sender, "hi", f"here{number}")) for sender in customers]
        there = [crowd[1].accept(UserMessage("rest", sender, "hi", f"there{number}")) for sender in customers[::-1]]
        await asyncio.gather(*here, *there)
    assert rows(database, "SELECT count(*), count(DISTINCT conversation_id) FROM inbox") == [(100, 10)]
    for turns in crowd:
        await turns.close()


async def test_processes_that_note_the_same_rows_as_sent_do_not_block_each_other(database: Database) -> None:
    crowd = [tiny_turns(database) for _ in range(2)]
    lines = [line for n in range(60) for line in await crowd[0].receive(UserMessage("rest", f"s{n}", "hi", "m"))]
    crowd[0].sent(lines)
    crowd[1].sent(lines[::-1])
    await asyncio.gather(*(turns.flush() for turns in crowd))
    assert rows(database, "SELECT DISTINCT status FROM outbox") == [("delivered",)]
    for turns in crowd:
        await turns.close()


async def test_a_slow_turn_holds_its_conversation_and_no_transaction(database: Database) -> None:
    engine = TinyEngine()
    turns = tiny_turns(database, engine)
    mine = "datname = current_database() AND pid <> pg_backend_pid()"
    with engine.hold():
        slow = asyncio.create_task(turns.receive(UserMessage("rest", "ann", "slow", "m1")))
        await engine.has_begun(1)
        open_ones = f"SELECT count(*) FROM pg_stat_activity WHERE {mine} AND state LIKE '%in transaction%'"
        assert rows(database, open_ones) == [(0,)]
        assert rows(database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted") == [(1,)]
        assert not slow.done()
    await slow
    assert rows(database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]
    await turns.close()


def test_a_unit_of_work_sees_one_moment_and_refuses_to_write_until_it_says_so(database: Database) -> None:
    seen, note = text("SELECT count(*) FROM ledger"), text("INSERT INTO ledger VALUES ('k', 'tea')")
    with UnitOfWork(database) as unit:
        assert unit.session.scalar(seen) == 0
        with database.transaction() as other:
            other.execute(note)
        assert unit.session.scalar(seen) == 0
        unit.begin_writing()
        assert unit.session.scalar(seen) == 1
        unit.session.execute(note)
        unit.commit()
    assert rows(database, "SELECT count(*) FROM ledger") == [(2,)]
    with UnitOfWork(database) as unit, pytest.raises(DatabaseError, match="read-only"):
        unit.session.execute(note)


async def test_another_process_answers_what_one_accepted_before_it_died(database: Database) -> None:
    dead, alive = tiny_turns(database), tiny_turns(database)
    await dead.accept(UserMessage("rest", "ann", "buy tea", "m1"))
    assert await alive.recover() == 1
    assert rows(database, "SELECT status FROM inbox") == [("done",)]
    await dead.close()
    await alive.close()


async def test_nul_and_emoji_reach_postgresql_safely(database: Database) -> None:
    from bot.channels.base import make_message

    turns = tiny_turns(database)
    [line] = await turns.receive(make_message("rest", "ann", "hi\x00 🛒 你好", "m1", {"page": "a\x00"}, 4000))
    assert line.message.text == "You said hi 🛒 你好"
    await turns.close()


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_a_widget_on_one_process_hears_what_happens_on_another(kind: str, tmp_path: Path, postgres_url: str) -> None:
    url = postgres_url if kind == "postgresql" else f"sqlite:///{tmp_path}/kefu.db"
    with servers.redis() as redis_url:
        settings = Settings(
            database_url=url, redis_url=redis_url, api_token=SecretStr(API_TOKEN), session_secret=SecretStr("s" * 32)
        )
        with (
            TestClient(web_app(tiny_kefu(settings))) as here,
            TestClient(web_app(tiny_kefu(settings))) as there,
            hello(here) as (first, welcome),
            hello(there, welcome["session"]) as (second, _),
        ):
            say(first, "hello", "m1")
            assert [until(second, "message")["role"] for _ in range(2)] == ["user", "bot"]
            say(second, "person", "m2")
            assert until(first, "owner")["owner"] == "queue"
