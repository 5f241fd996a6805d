"""Reports of platforms come late, twice and in any order; a line is as far as its part that is least far."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.conversation import deliveries, inbox, outbox, receipts
from bot.database import open_database, upgrade
from bot.messages import BotMessage, UserMessage
from bot.messaging.channel import Receipt

TALK = "pager:ann"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    upgrade(database)
    with database.writing() as connection:
        yield connection
    database.close()


def sent(connection: Connection, *platform_ids: str) -> int:
    """A line whose parts the platform called so."""
    accepted = inbox.store(connection, UserMessage("pager", "ann", "hi", platform_ids[0]))
    [line] = outbox.put(
        connection, outbox.Batch(TALK, [BotMessage(text="hello")], accepted.seq + 1, 0, accepted.inbox_id), 5.0
    )
    assert line.outbox_id
    deliveries.claim(connection, TALK, remembers_seconds=0, now=6.0)
    for part, platform_id in enumerate(platform_ids):
        deliveries.part_done(connection, line.outbox_id, part, platform_id, 7.0)
        receipts.note_part(connection, "pager", platform_id, line.outbox_id, part, 7.0)
    deliveries.end(connection, line.outbox_id, "delivered")
    return line.outbox_id


def state(connection: Connection, outbox_id: int) -> str:
    return receipts.receipts_of(connection, TALK)[outbox_id].state


@pytest.mark.parametrize("order", [["delivered", "read"], ["read", "delivered"]])
def test_the_furthest_report_counts_in_whatever_order_they_come(connection: Connection, order: list[str]) -> None:
    line = sent(connection, "a")
    for word in [*order, *order]:
        receipts.apply(connection, "pager", [Receipt("a", word)], 9.0)  # type: ignore[arg-type]
    assert state(connection, line) == "read"


def test_a_line_is_read_when_all_its_parts_are(connection: Connection) -> None:
    line = sent(connection, "a", "b")
    assert state(connection, line) == "sent"
    assert receipts.apply(connection, "pager", [Receipt("a", "read")], 9.0) == {TALK}
    assert state(connection, line) == "sent"
    receipts.apply(connection, "pager", [Receipt("b", "delivered")], 9.0)
    assert state(connection, line) == "delivered"


def test_a_report_that_overtakes_the_answer_to_our_call_counts(connection: Connection) -> None:
    assert receipts.apply(connection, "pager", [Receipt("a", "read")], 5.0) == set()
    assert state(connection, sent(connection, "a")) == "read"


def test_a_part_that_failed_makes_the_line_dead_with_the_reason(connection: Connection) -> None:
    line = sent(connection, "a", "b")
    receipts.apply(connection, "pager", [Receipt("b", "failed", "131047: the window is closed")], 9.0)
    known = receipts.receipts_of(connection, TALK)[line]
    assert (known.state, known.why) == ("failed", "131047: the window is closed")
    receipts.apply(connection, "pager", [Receipt("a", "read"), Receipt("b", "delivered")], 10.0)
    assert state(connection, line) == "failed"


def test_a_failure_that_overtakes_the_end_of_the_line_makes_it_dead(connection: Connection) -> None:
    receipts.apply(connection, "pager", [Receipt("b", "failed", "blocked")], 5.0)
    assert state(connection, sent(connection, "a", "b")) == "failed"


def test_what_has_arrived_does_not_fail_any_more(connection: Connection) -> None:
    line = sent(connection, "a")
    receipts.apply(connection, "pager", [Receipt("a", "delivered"), Receipt("a", "failed", "late")], 9.0)
    assert state(connection, line) == "delivered"


def test_another_channels_ids_are_not_ours_and_reports_of_nobodys_messages_are_forgotten(
    connection: Connection,
) -> None:
    line = sent(connection, "a")
    assert receipts.apply(connection, "telegraph", [Receipt("a", "failed")], 9.0) == set()
    assert state(connection, line) == "sent"
    receipts.forget_unclaimed(connection, 9.0 + receipts.UNCLAIMED_SECONDS + 1)
    left = connection.exec_driver_sql("SELECT channel FROM delivery_parts").all()
    assert left == [("pager",)]
