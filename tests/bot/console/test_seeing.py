"""Agents who see only what concerns them: in lists, counts and search, on every route, in files and on the stream."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert

from bot.conversation.schema import attachment_contents, attachments
from bot.database import Database
from tests.bot.conftest import Serve
from tests.bot.console.conftest import API, Browser
from tests.bot.console.filled_queue import conversation
from tests.bot.console.test_live import item, listening, of, until
from tests.bot.console.test_who_may import FILLING, routes

Browse = Callable[..., Browser]
SKILLS = '["cancel_order"]'
HIDDEN = ("web:meis", "web:snoozed", "web:done", "web:bots", "web:other-skill")
SEEN = ("web:mine", "web:had", "web:offered", "web:waits", "web:offered-to-mei")


@pytest.fixture
def client(serve: Serve) -> TestClient:
    return serve(agents_see="own_and_waiting")


@pytest.fixture
def anna(browse: Browse) -> Browser:
    return browse("anna", skills=["orders"])


@pytest.fixture
def filled(anna: Browser, browse: Browse, database: Database) -> Iterator[dict[str, Browser]]:
    """Conversations of Anna's, of Mei's, of nobody's, all of one customer; each has a file."""
    mei, now = browse("mei"), time.time()
    theirs: dict[str, dict[str, Any]] = {
        "web:mine": {"state": "agent", "agent_id": anna.id},
        "web:had": {"state": "resolved", "agent_id": anna.id, "ended_at": now - 5},
        "web:offered": {"state": "offered", "offered_to": anna.id, "skills": '["return_items"]'},
        "web:waits": {"state": "requested", "skills": SKILLS},
        "web:offered-to-mei": {"state": "offered", "offered_to": mei.id, "skills": SKILLS},
        "web:meis": {"state": "agent", "agent_id": mei.id, "skills": SKILLS},
        "web:snoozed": {"state": "snoozed", "agent_id": mei.id},
        "web:done": {"state": "resolved", "agent_id": mei.id, "ended_at": now - 5},
        "web:bots": {"state": None},
        "web:other-skill": {"state": "requested", "skills": '["return_items"]'},
    }
    with database.transaction() as session:
        connection = session.connection()
        for name, values in theirs.items():
            conversation(connection, name, now - 60, customer_id="c_1", **values)
            kept = {"conversation_id": name, "role": "customer", "kind": "file", "name": "a.txt", "size": 5}
            row = {**kept, "reference": name, "media_type": "text/plain", "status": "stored", "due_at": now}
            number = connection.execute(insert(attachments).values(**row, created_at=now)).inserted_primary_key
            assert number
            connection.execute(insert(attachment_contents).values(attachment_id=number[0], content=b"hello"))
    yield {"anna": anna, "mei": mei, "sam": browse("sam", "supervisor")}


def ids(browser: Browser, **query: object) -> set[str]:
    return {one["conversation_id"] for one in browser.get("/queue", params=query).json()["items"]}


def test_lists_counts_and_search_hold_what_concerns_the_agent(filled: dict[str, Browser]) -> None:
    anna, sam = filled["anna"], filled["sam"]
    assert ids(anna, tab="everything") == set(SEEN)
    assert ids(anna, tab="everything", search="message 1 of") == set(SEEN)
    assert ids(anna, tab="unassigned") == {"web:waits", "web:offered", "web:offered-to-mei"}
    assert ids(anna, tab="snoozed") == ids(anna, tab="bot") == set()
    assert ids(anna, tab="resolved") == {"web:had"}
    assert ids(sam, tab="everything") == {*SEEN, *HIDDEN}
    counted = anna.get("/queue").json()["counts"]
    assert counted == {"mine": 2, "unassigned": 3, "all": 4, "snoozed": 0, "resolved": 1}
    assert sam.get("/queue").json()["counts"]["all"] == 7


def test_the_customers_other_conversations_are_named_only_where_they_are_seen(filled: dict[str, Browser]) -> None:
    others = filled["anna"].get("/conversations/web:mine").json()["other_conversations"]
    assert {one["conversation_id"] for one in others} == {*SEEN} - {"web:mine"}


def test_no_route_tells_what_is_not_seen_from_what_is_not_there(client: TestClient, filled: dict[str, Browser]) -> None:
    """Every route that names a conversation, found by itself: the same answer, and nothing is done."""
    assert isinstance(client.app, FastAPI)
    anna, tried = filled["anna"], 0
    for method, path, least in routes(client.app.routes):
        if least == "agent" and "{conversation_id" in path:
            for hidden in (*HIDDEN, "web:nobody"):
                answer = anna.write(method, at(path, hidden), {"epoch": 1})
                assert (answer.status_code, answer.json()["title"]) == (404, "Not found"), (method, path, hidden)
                assert answer.json()["detail"] == f"There is no conversation {hidden}.", (method, path)
                tried += 1
    assert tried > 100


