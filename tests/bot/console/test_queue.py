import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, text

from bot.console.queue.items import Listing
from bot.console.queue.search import Search
from bot.conversation.schema import outbox
from bot.database import Database
from tests.bot.console.conftest import Browser
from tests.bot.console.filled_queue import conversation, fill_queue

LISTING = Listing(300.0, {})
Browse = Callable[..., Browser]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def ids(answer: dict[str, Any]) -> list[str]:
    return [item["conversation_id"] for item in answer["items"]]


def test_an_item_tells_what_an_agent_chooses_by(anna: Browser, database: Database) -> None:
    now = time.time()
    with database.transaction() as session:
        conversation(session.connection(), "web:a", now - 200, agent_id=anna.id, state="agent", priority="high")
    [item] = anna.get("/queue?tab=mine").json()["items"]
    assert item["state"] == "agent" and item["agent"] == {"id": anna.id, "name": "Anna"}
    assert item["mood"] == {"label": "negative", "score": -0.6}
    assert item["last"]["text"] == "message 2 of web:a"
    assert (item["unread"], item["value"], item["tags"]) == (2, "high", ["refund"])
    assert item["sla"]["due_at"] == pytest.approx(item["waiting_since"] + 150)
    assert item["sla"]["state"] == "late"


def test_what_was_said_last_is_no_line_about_who_answers(anna: Browser, database: Database) -> None:
    """Else everybody who waits would be listed with the same words."""
    notice = {"body": '{"text":"A colleague is asked.","notice":"waiting"}', "role": "bot", "status": "delivered"}
    with database.transaction() as session:
        conversation(session.connection(), "web:a", time.time() - 200, answered="Which order?")
        session.execute(insert(outbox).values(conversation_id="web:a", seq=9, epoch=1, created_at=1.0, **notice))
    [item] = anna.get("/queue?tab=unassigned").json()["items"]
    assert item["last"]["text"] == "Which order?"


def test_each_tab_holds_what_its_name_says(anna: Browser, hire: Callable[..., str], database: Database) -> None:
    now, mei = time.time(), hire("mei@shop.example")
    with database.transaction() as session:
        make = session.connection()
        conversation(make, "web:waits", now - 50)
        conversation(make, "web:offered", now - 40, state="offered", offered_to=anna.id)
        conversation(make, "web:meis", now - 35, state="offered", offered_to=mei)
        conversation(make, "web:mine", now - 30, state="agent", agent_id=anna.id)
        conversation(make, "web:wrapup", now - 25, state="wrapup", agent_id=anna.id)
        conversation(make, "web:snoozed", now - 20, state="snoozed", agent_id=anna.id)
        conversation(make, "web:done", now - 10, state="resolved", agent_id=anna.id, ended_at=now)
        conversation(make, "web:bots", now - 5, state=None)
        conversation(make, "web:nobodys", now - 5, state="failed", ended_at=now)
    expected = {
        "mine": ["web:mine", "web:offered", "web:wrapup"],
        "unassigned": ["web:waits", "web:offered", "web:meis"],
        "all": ["web:waits", "web:offered", "web:meis", "web:mine", "web:wrapup", "web:snoozed"],
        "snoozed": ["web:snoozed"],
        "resolved": ["web:done"],
        "bot": ["web:bots", "web:nobodys"],
    }
    answers = {tab: anna.get(f"/queue?tab={tab}").json() for tab in expected}
    assert {tab: sorted(ids(answer)) for tab, answer in answers.items()} == {
        tab: sorted(names) for tab, names in expected.items()
    }
    assert answers["mine"]["counts"] == {"mine": 3, "unassigned": 3, "all": 6, "snoozed": 1, "resolved": 1}


def test_the_filters_agree_with_what_is_shown(anna: Browser, database: Database) -> None:
    """Each filter gives exactly those of the unfiltered list that show its value."""
    fill_queue(database, 60)
    everything = anna.get("/queue?tab=all&limit=200").json()["items"]
    assert len(everything) == 60
    shown: dict[str, Callable[[dict[str, Any]], object]] = {
        "channel": lambda item: item["channel"],
        "language": lambda item: item["language"],
        "mood": lambda item: item["mood"]["label"],
        "value": lambda item: item["value"],
        "sla": lambda item: item["sla"] and item["sla"]["state"],
        "intent": lambda item: item["intent"],
    }
    for name, value_of in shown.items():
        values = {value for item in everything if (value := value_of(item))}
        assert len(values) > 1, name
        for value in values:
            found = ids(anna.get(f"/queue?tab=all&limit=200&{name}={value}").json())
            assert sorted(found) == sorted(i["conversation_id"] for i in everything if value_of(i) == value), (
                name,
                value,
            )
    tagged = ids(anna.get("/queue?tab=all&limit=200&tag=refund").json())
    assert sorted(tagged) == sorted(item["conversation_id"] for item in everything if "refund" in item["tags"]) != []


