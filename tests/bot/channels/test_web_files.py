"""Files in the widget: uploaded under the session's name, sent with a message, read again by signed addresses."""

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from bot.conversation.belonging import Whose, conversations_of
from bot.conversation.forgetting import forget_conversations
from bot.database import open_database
from tests.bot.channels.test_web import hello, until
from tests.bot.conftest import Serve
from tests.contracts.platform import PICTURE

FILES = "/webhooks/web/files"


def upload(client: TestClient, session: str, name: str = "crack.png", content: bytes = PICTURE, **headers: str) -> Any:
    return client.post(FILES, content=content, headers={"x-kefu-session": session, "x-file-name": name, **headers})


def sent(client: TestClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """A picture sent with no words; the customer's line and the bot's."""
    with hello(client) as (socket, welcome):
        kept = upload(client, welcome["session"]).json()
        assert (kept["kind"], kept["name"], kept["size"]) == ("image", "crack.png", len(PICTURE))
        socket.send_json({"type": "message", "id": "m1", "text": "", "files": [kept["id"]]})
        return until(socket, "message"), until(socket, "message")


def test_a_picture_is_sent_shown_and_thanked_for(client: TestClient) -> None:
    mine, answer = sent(client)
    [file] = mine["files"]
    assert mine["role"] == "user" and file["name"] == "crack.png"
    assert answer["text"].startswith("Thank you, I have your file")
    response = client.get(file["url"])
    assert (response.status_code, response.content, response.headers["content-type"]) == (200, PICTURE, "image/png")
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"


def test_an_address_that_was_changed_or_is_old_opens_nothing(client: TestClient) -> None:
    url = str(sent(client)[0]["files"][0]["url"])
    path, _, query = url.partition("?")
    for forged in (f"/attachments/2?{query}", path, url.replace("until=1", "until=2"), f"{url[:-1]}x", f"{url}é"):
        assert client.get(forged).status_code == 404, forged


def test_another_sessions_upload_cannot_be_sent_or_read(client: TestClient) -> None:
    with hello(client) as (_, ann):
        number = upload(client, ann["session"]).json()["id"]
    with hello(client) as (socket, _):
        socket.send_json({"type": "message", "id": "m1", "text": "mine?", "files": [number]})
        assert until(socket, "message")["files"] == []


def test_what_is_not_taken_is_a_problem_that_says_why(client: TestClient) -> None:
    with hello(client) as (_, welcome):
        session = welcome["session"]
        page = upload(client, session, "photo.png", b"<svg onload=alert(1)>")
        assert (page.status_code, page.json()["title"]) == (415, "Not taken")
        assert upload(client, session, content=b"").status_code == 415
        assert upload(client, session, content=bytes(20_000_001)).status_code == 413
        assert upload(client, "somebody.else").status_code == 401


def test_only_sites_that_may_embed_the_widget_may_read_what_an_upload_is_answered(client: TestClient) -> None:
    with hello(client) as (_, welcome):
        for origin, allowed in (("http://testserver", "http://testserver"), ("https://evil.example", None)):
            answer = upload(client, welcome["session"], origin=origin)
            assert answer.headers.get("access-control-allow-origin") == allowed
            asked = client.options(FILES, headers={"origin": origin})
            assert asked.headers.get("access-control-allow-origin") == allowed


def test_uploads_have_a_daily_measure(client: TestClient) -> None:
    with hello(client) as (_, welcome):
        codes = [upload(client, welcome["session"]).status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]


def test_bad_ids_of_files_are_refused_and_the_connection_goes_on(client: TestClient) -> None:
    with hello(client) as (socket, _):
        for files in ("1", [1.5], ["1"], [True], [-1], list(range(1, 12))):
            socket.send_json({"type": "message", "id": "m1", "text": "hi", "files": files})
            assert until(socket, "error")["code"] == "bad_field"


def test_a_customer_who_is_erased_takes_the_files_along(serve: Serve, tmp_path: Path) -> None:
    sent(serve())
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE conversations SET customer_id = 'customer-1'")
        connection = session.connection()
        forget_conversations(connection, conversations_of(connection, Whose("customer-1")))
    with database.read() as connection:
        for table in ("attachments", "attachment_contents", "inbox"):
            assert connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar() == 0
    database.close()
