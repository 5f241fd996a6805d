import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.answer import APOLOGY
from bot.console.conversations import Conversations
from bot.conversation import outbox, tracker_store
from bot.conversation.events import resumed
from bot.conversation.signing import GRACE_SECONDS
from bot.database import Database
from bot.messages import UserMessage
from tests.bot.tiny import TinyEngine, open_tiny_database, tiny_turns


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_tiny_database(tmp_path / "kefu.db")
    yield database
    database.close()


def said(words: str, message_id: str, sender: str = "ann", **metadata: object) -> UserMessage:
    return UserMessage("rest", sender, words, message_id, metadata=metadata)


def texts(lines: list[outbox.Line]) -> list[str | None]:
    return [line.message.text for line in lines]


def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


async def test_a_message_is_answered_and_all_of_its_turn_is_stored(database: Database) -> None:
    turns = tiny_turns(database)
    assert texts(await turns.receive(said("buy tea", "m1"))) == ["You said buy tea"]
    assert rows(database, "SELECT status, turn, seq FROM inbox") == [("done", 1, 1)]
    assert rows(database, "SELECT seq, role, status FROM outbox") == [(2, "bot", "pending")]
    assert rows(database, "SELECT key, what FROM ledger") == [("m1", "buy tea")]
    assert rows(database, "SELECT owner, epoch, last_seq, version, turns, language FROM conversations") == [
        ("bot", 0, 2, 1, 1, "en")
    ]
    with database.read() as connection:
        kinds = [event["event"] for event in tracker_store.events(connection, "rest:ann")]
        assert kinds == ["user", "slot", "slot", "bot"]
        assert tracker_store.decision(connection, "rest:ann", 1) is not None
        assert tracker_store.decision(connection, "rest:ann", 2) is None
    await turns.close()


async def test_the_same_message_delivered_twice_is_answered_once(database: Database) -> None:
    turns = tiny_turns(database)
    first, second = await asyncio.gather(turns.receive(said("buy tea", "m1")), turns.receive(said("buy tea", "m1")))
    third = await turns.receive(said("buy tea", "m1"))
    assert texts(first) == texts(second) == texts(third) == ["You said buy tea"]
    assert len(rows(database, "SELECT * FROM ledger")) == 1
    await turns.close()


async def test_two_customers_may_use_the_same_message_id(database: Database) -> None:
    turns = tiny_turns(database)
    assert texts(await turns.receive(said("my secret", "1", "ann"))) == ["You said my secret"]
    assert texts(await turns.receive(said("hello", "1", "bob"))) == ["You said hello"]
    await turns.close()


async def test_messages_of_one_customer_are_answered_in_order_and_one_at_a_time(database: Database) -> None:
    engine = TinyEngine()
    turns = tiny_turns(database, engine)
    accepted = [await turns.accept(said(f"slow {n}" if n == 0 else f"buy {n}", f"m{n}")) for n in range(6)]
    answers = await asyncio.gather(*(turns.finish(one) for one in reversed(accepted)))
    assert texts([line for lines in reversed(answers) for line in lines]) == [
        "You said slow 0",
        *(f"You said buy {n}" for n in range(1, 6)),
    ]
    assert [row[0] for row in rows(database, "SELECT what FROM ledger ORDER BY rowid")] == [
        f"buy {n}" for n in range(1, 6)
    ]
    assert engine.overlaps == 0
    await turns.close()


async def test_a_slow_customer_does_not_keep_another_waiting(database: Database) -> None:
    engine = TinyEngine()
    turns = tiny_turns(database, engine)
    with engine.hold():
        slow = asyncio.create_task(turns.receive(said("slow", "m1", "ann")))
        await engine.has_begun(1)
        await turns.receive(said("hi", "m1", "bob"))
        assert not slow.done()
    await slow
    await turns.close()


async def test_what_was_accepted_and_not_answered_is_answered_after_a_restart(database: Database) -> None:
    before = tiny_turns(database)
    await before.accept(said("buy tea", "m1"))
    await before.accept(said("hello", "m2"))
    await before.close()
    after = tiny_turns(database)
    assert await after.recover() == 1
    assert await after.recover() == 0
    assert texts(await after.receive(said("buy tea", "m1"))) == ["You said buy tea"]
    assert [row[0] for row in rows(database, "SELECT key FROM ledger")] == ["m1"]
    await after.close()


async def test_a_turn_that_keeps_failing_ends_in_an_apology_and_calls_a_person(database: Database) -> None:
    turns = tiny_turns(database)
    [line] = await turns.receive(said("break", "m1"))
    [(ticket,)] = rows(database, "SELECT ticket_number FROM tickets")
    assert "something went wrong on our side with that message, so I'm getting a colleague" in str(line.message.text)
    assert str(ticket) in str(line.message.text)
    assert rows(database, "SELECT status, attempts, error FROM inbox") == [("dead", 3, "RuntimeError")]
    assert rows(database, "SELECT owner FROM conversations") == [("queue",)]
    assert rows(database, "SELECT state, reason FROM handoffs") == [("requested", "model_down")]
    await turns.close()


