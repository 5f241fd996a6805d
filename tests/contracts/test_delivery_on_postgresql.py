"""Two processes' worth of Kefu on one real PostgreSQL: each line is sent by one of them, in order."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.app import web_app
from bot.conversation.schema import metadata
from bot.settings import Settings
from knowledge.shop.schema import Base
from tests.bot import servers
from tests.bot.tiny import tiny_kefu
from tests.contracts.conftest import Bench, platform_of
from tests.contracts.emulator import Emulator, running

NAME = "telegram"
SENDERS, EACH = 3, 6


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    with servers.postgres() as url:
        yield url


def test_each_line_is_sent_once_and_in_order(postgres_url: str) -> None:
    platform = platform_of(NAME)
    with ExitStack() as stack:
        emulator = stack.enter_context(running(Emulator(platform.answer)))
        values = {field: SecretStr(value) for field, value in platform.settings(emulator.url).items()}
        benches = []
        for _ in range(2):
            kefu = tiny_kefu(Settings(database_url=postgres_url, channels={NAME: values}))
            client = stack.enter_context(TestClient(web_app(kefu), raise_server_exceptions=False))
            benches.append(Bench(NAME, kefu, client, emulator))
        for number in range(SENDERS * EACH):
            for bench in benches:  # each delivery arrives at both
                assert bench.say(f"words {number}", number, sender=f"guest{number % SENDERS}").status_code == 200
        heard = benches[0].heard(SENDERS * EACH, 20)
        until_settled(benches[0])
        for guest in range(SENDERS):
            theirs = [
                text.split("\n")[0] for text in heard if int(text.split("words ")[1].split()[0]) % SENDERS == guest
            ]
            assert theirs == [f"You said words {number}" for number in range(guest, SENDERS * EACH, SENDERS)]
        with benches[0].kefu.database.read() as connection:
            found = compare_metadata(MigrationContext.configure(connection), [Base.metadata, metadata])  # type: ignore[arg-type]
        assert [change for change in found if "ledger" not in str(change)] == []


def until_settled(bench: Bench) -> None:
    end = time.monotonic() + 10
    while (left := bench.rows("SELECT DISTINCT status FROM outbox")) != [("delivered",)]:
        assert time.monotonic() < end, left
        time.sleep(0.05)