def test_every_route_is_there_for_what_is_seen(client: TestClient, filled: dict[str, Browser]) -> None:
    """The counterpart, so that the test above does not pass because everything is refused."""
    assert isinstance(client.app, FastAPI)
    for method, path, least in routes(client.app.routes):
        if least == "agent" and "{conversation_id" in path:
            for browser, seen in ((filled["anna"], "web:mine"), (filled["sam"], "web:meis")):
                answer = browser.write(method, at(path, seen), {})
                assert "There is no conversation" not in answer.text, (method, path)


def at(path: str, conversation_id: str) -> str:
    fill = {**FILLING, "conversation_id": conversation_id}
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: fill[found[1]], path).removeprefix(API)


def test_ready_replies_tell_nothing_of_what_is_not_seen(filled: dict[str, Browser]) -> None:
    anna = filled["anna"]
    statuses = {one: anna.get("/canned", params={"conversation_id": one}).status_code for one in (*HIDDEN, *SEEN, "")}
    assert statuses == {**dict.fromkeys(HIDDEN, 404), **dict.fromkeys((*SEEN, ""), 200)}


def test_files_are_given_out_where_their_conversation_is_seen(filled: dict[str, Browser], database: Database) -> None:
    with database.read() as connection:
        files = {row.conversation_id: row.id for row in connection.execute(attachments.select())}
    for name, number in files.items():
        for who, seen in (("anna", SEEN), ("sam", (*SEEN, *HIDDEN))):
            expected = 200 if name in seen else 404
            assert filled[who].get(f"/files/{number}").status_code == expected, (who, name)
    nothing, hidden = filled["anna"].get("/files/999").json(), filled["anna"].get(f"/files/{files['web:meis']}").json()
    assert hidden["detail"].replace(str(files["web:meis"]), "999") == nothing["detail"]


def test_the_stream_names_nothing_that_was_never_seen(filled: dict[str, Browser]) -> None:
    anna, mei = filled["anna"], filled["mei"]
    with listening(anna) as socket:
        until(socket, of("welcome"))
        socket.send_json({"type": "look", "conversation_id": "web:meis"})
        mei.post("/conversations/web:meis/notes", {"text": "between us"})
        anna.post("/conversations/web:mine/notes", {"text": "mine"})
        heard: list[str] = []

        def is_mine(frame: dict[str, Any]) -> bool:
            heard.append(str(frame))
            return bool(item("web:mine", "agent")(frame))

        until(socket, is_mine)
    assert "web:meis" not in "".join(heard)


def test_what_a_colleague_takes_is_gone_and_what_is_handed_over_comes(filled: dict[str, Browser]) -> None:
    anna, mei = filled["anna"], filled["mei"]
    with listening(anna) as socket:
        until(socket, of("welcome"))
        socket.send_json({"type": "look", "conversation_id": "web:waits"})
        assert mei.post("/conversations/web:waits/take", {"epoch": 1}).status_code == 200
        until(socket, of("hidden", conversation_id="web:waits"))
        assert anna.get("/conversations/web:waits/lines").status_code == 404
        assert anna.write("PUT", "/me/presence", {"presence": "online"}).status_code == 200
        epoch = mei.get("/queue/web:meis").json()["epoch"]
        answer = mei.post("/conversations/web:meis/transfer", {"epoch": epoch, "to_agent": anna.id})
        assert answer.status_code == 200, answer.text
        until(socket, of("offer"))
    assert anna.get("/conversations/web:meis").status_code == 200


def test_who_comes_back_reads_the_lists_again(filled: dict[str, Browser]) -> None:
    """What they see no more cannot be named to them."""
    with listening(filled["anna"], seq=int(time.time() * 1000)) as socket:
        assert until(socket, of("welcome"))["refetch"] is True
    with listening(filled["sam"], seq=int(time.time() * 1000)) as socket:
        assert until(socket, of("welcome"))["refetch"] is False


def test_who_names_no_skill_sees_all_that_waits(filled: dict[str, Browser]) -> None:
    assert ids(filled["mei"], tab="unassigned") == {"web:waits", "web:offered", "web:offered-to-mei", "web:other-skill"}