async def test_a_conversation_that_keeps_failing_calls_people_no_more_than_so_often_a_day(database: Database) -> None:
    turns = tiny_turns(database)
    people = Conversations(turns)
    for number in range(3):
        await turns.receive(said("break", f"m{number}"))
        await turns.change("rest:ann", lambda unit: people.append(unit, "rest:ann", [resumed(time.time())]))
    assert texts(await turns.receive(said("break", "m9"))) == [APOLOGY["en"]]
    assert texts(await turns.receive(said("hello", "m10"))) == ["You said hello"]
    await turns.close()


async def test_an_empty_or_overlong_message_gets_a_polite_answer_in_the_customers_language(database: Database) -> None:
    turns = tiny_turns(database)
    [empty] = await turns.receive(said("", "m1", problem="empty", locale="zh-CN"))
    [long] = await turns.receive(said("长" * 50, "m2", problem="too_long"))
    assert "空" in (empty.message.text or "") and "太长" in (long.message.text or "")
    await turns.close()


async def test_handing_over_moves_owner_and_epoch_with_the_closing_line_and_then_the_bot_is_silent(
    database: Database,
) -> None:
    turns = tiny_turns(database)
    assert texts(await turns.receive(said("person", "m1"))) == ["You said person"]
    assert rows(database, "SELECT owner, epoch FROM conversations") == [("queue", 1)]
    assert rows(database, "SELECT epoch, status FROM outbox") == [(1, "pending")]
    assert await turns.receive(said("are you there?", "m2")) == []
    assert rows(database, "SELECT message_id, status FROM inbox") == [("m1", "done"), ("m2", "done")]
    await turns.close()


async def test_a_reply_not_yet_sent_is_refused_once_the_owner_has_changed(database: Database) -> None:
    turns = tiny_turns(database)
    await turns.receive(said("hello", "m1"))
    sent = await turns.receive(said("hi", "m2"))
    turns.sent(sent)
    await turns.receive(said("person", "m3"))
    assert rows(database, "SELECT epoch, status FROM outbox ORDER BY seq") == [
        (0, "refused"),
        (0, "delivered"),
        (1, "pending"),
    ]
    assert await turns.receive(said("hello", "m1")) == []
    assert texts(await turns.receive(said("hi", "m2"))) == ["You said hi"]
    await turns.close()


async def test_a_reply_that_was_on_its_way_when_the_owner_changed_stays_in_the_stream(database: Database) -> None:
    turns = tiny_turns(database)
    on_its_way = await turns.receive(said("hello", "m1"))
    await turns.receive(said("person", "m2"))
    assert rows(database, "SELECT status FROM outbox ORDER BY seq") == [("refused",), ("pending",)]
    turns.sent(on_its_way)
    await turns.flush()
    with database.read() as connection:
        stream = outbox.stream(connection, "rest:ann", after=0)
    assert texts(stream) == ["hello", "You said hello", "person", "You said person"]
    await turns.close()


async def test_slow_turns_keep_no_message_from_being_stored_and_nobody_from_reading(database: Database) -> None:
    engine = TinyEngine()
    turns = tiny_turns(database, engine, threads=2)
    with engine.hold():
        slow = [asyncio.create_task(turns.receive(said("slow", "m1", f"slow{n}"))) for n in range(2)]
        await engine.has_begun(2)
        accepted = await turns.accept(said("hello", "m1", "web"))
        waiting = asyncio.create_task(turns.receive(said("hello", "m1", "rest")))
        senders = [("rest",), ("slow0",), ("slow1",), ("web",)]
        async with asyncio.timeout(30):
            while await turns.run(rows, database, "SELECT sender_id FROM conversations ORDER BY sender_id") != senders:
                await asyncio.sleep(0.01)
        assert not any(turn.done() for turn in slow)
    assert texts(await turns.finish(accepted)) == texts(await waiting) == ["You said hello"]
    await asyncio.gather(*slow)
    await turns.close()


async def test_replies_that_nobody_fetched_come_first_with_the_next_and_once(database: Database) -> None:
    before = tiny_turns(database)
    heard = await before.receive(said("hello", "m1"), catch_up=True)
    before.sent(heard)
    await before.accept(said("first", "m2"))
    await before.accept(said("second", "m3"))
    await before.close()
    after = tiny_turns(database)
    await after.recover()
    caught_up = await after.receive(said("third", "m4"), catch_up=True)
    assert texts(caught_up) == ["You said first", "You said second", "You said third"]
    after.sent(caught_up)
    assert texts(await after.receive(said("third", "m4"), catch_up=True)) == texts(caught_up)
    assert texts(await after.receive(said("first", "m2"))) == ["You said first"]
    assert texts(await after.receive(said("fourth", "m5"), catch_up=True)) == ["You said fourth"]
    await after.close()


