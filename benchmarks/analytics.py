"""How long the supervisors' pages take on a shop with 100,000 messages: reading the turns once, then each page.

python -m benchmarks.analytics [messages]
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
from sqlalchemy import Connection, text

from bot.console.analytics import exporting, overview
from bot.console.analytics.board import Now, board
from bot.console.analytics.catching_up import catch_up
from bot.console.analytics.figures import Moment
from bot.console.analytics.period import Period
from bot.console.analytics.reading import Filters, read_visits
from bot.database import Database, open_database, upgrade
from tests.bot.console.analytics.made_up import HOUR, ZONE, decision

DAYS = 60
CHANNELS = ("web", "line", "whatsapp", "wecom", "email")
INTENTS = ("track_order", "cancel_order", "return_item", "refund_status", "ask_payment", "out_of_scope", "greet")
TABLES = {
    "conversations": "id, channel, account, sender_id, language, customer_id, created_at, updated_at",
    "turns": "conversation_id, turn, events, decision, created_at",
    "inbox": "id, channel, account, message_id, conversation_id, seq, text, metadata, received_at, status, turn",
    "outbox": "conversation_id, seq, inbox_id, epoch, role, body, created_at, status",
    "handoffs": "conversation_id, state, reason, channel, requested_at, queued_at, ended_at, ended_as, epoch",
    "ratings": "conversation_id, turn, asked_at, score",
}
Rows = dict[str, list[dict[str, object]]]


def conversation(number: int, made: random.Random, first_inbox: int, now: float) -> Rows:
    """Three to eight messages, some weeks ago; one in ten goes to a person."""
    channel, sender = made.choice(CHANNELS), f"s{number}"
    key, language = f"{channel}:{sender}", made.choice(("en", "zh"))
    begin = now - made.random() * DAYS * 24 * HOUR
    customer = f"c{made.randrange(4000)}" if made.random() < 0.5 else None
    who = {"id": key, "channel": channel, "account": "", "sender_id": sender, "language": language}
    rows: Rows = {name: [] for name in TABLES}
    rows["conversations"].append({**who, "customer_id": customer, "created_at": begin, "updated_at": begin})
    for turn in range(1, made.randint(3, 8) + 1):
        at, inbox_id = begin + turn * 40, first_inbox + turn
        kind = made.choices(("rule", "fallback", "dont_know"), (0.9, 0.06, 0.04))[0]
        record = decision(made.choice(INTENTS), made.uniform(-0.7, 0.9), kind, language)
        events = [{"event": "user", "text": "where is my order?", "timestamp": at, "parse_data": {"pad": "x" * 900}}]
        said = {"conversation_id": key, "turn": turn}
        stored = {"events": orjson.dumps(events).decode(), "decision": orjson.dumps(record).decode()}
        rows["turns"].append({**said, **stored, "created_at": at + 0.1})
        message = {"id": inbox_id, "channel": channel, "account": "", "message_id": f"m{turn}", "seq": 2 * turn}
        rows["inbox"].append(
            {**said, **message, "text": "where is my order?", "metadata": "{}", "received_at": at, "status": "done"}
        )
        line = {"conversation_id": key, "seq": 2 * turn + 1, "inbox_id": inbox_id, "epoch": 0, "role": "bot"}
        rows["outbox"].append({**line, "body": '{"text":"Soon."}', "created_at": at + 0.1, "status": "delivered"})
    if made.random() < 0.1:
        opened = {"conversation_id": key, "state": "resolved", "reason": "asked", "channel": channel, "epoch": 2}
        times = {"requested_at": begin + 90, "queued_at": begin + 90, "ended_at": begin + 900, "ended_as": "resolved"}
        rows["handoffs"].append({**opened, **times})
    if made.random() < 0.2:
        rows["ratings"].append(
            {"conversation_id": key, "turn": 3, "asked_at": begin + 200, "score": made.choice((None, 1, 3, 4, 5, 5))}
        )
    return rows


def batches(messages: int, now: float) -> Iterator[Rows]:
    made, written, number, inbox_id = random.Random(5), 0, 0, 0
    while written < messages:
        batch: Rows = {name: [] for name in TABLES}
        for _ in range(500):
            for name, rows in conversation(number, made, inbox_id, now).items():
                batch[name] += rows
            number, inbox_id = number + 1, inbox_id + 10
        written += len(batch["turns"])
        yield batch


def fill(database: Database, messages: int, now: float) -> None:
    for batch in batches(messages, now):
        with database.transaction() as session:
            for name, columns in TABLES.items():
                if batch[name]:
                    values = ", ".join(f":{column.strip()}" for column in columns.split(","))
                    session.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({values})"), batch[name])


def timed(what: str, work: Callable[[], object]) -> None:
    """Also the processor's time: on a busy machine the clock says little."""
    started, busy = time.perf_counter(), time.process_time()
    work()
    print(f"{what:44} {time.perf_counter() - started:8.2f} s  ({time.process_time() - busy:.2f} s of a processor)")


def pages(connection: Connection, name: str, days: Period, moment: Moment) -> None:
    visits = read_visits(connection, days, Filters())
    timed(f"{len(visits):,} visits of {name}, read", lambda: read_visits(connection, days, Filters()))
    timed("  the page", lambda: overview.of(connection, visits, days, moment, "intent", "en"))
    timed("  as CSV", lambda: exporting.visits_csv(visits, moment, "en", ZONE))


def main(messages: int) -> None:
    now = time.time()
    moment = Moment(now)
    period = Period.of(None, None, ZONE, now)
    both = Period(period.first.fromordinal(period.last.toordinal() - DAYS), period.last, ZONE)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder)}/kefu.db", "OFF")
        upgrade(database)
        fill(database, messages, now)
        timed(f"{messages:,} messages into visits, once", lambda: catch_up(database))
        timed("nothing new", lambda: catch_up(database))
        with database.read() as connection:
            for name, days in (("30 days", period), (f"{DAYS} days", both)):
                pages(connection, name, days, moment)
            timed("the board", lambda: board(connection, Now(now, "today", now - 12 * HOUR, 300), []))
        database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
