"""Canned replies, files, what was not delivered, and the console's own files."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert

from bot.console.canned import filled
from bot.console.static import policy_for
from bot.conversation.schema import outbox
from bot.database import Database
from knowledge.shop.columns import utc_now
from knowledge.shop.demo.seeding import seed
from knowledge.shop.schema import CustomerRow
from tests.bot.console.conftest import API, Browser
from tests.bot.console.filled_queue import conversation

Browse = Callable[..., Browser]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
HELLO = {"shortcut": "hello", "title": "Hello", "text_en": "Hello {name}, I'm {agent}!", "text_zh": "{name}您好！"}


@pytest.fixture
def sam(browse: Browse) -> Browser:
    return browse("sam", "supervisor")


def upload(browser: Browser, name: str, content: bytes, conversation_id: str = "web:a") -> Any:
    path = f"{API}/conversations/{conversation_id}/files"
    headers = {"X-CSRF-Token": browser.csrf, "Content-Type": "application/json"}
    return browser.http.post(path, params={"name": name}, content=content, headers=headers)


# ---- canned replies ----


def test_canned_replies_are_written_by_supervisors_and_read_by_agents(anna: Browser, sam: Browser) -> None:
    assert anna.post("/canned", HELLO).status_code == 403
    made = sam.post("/canned", HELLO).json()
    assert sam.post("/canned", HELLO).json()["title"] == "In use"
    other = sam.post("/canned", {**HELLO, "shortcut": "hi"}).json()
    assert sam.write("PUT", f"/canned/{other['id']}", HELLO).json()["title"] == "In use"
    assert sam.write("PUT", f"/canned/{made['id']}", {**HELLO, "title": "Greeting"}).json()["title"] == "Greeting"
    assert [one["title"] for one in anna.get("/canned").json()] == ["Greeting", "Hello"]
    assert sam.write("DELETE", f"/canned/{other['id']}").status_code == 204
    assert sam.write("DELETE", f"/canned/{other['id']}").status_code == 404
    assert sam.post("/canned", {**HELLO, "shortcut": "no spaces"}).status_code == 422


def test_placeholders_are_filled_with_what_is_known(anna: Browser, sam: Browser, database: Database) -> None:
    sam.post("/canned", HELLO)
    with database.transaction() as session:
        seed(session, seed=7, customers=5, now=utc_now())
        customer = session.query(CustomerRow).filter(CustomerRow.locale == "en").first()
        assert customer is not None
        first = customer.first_name
        conversation(session.connection(), "web:a", time.time(), customer_id=customer.customer_id)
        conversation(session.connection(), "web:b", time.time(), language="zh")
    [known] = anna.get("/canned?conversation_id=web:a").json()
    [unknown] = anna.get("/canned?conversation_id=web:b").json()
    assert (known["text"], unknown["text"]) == (f"Hello {first}, I'm Anna!", "您好！")


@pytest.mark.parametrize(
    ("words", "values", "expected"),
    [
        ("Hello {name}!", {"name": "Ada"}, "Hello Ada!"),
        ("Hello {name}!", {}, "Hello!"),
        ("Thanks, {name}.", {"name": ""}, "Thanks."),
        ("{name}，您好", {}, "，您好"),
        ("Order {order} and {other}", {"order": "#W1"}, "Order #W1 and {other}"),
        ("{name}", {"name": "{agent}", "agent": "x"}, "{agent}"),
    ],
)
def test_what_is_unknown_is_left_out(words: str, values: dict[str, str], expected: str) -> None:
    assert filled(words, values) == expected


# ---- files ----


def test_a_file_goes_to_the_customer_and_can_be_fetched_by_agents_only(
    anna: Browser, client: TestClient, database: Database
) -> None:
    with database.transaction() as session:
        conversation(session.connection(), "web:a", time.time())
    kept = upload(anna, "photo.exe", PNG).json()
    assert (kept["kind"], kept["name"], kept["media_type"]) == ("image", "photo.exe.png", "image/png")
    seen = anna.get("/queue/web:a").json()["epoch"]
    said = {"epoch": seen, "text": "", "files": [kept["id"]], "key": uuid4().hex}
    line = anna.post("/conversations/web:a/say", said).json()["line"]
    assert [one["id"] for one in line["files"]] == [kept["id"]]
    got = anna.http.get(line["files"][0]["url"])
    assert got.content == PNG and got.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in got.headers["content-security-policy"]
    assert client.get(line["files"][0]["url"]).status_code == 401


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("page.html", b"<script>alert(1)</script>", 415), ("a.png", b"", 415), ("run.exe", b"MZ\x90\x00", 415)],
)
def test_what_a_computer_could_run_is_not_taken(
    anna: Browser, database: Database, name: str, content: bytes, status: int
) -> None:
    with database.transaction() as session:
        conversation(session.connection(), "web:a", time.time())
    answer = upload(anna, name, content)
    assert answer.status_code == status, answer.text


def test_a_file_of_another_conversation_is_not_sent(anna: Browser, database: Database) -> None:
    with database.transaction() as session:
        for name in ("web:a", "web:b"):
            conversation(session.connection(), name, time.time())
    kept = upload(anna, "a.png", PNG, "web:b").json()
    said = {"epoch": 1, "text": "look", "files": [kept["id"]], "key": uuid4().hex}
    assert anna.post("/conversations/web:a/say", said).status_code == 422
    assert upload(anna, "a.png", PNG, "web:nobody").status_code == 404
    assert anna.get("/files/999").status_code == 404


# ---- what was not delivered ----


def test_what_failed_is_listed_and_sent_again(sam: Browser, anna: Browser, database: Database) -> None:
    with database.transaction() as session:
        conversation(session.connection(), "web:a", time.time())
        row = {"conversation_id": "web:a", "seq": 9, "epoch": 0, "role": "agent", "body": '{"text":"hello"}'}
        lost = insert(outbox).values(**row, created_at=time.time(), status="dead").returning(outbox.c.id)
        number = session.connection().execute(lost).scalar_one()
    assert anna.get("/admin/deliveries").status_code == 403
    [shown] = sam.get("/admin/deliveries?state=dead").json()
    assert (shown["outbox_id"], shown["conversation_id"], shown["text"]) == (number, "web:a", "hello")
    assert sam.get("/admin/deliveries?state=unsure").json() == []
    assert sam.post(f"/admin/deliveries/{number}/retry").status_code == 204
    assert sam.get("/admin/deliveries").json() == []
    assert sam.post(f"/admin/deliveries/{number}/retry").status_code == 404
    with database.read() as connection:
        found = connection.execute(outbox.select().where(outbox.c.id == number)).mappings().one()
    assert (found["status"], found["epoch"]) == ("pending", 1)


# ---- the console's own files ----


def test_the_pages_let_nothing_of_other_sites_in(client: TestClient) -> None:
    page = client.get("/console/")
    policy = page.headers["content-security-policy"]
    assert page.status_code == 200 and policy == policy_for(page.text)
    assert "'sha256-" in policy and "unsafe" not in policy
    assert client.get("/console", follow_redirects=False).headers["location"] == "/console/"
    for address in ("https://", "http://"):
        outside = [line for line in page.text.splitlines() if address in line]
        assert outside == []


def test_files_are_asked_for_again_and_not_sent_again(client: TestClient) -> None:
    first = client.get("/console/app.js")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/console/app.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    modules = sorted(Path("bot/web/console/vendor").glob("*.mjs"))
    assert modules
    for path in modules:
        served = client.get(f"/console/vendor/{path.name}")
        assert served.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("path", ["/console/../settings.py", "/console/%2e%2e/%2e%2e/settings.py", "/console/nothing"])
def test_nothing_beside_them_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_what_is_chosen_from_is_listed(anna: Browser, database: Database) -> None:
    with database.transaction() as session:
        conversation(session.connection(), "telegram:a", time.time())
    assert anna.get("/channels").json() == ["telegram"]
    assert anna.get("/skills").json() == [] and anna.get("/articles").json() == []
    [me] = anna.get("/people").json()
    assert (me["name"], me["load"], me["is_present"]) == ("Anna", 0, False)