async def test_a_person_keeps_the_conversation_whoever_is_signed_in(database: Database) -> None:
    turns = tiny_turns(database)
    await turns.receive(said("person", "m1", signed_as="customer-1"))
    assert await turns.receive(said("hello?", "m2", signed_as=None)) == []
    assert await turns.receive(said("hello?", "m3", signed_as="customer-2")) == []
    assert rows(database, "SELECT owner, epoch, customer_id FROM conversations") == [("queue", 1, "customer-2")]
    await turns.close()


async def test_the_stream_numbers_both_sides_in_one_unbroken_order(database: Database) -> None:
    turns = tiny_turns(database)
    for number in range(3):
        await turns.receive(said(f"hello {number}", f"m{number}"))
    with database.read() as connection:
        stream = outbox.stream(connection, "rest:ann", after=2)
    assert [(line.seq, line.role) for line in stream] == [(3, "user"), (4, "bot"), (5, "user"), (6, "bot")]
    assert stream[1].message.buttons[0].title == "Again"
    await turns.close()


async def test_a_tracker_changed_by_another_process_is_read_again(database: Database) -> None:
    here, there = tiny_turns(database), tiny_turns(database)
    for number in range(4):
        await (here if number % 2 else there).receive(said("hello", f"m{number}"))
    with database.read() as connection:
        assert here.trackers.read(connection, "rest:ann").slot("heard") == 4
    await here.close()
    await there.close()


async def test_processes_that_race_for_a_message_answer_it_once(database: Database) -> None:
    crowd = [tiny_turns(database) for _ in range(4)]
    answers = await asyncio.gather(
        *(turns.receive(said("buy tea", f"m{n}")) for turns in crowd for n in range(10)), return_exceptions=False
    )
    assert all(len(lines) == 1 for lines in answers)
    assert len(rows(database, "SELECT * FROM ledger")) == 10
    assert rows(database, "SELECT COUNT(*), COUNT(DISTINCT inbox_id) FROM outbox") == [(10, 10)]
    for turns in crowd:
        await turns.close()


async def test_signing_in_sets_the_customer_and_signing_out_forgets_everything(database: Database) -> None:
    turns = tiny_turns(database)
    await turns.receive(said("hi", "m1", signed_as="sofia@example.com"))
    assert rows(database, "SELECT customer_id, signed_as FROM conversations") == [("customer-1", "sofia@example.com")]
    await turns.receive(said("hi", "m2"))
    assert rows(database, "SELECT customer_id FROM conversations") == [("customer-1",)]
    await turns.receive(said("hi", "m3", signed_as="customer-2"))
    assert rows(database, "SELECT customer_id FROM conversations") == [("customer-2",)]
    await turns.receive(said("hi", "m4", signed_as=None))
    assert rows(database, "SELECT customer_id, signed_as FROM conversations") == [(None, None)]
    with database.read() as connection:
        assert turns.trackers.read(connection, "rest:ann").slot("heard") == 1
    await turns.close()


async def test_a_signed_identity_lapses_a_while_after_its_token(database: Database) -> None:
    turns = tiny_turns(database)
    now = datetime.now(UTC)

    async def customer_after(seconds: float, **proven: object) -> object:
        at = now + timedelta(seconds=seconds)
        await turns.receive(UserMessage("rest", "ann", "hi", str(seconds), metadata=proven, received_at=at))
        return rows(database, "SELECT customer_id, signed_as FROM conversations")[0]

    signed = ("customer-1", "customer-1")
    until = now.timestamp() + 900
    assert await customer_after(0, signed_as="customer-1", signed_until=until) == signed
    assert await customer_after(800 + GRACE_SECONDS) == signed
    assert await customer_after(1000 + GRACE_SECONDS) == (None, None)
    with database.read() as connection:
        assert turns.trackers.read(connection, "rest:ann").slot("heard") == 1
    assert await customer_after(5000, signed_as="customer-1", signed_until=until + 5000) == signed
    assert await customer_after(5800 + GRACE_SECONDS) == signed
    await turns.close()


async def test_the_snapshot_and_so_a_turn_does_not_grow_with_the_conversation(database: Database) -> None:
    turns = tiny_turns(database)
    sizes = []
    for number in range(120):
        await turns.receive(said("hello", f"m{number}"))
        sizes.append(rows(database, "SELECT LENGTH(snapshot) FROM conversations")[0][0])
    assert sizes[119] <= sizes[40] * 1.1  # type: ignore[operator]
    await turns.close()
