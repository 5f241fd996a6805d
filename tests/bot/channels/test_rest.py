import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.channels.rest import render
from bot.identity import sign
from bot.messages import Attachment, BotMessage, Row
from bot.messaging.links import Links
from tests.bot.conftest import API_TOKEN, IDENTITY_SECRET, Serve

WEBHOOK = "/webhooks/rest/webhook"


def say(client: TestClient, message: object, sender: object = "ann", **more: object) -> Any:
    return client.post(WEBHOOK, json={"sender": sender, "message": message, **more})


def problem(response: Any) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == response.status_code
    return body


def test_it_answers_in_rasas_shape(client: TestClient) -> None:
    assert client.get("/webhooks/rest/").json() == {"status": "ok"}
    assert say(client, "hello").json() == [
        {"recipient_id": "ann", "text": "You said hello", "buttons": [{"title": "Again", "payload": "hello"}]}
    ]


def test_a_repeated_message_id_gets_the_first_replies_again(client: TestClient) -> None:
    first = say(client, "hello", message_id="m1").json()
    assert say(client, "something else", message_id="m1").json() == first


@pytest.mark.parametrize("owner", ["bot", "queue"])
def test_what_a_person_wrote_comes_with_the_next_answer(client: TestClient, owner: str) -> None:
    """And from then on the conversation is theirs, whoever had it."""
    say(client, "person" if owner == "queue" else "hello")
    event = {"event": "agent", "text": "Mei here, hello!"}
    bearer = {"Authorization": f"Bearer {API_TOKEN}"}
    client.post("/conversations/rest:ann/tracker/events", json=event, headers=bearer)
    replies = [[reply["text"] for reply in say(client, words).json()] for words in ("hi", "bye")]
    assert replies == [["Mei here, hello!"], []]


@pytest.mark.parametrize("words", ["", "   ", "\n\t", "\u200b", "\x00\x01"])
def test_an_empty_message_gets_a_polite_reply(client: TestClient, words: str) -> None:
    [reply] = say(client, words).json()
    assert "empty" in reply["text"]


def test_an_overlong_message_gets_a_polite_reply(client: TestClient) -> None:
    [reply] = say(client, "x" * 5000).json()
    assert "too long" in reply["text"]