@pytest.mark.parametrize("sort", ["waiting", "newest", "value", "sla", "mood"])
def test_pages_follow_each_other_without_gaps_in_every_order(anna: Browser, database: Database, sort: str) -> None:
    fill_queue(database, 45)
    whole = ids(anna.get(f"/queue?tab=all&limit=200&sort={sort}").json())
    paged, cursor = [], ""
    while cursor is not None:
        answer = anna.get(f"/queue?tab=all&limit=10&sort={sort}&cursor={cursor}").json()
        paged += ids(answer)
        cursor = answer["next_cursor"]
    assert paged == whole and len(set(whole)) == 45


def test_who_waits_longest_comes_first(anna: Browser, database: Database) -> None:
    fill_queue(database, 20)
    waits = [item["waiting_since"] for item in anna.get("/queue?tab=unassigned").json()["items"]]
    assert waits == sorted(waits) and len(waits) > 5


@pytest.mark.parametrize("cursor", ["x", "!!!", "W10", "bnVsbA"])
def test_a_cursor_that_was_not_made_here_is_refused(anna: Browser, cursor: str) -> None:
    answer = anna.get(f"/queue?cursor={cursor}")
    assert (answer.status_code, answer.json()["title"]) == (422, "Unprocessable request")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("blue teapot", ["web:a"]),
        ("BLUE Teapot", ["web:a"]),
        ("退款", ["web:b"]),
        ("we are sorry", ["web:b"]),
        ("100%", ["web:c"]),
        ("under_score", ["web:c"]),
        ("underXscore", []),
        ("web:c", ["web:c"]),
        ("' OR 1=1 --", []),
        ("text", []),
        ("nothing like this", []),
    ],
)
def test_search_looks_through_what_both_sides_said(
    anna: Browser, database: Database, words: str, found: list[str]
) -> None:
    now = time.time()
    with database.transaction() as session:
        make = session.connection()
        conversation(make, "web:a", now, said=["Where is my blue teapot?"])
        conversation(make, "web:b", now, said=["我要退款"], answered="Oh, we are sorry!")
        conversation(make, "web:c", now, state=None, said=["is it 100% cotton, under_score?"])
    answer = anna.http.get("/console/api/queue", params={"tab": "everything", "search": words}).json()
    assert sorted(ids(answer)) == found


def test_reading_makes_messages_seen_for_that_agent_only(browse: Browse, database: Database) -> None:
    anna, mei = browse("anna"), browse("mei")
    with database.transaction() as session:
        conversation(session.connection(), "web:a", time.time())
    for seq, left in ((1, 1), (3, 0), (2, 0)):
        assert anna.post("/conversations/web:a/seen", {"seq": seq}).status_code == 204
        assert anna.get("/queue/web:a").json()["unread"] == left
    assert mei.get("/queue/web:a").json()["unread"] == 2


def test_200_open_conversations_take_four_statements_and_no_time(anna: Browser, database: Database) -> None:
    fill_queue(database, 200)
    with statements(database.engine) as seen, database.read() as connection:
        items, _ = LISTING.page(connection, Search(limit=200), anna.id)
    assert len(items) == 200 and len(seen) <= 4
    with statements(database.engine) as fewer, database.read() as connection:
        LISTING.page(connection, Search(limit=10), anna.id)
    assert len(fewer) == len(seen), "however many there are, the statements are the same"
    started = time.process_time()
    for _ in range(5):
        with database.read() as connection:
            LISTING.page(connection, Search(limit=200), anna.id)
    assert (time.process_time() - started) / 5 < 0.25
    started = time.process_time()
    assert len(anna.get("/queue?tab=all&limit=50").json()["items"]) == 50
    assert time.process_time() - started < 0.5


def test_the_metrics_tell_how_the_queue_stands(anna: Browser, database: Database) -> None:
    with database.transaction() as session:
        conversation(session.connection(), "web:a", time.time() - 120)
    shown = anna.http.get("/metrics").text
    assert 'kefu_queue{state="requested"} 1.0' in shown
    [waiting] = [line for line in shown.splitlines() if line.startswith("kefu_queue_longest_wait_seconds ")]
    assert 119 < float(waiting.split()[1]) < 200


def test_sentences_of_sql_are_words_here(anna: Browser, database: Database) -> None:
    fill_queue(database, 3)
    for name in ("channel", "language", "mood", "tag", "intent", "agent", "search"):
        answer = anna.http.get("/console/api/queue", params={name: "x' OR '1'='1"})
        assert answer.json()["items"] == [], name
    with database.read() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM conversations")).scalar() == 3
