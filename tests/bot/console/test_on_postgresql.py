"""The console's main flow on PostgreSQL: its SQL, its race and its audit are not SQLite's alone."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import DBAPIError

from bot.console.live.changes import changed_since
from bot.database import Database, open_database
from tests.bot import servers
from tests.bot.conftest import Serve
from tests.bot.console.conftest import Browser, another, make_agent
from tests.bot.console.filled_queue import conversation, fill_queue
from tests.bot.console.test_handling import JOE, write


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with servers.postgres() as started:
        yield started


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


def test_agents_sign_in_race_write_and_search(serve: Serve, url: str, database: Database) -> None:
    client = serve(database_url=url)
    anna, mei = (signed_in(client, database, name) for name in ("anna", "mei"))
    write(client, "hello")
    write(client, "person")
    race(anna, mei)
    owner = anna if anna.get("/queue?tab=mine").json()["items"] else mei
    seen = owner.get(f"/queue/{JOE}").json()["epoch"]
    said = {"epoch": seen, "text": "Hello, how can I help?", "key": uuid4().hex}
    for _ in range(2):
        assert owner.post(f"/conversations/{JOE}/say", said).json()["line"]["agent"]["id"] == owner.id
    assert owner.post(f"/conversations/{JOE}/notes", {"text": "a note"}).status_code == 201
    assert owner.write("PUT", f"/conversations/{JOE}/tags", {"tags": ["vip"]}).json() == {"tags": ["vip"]}
    assert owner.post(f"/conversations/{JOE}/seen", {"seq": 3}).status_code == 204
    kinds = [line["kind"] for line in owner.get(f"/conversations/{JOE}").json()["lines"]]
    assert kinds.count("agent") == 1 and {"customer", "bot", "note", "event"} <= set(kinds)
    assert opened(database) == [(owner.id, JOE)]
    found = owner.get("/queue?tab=everything&search=HOW can i help").json()["items"]
    assert [item["conversation_id"] for item in found] == [JOE]
    assert owner.get(f"/conversations/{JOE}/why/1").json()["turn"] == 1
    assert owner.post(f"/conversations/{JOE}/hand-back", {"epoch": seen, "note": "done"}).json()["owner"] == "bot"
    assert write(client, "thanks")[-1]["text"] == "You said thanks"


def opened(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        found = connection.exec_driver_sql("SELECT agent_id, target FROM console_audit WHERE operation = 'open'")
        return [(agent_id, target) for agent_id, target in found]


def signed_in(client: TestClient, database: Database, name: str) -> Browser:
    make_agent(database, f"{name}@shop.example")
    browser = Browser(another(client))
    assert browser.sign_in(f"{name}@shop.example", "wrong").status_code == 401
    assert browser.sign_in(f"{name}@shop.example").status_code == 200
    browser.write("PUT", "/me/presence", {"presence": "away"})  # so that nothing is offered by itself
    return browser


def race(*browsers: Browser) -> None:
    seen = browsers[0].get(f"/queue/{JOE}").json()["epoch"]

    def take(browser: Browser) -> Any:
        return browser.post(f"/conversations/{JOE}/take", {"epoch": seen})

    with ThreadPoolExecutor(len(browsers)) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(take, browsers))
    assert statuses == [200, 409]


def test_every_filter_and_order_is_understood(serve: Serve, url: str, database: Database) -> None:
    client = serve(database_url=url)
    browser = signed_in(client, database, "ida")
    fill_queue(database, 40)
    with database.transaction() as session:
        conversation(session.connection(), "web:late", time.time(), said=["退款 100% please"])
    shown: dict[str, Callable[[dict[str, Any]], object]] = {
        "channel=web": lambda item: item["channel"] == "web",
        "language=zh": lambda item: item["language"] == "zh",
        "mood=positive": lambda item: item["mood"]["label"] == "positive",
        "value=high": lambda item: item["value"] == "high",
        "sla=late": lambda item: item["sla"] and item["sla"]["state"] == "late",
        "tag=vip": lambda item: "vip" in item["tags"],
    }
    everything = browser.get("/queue?tab=all&limit=200").json()["items"]
    assert len(everything) >= 41
    for query, fits in shown.items():
        found = browser.get(f"/queue?tab=all&limit=200&{query}").json()["items"]
        assert {one["conversation_id"] for one in found} == {one["conversation_id"] for one in everything if fits(one)}
    for sort in ("waiting", "newest", "value", "sla", "mood"):
        page = browser.get(f"/queue?tab=all&limit=15&sort={sort}").json()
        rest = browser.get(f"/queue?tab=all&limit=200&sort={sort}&cursor={page['next_cursor']}").json()
        assert len({one["conversation_id"] for one in [*page["items"], *rest["items"]]}) == len(everything)
    for tab in ("mine", "unassigned", "snoozed", "resolved", "bot"):
        assert browser.get(f"/queue?tab={tab}").status_code == 200
    [hit] = browser.http.get("/console/api/queue", params={"tab": "everything", "search": "退款 100%"}).json()["items"]
    assert hit["conversation_id"] == "web:late"
    with database.read() as connection:
        assert "web:late" in (changed_since(connection, time.time() - 5, time.time()) or ())
    assert "kefu_queue" in client.get("/metrics").text


def test_the_audit_is_only_appended_to(serve: Serve, url: str, database: Database) -> None:
    client = serve(database_url=url)
    make_agent(database, "ada@shop.example", "admin")
    ada = Browser(another(client))
    ada.sign_in("ada@shop.example")
    assert ada.get("/admin/audit?operation=sign_in").json()["entries"]
    for statement in ("DELETE FROM console_audit", "UPDATE console_audit SET agent_id = 'x'"):
        with pytest.raises(DBAPIError), database.transaction() as session:
            session.connection().exec_driver_sql(statement)


def test_agents_see_what_concerns_them(serve: Serve, url: str, database: Database) -> None:
    browser = signed_in(serve(database_url=url, agents_see="own_and_waiting"), database, "uma")
    with database.transaction() as session:
        for name, skills in (("web:uma-can", '["cancel_order"]'), ("web:uma-cannot", '["return_items"]')):
            conversation(session.connection(), name, time.time(), skills=skills, said=[f"seen by uma in {name}"])
        session.connection().exec_driver_sql("""UPDATE agents SET skills = '["orders"]' WHERE name = 'Uma'""")
    found = browser.get("/queue?tab=everything&search=seen by uma").json()["items"]
    assert [item["conversation_id"] for item in found] == ["web:uma-can"]
    assert browser.get("/conversations/web:uma-can").status_code == 200
    assert browser.get("/conversations/web:uma-cannot").status_code == 404
