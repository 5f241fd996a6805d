"""Agents at work on conversations that customers really had with the (tiny) bot, over REST."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import DBAPIError

from bot.database import Database
from tests.bot.console.conftest import Browser

Browse = Callable[..., Browser]
JOE = "rest:joe"
SCRIPT = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def write(client: TestClient, words: str, sender: str = "joe") -> list[dict[str, Any]]:
    answer = client.post("/webhooks/rest/webhook", json={"sender": sender, "message": words})
    return list(answer.json())


@pytest.fixture
def called(client: TestClient) -> TestClient:
    """A customer who has asked for a person."""
    write(client, "hello")
    write(client, "person")
    return client


def epoch(browser: Browser, conversation_id: str = JOE) -> int:
    return int(browser.get(f"/queue/{conversation_id}").json()["epoch"])


def act(browser: Browser, what: str, **more: Any) -> Any:
    return browser.post(f"/conversations/{JOE}/{what}", {"epoch": epoch(browser), **more})


def say(browser: Browser, words: str, **more: Any) -> Any:
    return act(browser, "say", text=words, **{"key": uuid4().hex, **more})


def lines(browser: Browser, kind: str) -> list[dict[str, Any]]:
    return [line for line in browser.get(f"/conversations/{JOE}").json()["lines"] if line["kind"] == kind]


@pytest.mark.usefixtures("called")
def test_an_agent_takes_answers_and_hands_back(anna: Browser, client: TestClient) -> None:
    assert act(anna, "take").json()["state"] == "agent"
    said = say(anna, "Hello, Anna here").json()
    assert (said["line"]["kind"], said["line"]["text"]) == ("agent", "Hello, Anna here")
    assert said["line"]["agent"] == {"id": anna.id, "name": "Anna"}
    assert write(client, "are you there?")[:0] == []
    assert act(anna, "hand-back", note="all done").json()["owner"] == "bot"
    assert write(client, "thanks")[-1]["text"] == "You said thanks"
    kinds = [line["event"]["name"] for line in lines(anna, "event")]
    assert kinds == ["request", "take", "hand_back"]


@pytest.mark.usefixtures("called")
def test_of_two_who_take_at_once_one_has_it_and_the_other_is_told_who(browse: Browse) -> None:
    browsers = {name: browse(name) for name in ("anna", "mei")}
    seen = epoch(browsers["anna"])

    def take(browser: Browser) -> Any:
        return browser.post(f"/conversations/{JOE}/take", {"epoch": seen})

    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(browsers, pool.map(take, browsers.values()), strict=True))
    assert sorted(answer.status_code for answer in answers.values()) == [200, 409]
    [winner] = [name for name, answer in answers.items() if answer.status_code == 200]
    [loser] = [answer.json() for answer in answers.values() if answer.status_code == 409]
    assert loser["title"] == "Taken" and winner.title() in loser["detail"]
    assert browsers["mei"].get(f"/queue/{JOE}").json()["agent"]["name"] == winner.title()


@pytest.mark.usefixtures("called")
def test_who_has_lost_it_cannot_go_on_writing(browse: Browse) -> None:
    anna, mei, sam = browse("anna"), browse("mei"), browse("sam", "supervisor")
    act(anna, "take")
    before = epoch(anna)
    assert act(sam, "transfer", note="for Mei").json()["state"] == "requested"
    assert act(mei, "take").status_code == 200
    late = anna.post(f"/conversations/{JOE}/say", {"epoch": before, "text": "one more thing", "key": uuid4().hex})
    assert late.status_code == 409 and "Mei" in late.json()["detail"]
    assert [line["text"] for line in lines(mei, "agent")] == []


@pytest.mark.usefixtures("called")
def test_a_supervisor_takes_a_colleagues_conversation_and_the_audit_tells(browse: Browse, admin: Browser) -> None:
    anna, mei, sam = browse("anna"), browse("mei"), browse("sam", "supervisor")
    act(anna, "take")
    before = epoch(anna)
    assert act(mei, "take-over").status_code == 403
    assert sam.post(f"/conversations/{JOE}/take-over", {"epoch": before - 1}).status_code == 409
    assert act(sam, "take-over").json()["agent"]["name"] == "Sam"
    late = anna.post(f"/conversations/{JOE}/say", {"epoch": before, "text": "one more thing", "key": uuid4().hex})
    assert late.status_code == 409 and "Sam" in late.json()["detail"]
    assert say(sam, "Hello, I am Anna's supervisor").status_code == 200
    [entry] = admin.get("/admin/audit?operation=take_over").json()["entries"]
    assert (entry["target"], entry["actor"]["name"]) == (JOE, "Sam")


@pytest.mark.usefixtures("called")
def test_the_same_key_says_nothing_twice(anna: Browser) -> None:
    act(anna, "take")
    key = uuid4().hex
    first, second = (say(anna, "only once", key=key).json() for _ in range(2))
    assert first["line"]["key"] == second["line"]["key"]
    assert [line["text"] for line in lines(anna, "agent")] == ["only once"]


def test_writing_into_the_bots_conversation_takes_it_over(anna: Browser, client: TestClient) -> None:
    write(client, "hello")
    said = say(anna, "Let me help").json()
    assert (said["item"]["owner"], said["item"]["agent"]["name"]) == ("agent", "Anna")
    assert write(client, "hello again") == [] or write(client, "x")[-1:] == []


@pytest.mark.usefixtures("called")
@pytest.mark.parametrize("what", ["hand-back", "snooze", "wrap-up", "resolve", "transfer"])
def test_a_colleagues_conversation_is_left_alone(browse: Browse, what: str) -> None:
    anna, mei = browse("anna"), browse("mei")
    act(anna, "take")
    answer = act(mei, what, until=4e9, note="")
    assert answer.status_code == 409 and "Anna" in answer.json()["detail"]


@pytest.mark.usefixtures("called")
def test_an_outdated_view_changes_nothing(anna: Browser) -> None:
    answer = anna.post(f"/conversations/{JOE}/take", {"epoch": epoch(anna) - 1})
    assert answer.status_code == 409
    assert anna.get(f"/queue/{JOE}").json()["state"] == "requested"


@pytest.mark.parametrize("what", ["take", "decline", "hand-back", "transfer", "wake", "wrap-up", "resolve", "notes"])
def test_a_conversation_nobody_began_is_not_found(anna: Browser, what: str) -> None:
    answer = anna.post(f"/conversations/rest:nobody/{what}", {"epoch": 0, "text": "x"})
    assert (answer.status_code, answer.json()["title"]) == (404, "Not found")


def test_what_a_customer_writes_stays_text(anna: Browser, client: TestClient) -> None:
    """As JSON it is no page, whatever stands in it; the console's policy lets no inline script run besides."""
    write(client, SCRIPT)
    answer = anna.get(f"/conversations/{JOE}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["lines"][0]["text"] == SCRIPT
    for path in ("/console/", "/console/app.js"):
        policy = client.get(path).headers["content-security-policy"]
        assert "'unsafe-inline'" not in policy and "'unsafe-eval'" not in policy
        assert "frame-ancestors 'none'" in policy and "default-src 'self'" in policy


@pytest.mark.usefixtures("called")
def test_notes_are_for_colleagues_only(browse: Browse, client: TestClient) -> None:
    anna, mei, sam = browse("anna"), browse("mei"), browse("sam", "supervisor")
    note = anna.post(f"/conversations/{JOE}/notes", {"text": " She is upset. "}).json()
    assert (note["kind"], note["text"], note["agent"]["name"]) == ("note", "She is upset.", "Anna")
    assert "upset" not in str(write(client, "hello"))
    path = f"/conversations/{JOE}/notes/{note['key'].removeprefix('note-')}"
    assert mei.write("DELETE", path).status_code == 403
    assert sam.write("DELETE", path).status_code == 204
    assert lines(anna, "note") == []
    assert anna.post(f"/conversations/{JOE}/notes", {"text": "  "}).status_code == 422


@pytest.mark.usefixtures("called")
def test_tags_are_tidied_and_listed(anna: Browser) -> None:
    path = f"/conversations/{JOE}/tags"
    assert anna.write("PUT", path, {"tags": ["VIP ", "vip", "late  parcel", ""]}).json() == {
        "tags": ["late parcel", "vip"]
    }
    assert anna.get("/tags").json() == [{"tag": "late parcel", "count": 1}, {"tag": "vip", "count": 1}]
    assert anna.write("PUT", path, {"tags": ["x" * 41]}).status_code == 422
    assert anna.write("PUT", path, {"tags": []}).json() == {"tags": []}


@pytest.mark.usefixtures("called")
def test_a_transfer_names_who_passes_on_and_to_whom(browse: Browse) -> None:
    anna, mei = browse("anna"), browse("mei")
    mei.write("PUT", "/me/presence", {"presence": "online"})
    act(anna, "take")
    act(anna, "transfer", to_agent=mei.id, note="has photos")
    [line] = [line for line in lines(anna, "event") if line["event"]["name"] == "transfer"]
    assert (line["agent"]["name"], line["event"]["to"]["name"]) == ("Anna", "Mei")
    offered = mei.get(f"/queue/{JOE}").json()
    assert offered["passed_on"] == {"by": {"id": anna.id, "name": "Anna"}, "note": "has photos"}
    assert act(mei, "take").json()["passed_on"] is None
    act(mei, "transfer", to_skill="kettles")
    [_, line] = [line for line in lines(anna, "event") if line["event"]["name"] == "transfer"]
    assert (line["agent"]["name"], line["event"]["to"]) == ("Mei", None)


@pytest.mark.usefixtures("called")
def test_why_the_bot_said_it_is_told_in_both_languages(anna: Browser) -> None:
    for language, word in (("en", "The customer sounded"), ("zh", "客户听起来")):
        told = anna.get(f"/conversations/{JOE}/why/1?language={language}").json()
        assert word in told["sentences"][0] and told["versions"]["model"] == "tiny"
    assert anna.get(f"/conversations/{JOE}/why/99").status_code == 404
    customers = [line for line in anna.get(f"/conversations/{JOE}").json()["lines"] if line["kind"] == "customer"]
    assert [line["turn"] for line in customers] == [1, 2]


@pytest.mark.usefixtures("called")
def test_a_lesson_lands_where_lessons_are_kept(anna: Browser, database: Database) -> None:
    from bot.conversation.corrections import corrected

    path = f"/conversations/{JOE}/teach"
    taught = anna.post(path, {"turn": 1, "intent": "greet"}).json()
    assert (taught["by"], taught["is_kept"]) == ("Anna", False)
    with database.read() as connection:
        assert corrected(connection) == {(JOE, 1): "greet"}
    assert anna.get(f"/conversations/{JOE}/why/1").json()["correction"] == {"intent": "greet", "by": "Anna"}
    assert anna.post(path, {"turn": 99, "intent": "greet"}).status_code == 404
    assert anna.post(path, {"turn": 1}).status_code == 422
    assert anna.post(path, {"turn": 1, "article_id": "no-such"}).json()["title"] == "Unknown article"


@pytest.mark.usefixtures("called")
def test_what_agents_do_is_written_down_and_never_changed(anna: Browser, admin: Browser, database: Database) -> None:
    act(anna, "take")
    say(anna, "a secret sentence")
    entries = admin.get(f"/admin/audit?target={JOE}").json()["entries"]
    assert [one["operation"] for one in entries] == ["say", "take"]
    assert entries[0]["actor"] == {"id": anna.id, "name": "Anna"} and "secret" not in str(entries)
    for statement in ("DELETE FROM console_audit", "UPDATE console_audit SET agent_id = 'x'"):
        with pytest.raises(DBAPIError, match="only ever appended"), database.transaction() as session:
            session.connection().exec_driver_sql(statement)
    assert len(admin.get("/admin/audit").json()["entries"]) >= 4


@pytest.mark.usefixtures("called")
def test_the_audit_is_read_in_pages(admin: Browser) -> None:
    for _ in range(5):
        admin.sign_in("ada@shop.example")
    first = admin.get("/admin/audit?limit=4").json()
    rest = admin.get(f"/admin/audit?limit=100&before={first['next_before']}").json()
    numbers = [one["id"] for one in [*first["entries"], *rest["entries"]]]
    assert numbers == sorted(numbers, reverse=True) and len(set(numbers)) == len(numbers) > 5
    assert rest["next_before"] is None
