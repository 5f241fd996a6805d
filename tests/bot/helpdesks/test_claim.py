"""A case is told by one process at a time, however long that takes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.conversation import inbox
from bot.database import Database
from bot.helpdesks import links
from bot.helpdesks.helpdesk import Said
from bot.helpdesks.telling import Telling
from bot.helpdesks.webhook import Webhook
from bot.messages import UserMessage
from bot.messaging.links import Links
from tests.bot.tiny import open_tiny_database

NOW = 1_800_000_000.0


class Slow(Webhook):
    """Takes its time over each line; meanwhile another process looks whether there is something to tell."""

    def __init__(self, database: Database) -> None:
        super().__init__("http://desk.test", [])
        self.database = database
        self.now = NOW
        self.lines: list[str] = []
        self.claims: list[links.Link | None] = []

    async def tell(self, http: httpx.AsyncClient, case: str, said: Said) -> None:  # noqa: ARG002
        self.lines.append(said.text)
        self.now += links.CLAIM_SECONDS - 1
        with self.database.writing() as connection:
            self.claims.append(links.claim(connection, 1, self.name, self.now))
            connection.commit()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """With a case that is open, and three lines of the customer's that it does not know."""
    opened = open_tiny_database(tmp_path / "kefu.db")
    with opened.writing() as connection:
        for number in range(3):
            inbox.store(connection, UserMessage("rest", "ann", f"line {number}", f"m{number}"))
        connection.exec_driver_sql("UPDATE inbox SET received_at = 1")
        connection.exec_driver_sql(
            "INSERT INTO handoffs (id, conversation_id, state, reason, channel, requested_at, queued_at, epoch)"
            " VALUES (1, 'rest:ann', 'requested', 'asked', 'rest', 1, 1, 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO helpdesk_links (handoff_id, target, external_id, state) VALUES (1, 'webhook', 'case', 'open')"
        )
        connection.commit()
    yield opened
    opened.close()


def test_another_process_does_not_begin_while_line_after_line_is_told(database: Database) -> None:
    desk = Slow(database)

    async def run(work: Any, *given: Any) -> Any:
        return work(*given)

    async def play() -> None:
        async with httpx.AsyncClient() as http:
            files = Links("a-secret-of-tests", None)
            await Telling(database, desk, None, files, http, run, lambda: desk.now).round()  # type: ignore[arg-type]

    asyncio.run(play())
    assert desk.lines == ["line 0", "line 1", "line 2"] and desk.claims == [None] * 3
    with database.read() as connection:
        row = connection.exec_driver_sql("SELECT seen_seq, tries, claimed_until FROM helpdesk_links").one()
    assert tuple(row) == (3, 0, None)
