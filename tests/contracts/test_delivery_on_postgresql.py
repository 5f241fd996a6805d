"""Two processes' worth of Kefu on one real PostgreSQL: each line is sent by one of them, in order."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.app import web_app
from bot.conversation import attachments, cursors, receipts
from bot.conversation.schema import metadata
from bot.settings import Settings
from knowledge.shop.schema import Base
from tests.bot import servers
from tests.bot.tiny import tiny_kefu
from tests.contracts.conftest import Bench, platform_of
from tests.contracts.platform import PICTURE, PUBLIC_URL
from tests.contracts.test_attachments import holding, send
from tests.contracts.test_delivery import until

NAME = "telegram"
SENDERS, EACH = 3, 6


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    with servers.postgres() as url:
        yield url


@contextmanager
def two_of(name: str, postgres_url: str) -> Iterator[list[Bench]]:
    """Two processes' worth of Kefu with the platform's API between them."""
    platform = platform_of(name)
    with ExitStack() as stack:
        emulator = stack.enter_context(platform.running())
        values = {field: SecretStr(value) for field, value in platform.settings(emulator.url).items()}
        benches = []
        for _ in range(2):
            kefu = tiny_kefu(Settings(database_url=postgres_url, public_url=PUBLIC_URL, channels={name: values}))
            client = stack.enter_context(TestClient(web_app(kefu), raise_server_exceptions=False))
            benches.append(Bench(name, kefu, client, emulator))
        yield benches


def test_each_line_is_sent_once_and_in_order(postgres_url: str) -> None:
    with two_of(NAME, postgres_url) as benches:
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


def test_files_are_kept_once_and_receipts_apply_in_any_order(postgres_url: str) -> None:
    with two_of("webhook", postgres_url) as benches:
        one, other = benches
        holding(one)
        for bench in benches:
            send(bench)
        until(lambda: one.rows("SELECT status FROM attachments") == [("stored",)])
        assert [bytes(row[0]) for row in one.rows("SELECT content FROM attachment_contents")] == [PICTURE]
        until(lambda: bool(one.rows("SELECT 1 FROM delivery_parts WHERE channel = 'webhook'")))
        [(platform_id,)] = one.rows("SELECT platform_id FROM delivery_parts WHERE channel = 'webhook'")
        for number, state in enumerate(("read", "delivered"), 50):
            told = one.platform.report(platform_id, state, number, time.time())  # type: ignore[arg-type]
            assert told and other.deliver(told).status_code == 200
        assert one.rows("SELECT state FROM delivery_parts WHERE channel = 'webhook'") == [("read",)]
        dead = one.platform.report("nobody's", "failed", 60, time.time())
        assert dead and other.deliver(dead).status_code == 200
        with one.kefu.database.writing() as connection:
            attachments.forget(connection, 1, time.time() + 3 * 86_400)
            receipts.forget_unclaimed(connection, time.time() + 3 * 86_400)
            connection.commit()
        assert one.rows("SELECT status FROM attachments") == [("expired",)]
        assert one.rows("SELECT * FROM attachment_contents") == []
        assert len(one.rows("SELECT * FROM delivery_parts WHERE channel = 'webhook'")) == 1


def test_one_of_two_holds_a_cursor(postgres_url: str) -> None:
    with two_of(NAME, postgres_url) as benches, benches[0].kefu.database.writing() as connection:
        assert cursors.hold(connection, "mailbox", "a", 1.0) and not cursors.hold(connection, "mailbox", "b", 2.0)
        cursors.advance(connection, "mailbox", "a", "7", 3.0)
        cursors.release(connection, "mailbox", "a")
        held = cursors.hold(connection, "mailbox", "b", 4.0)
        assert held and held.cursor == "7"


def until_settled(bench: Bench) -> None:
    end = time.monotonic() + 10
    while (left := bench.rows("SELECT DISTINCT status FROM outbox")) != [("delivered",)]:
        assert time.monotonic() < end, left
        time.sleep(0.05)