def test_control_characters_and_lone_surrogates_are_dropped(client: TestClient) -> None:
    body = b'{"sender": "ann", "message": "a\\u0000b\\ud800c\\u202ed", "metadata": {"x\\ud800": ["\\ud83d", 1e400]}}'
    response = client.post(WEBHOOK, content=body)
    assert response.status_code == 200
    assert response.json()[0]["text"] == "You said abcd"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"sender": "ann", "message": "\xff"}', 400),
        (b"[" * 30_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"hello"', 422),
        (b"{}", 422),
        (b'{"sender": "ann"}', 422),
        (b'{"message": "hello"}', 422),
        (b'{"sender": "ann", "message": 5}', 422),
        (b'{"sender": "ann", "message": null}', 422),
        (b'{"sender": 5, "message": "hello"}', 422),
        (b'{"sender": "", "message": "hello"}', 422),
        (b'{"sender": "a\\u0000", "message": "hello"}', 422),
        (b'{"sender": "a\\ud800", "message": "hello"}', 422),
        (b'{"sender": "ann", "message": "hello", "metadata": "x"}', 422),
        (b'{"sender": "ann", "message": "hello", "message_id": 7}', 422),
        (b'{"sender": "ann", "message": "hello", "message_id": ""}', 422),
        (json.dumps({"sender": "a" * 256, "message": "hello"}).encode(), 422),
        (json.dumps({"sender": "ann", "message": "x" * 1_000_000}).encode(), 413),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(client: TestClient, body: bytes, status: int) -> None:
    response = client.post(WEBHOOK, content=body, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert problem(response)["detail"]


def test_wrong_fields_are_named(client: TestClient) -> None:
    body = problem(say(client, 5, sender=None))
    assert [error["field"] for error in body["errors"]] == ["sender", "message"]


def test_the_intent_shortcut_is_refused_unless_switched_on(serve: Serve) -> None:
    shortcut = '/cancel_order{"order_number": "#W1"}'
    assert problem(say(serve(), shortcut))["title"] == "Intent shortcut refused"
    assert say(serve(allow_intent_shortcut=True), shortcut).status_code == 200


@pytest.mark.parametrize("words", ["/start", "/greet", "and/or {this}", "/ {}"])
def test_a_customer_may_type_a_slash(client: TestClient, words: str) -> None:
    assert say(client, words).json()[0]["text"] == f"You said {words}"


@pytest.mark.parametrize("metadata", [{"identity_token": "x"}, {"identity_token": 5}, {"identity_token": "a.b.c"}])
def test_a_token_that_proves_nothing_is_refused(client: TestClient, metadata: dict[str, object]) -> None:
    assert problem(say(client, "hello", metadata=metadata))["status"] == 401


def test_expired_long_lived_and_foreign_tokens_are_refused(client: TestClient) -> None:
    for token in (
        sign("customer-1", IDENTITY_SECRET, life_seconds=-120),
        sign("customer-1", IDENTITY_SECRET, life_seconds=7200),
        sign("customer-1", "another secret, which is long enough too"),
        sign(" ", IDENTITY_SECRET),
    ):
        assert say(client, "hello", metadata={"identity_token": token}).status_code == 401


def test_a_good_token_proves_the_customer_and_is_not_kept(client: TestClient) -> None:
    token = sign("sofia@example.com", IDENTITY_SECRET)
    assert say(client, "hello", metadata={"identity_token": token, "page": "/cart"}).status_code == 200
    tracker = client.get(
        "/conversations/rest:ann/tracker?include_events=ALL", headers={"Authorization": f"Bearer {API_TOKEN}"}
    )
    assert tracker.json()["slots"]["customer_id"] == "customer-1"
    assert tracker.json()["events"][0]["metadata"] == {"source": "signed"}
    assert token not in tracker.text


@pytest.mark.parametrize(
    "forged",
    [
        {"signed_as": "customer-1"},
        {"signed_as": None},
        {"signed_until": "never"},
        {"problem": "nonsense"},
        {"signed_as\u200b": "customer-1"},
        {"\ufeffsigned\u0000_as": "customer-1"},
        {"problem\u200e": "nonsense"},
    ],
    ids=repr,
)
def test_metadata_cannot_forge_what_kefu_itself_notes(client: TestClient, forged: dict[str, object]) -> None:
    assert say(client, "hello", metadata=forged).json()[0]["text"] == "You said hello"
    tracker = client.get("/conversations/rest:ann/tracker", headers={"Authorization": f"Bearer {API_TOKEN}"})
    assert tracker.json()["slots"]["customer_id"] is None


@pytest.mark.parametrize("given", [None, f"Bearer {API_TOKEN}", "Bearer a-token-of-the-shops-backend", "Basic x"])
def test_with_a_rest_token_only_the_shops_backend_may_speak(serve: Serve, given: str | None) -> None:
    client = serve(rest_token=SecretStr("a-token-of-the-shops-backend"))
    headers = {"Authorization": given} if given else {}
    response = client.post(WEBHOOK, json={"sender": "ann", "message": "hello"}, headers=headers)
    if given == "Bearer a-token-of-the-shops-backend":
        assert response.status_code == 200
    else:
        assert problem(response)["status"] == 401 and "KEFU_REST_TOKEN" in response.text


def test_a_failing_engine_is_no_500(client: TestClient) -> None:
    response = say(client, "break")
    assert response.status_code == 200
    assert "sorry" in response.json()[0]["text"]


def test_other_methods_and_unknown_paths_are_problems_too(client: TestClient) -> None:
    assert problem(client.get(WEBHOOK))["status"] == 405
    assert problem(client.get("/no/such/path"))["status"] == 404


def test_a_list_goes_as_buttons_and_a_file_as_an_attachment_with_an_address() -> None:
    files = (Attachment("file", "kefu:7", "invoice.pdf"), Attachment("image", "https://shop.example/a.png", "a.png"))
    message = BotMessage(text="Which size?", rows=(Row("Small", "I want small"),), files=files)
    text, ours, theirs = render("ann", message, Links("a secret", "https://kefu.example"))
    assert text["buttons"] == [{"title": "Small", "payload": "I want small"}]
    assert ours["attachment"]["payload"]["src"].startswith("https://kefu.example/attachments/7?until=")
    assert theirs["attachment"] == {"type": "image", "payload": {"src": files[1].reference, "title": "a.png"}}
