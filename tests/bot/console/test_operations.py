import asyncio
import json
from collections.abc import MutableMapping

import pytest
from fastapi.testclient import TestClient

from bot import guard
from tests.bot.conftest import API_TOKEN, Serve


def test_the_service_says_that_it_is_alive_and_ready_and_what_it_is(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/version").json() == {"kefu": "0", "model": "tiny"}


def test_metrics_count_turns(client: TestClient) -> None:
    client.post("/webhooks/rest/webhook", json={"sender": "ann", "message": "hello"})
    assert 'kefu_turns_total{channel="rest",outcome="answered"} 1.0' in client.get("/metrics").text


def test_the_api_describes_itself_and_loads_nothing_from_elsewhere(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/webhooks/rest/webhook", "/model/parse", "/healthz", "/readyz", "/version", "/metrics"} <= set(paths)
    assert client.get("/docs").status_code == 404


def test_the_api_describes_its_tokens_answers_and_problems(client: TestClient) -> None:
    api = client.get("/openapi.json").json()
    assert "HTTPValidationError" not in json.dumps(api)
    webhook, tracker = (
        api["paths"][path] for path in ("/webhooks/rest/webhook", "/conversations/{conversation_id}/tracker")
    )
    answers = webhook["post"]["responses"]
    assert "application/problem+json" in answers["default"]["content"]
    assert "text" in answers["200"]["content"]["application/json"]["schema"]["items"]["properties"]
    [[scheme]] = tracker["get"]["security"]
    assert api["components"]["securitySchemes"][scheme] == {"type": "http", "scheme": "bearer"}


async def status_of(client: TestClient, *parts: dict[str, object]) -> object:
    """What a POST gets whose body comes in these parts, and then no more."""
    coming, answered = list(parts), []

    async def receive() -> dict[str, object]:
        return coming.pop(0) if coming else await asyncio.Future()

    async def send(message: MutableMapping[str, object]) -> None:
        answered.append(message)

    scope = {"type": "http", "method": "POST", "path": "/webhooks/rest/webhook", "headers": [], "query_string": b""}
    await client.app(scope, receive, send)
    return answered[0]["status"]


BEGUN: dict[str, object] = {"type": "http.request", "body": b'{"sender', "more_body": True}


async def test_a_client_that_goes_away_in_the_middle_is_no_error(client: TestClient) -> None:
    assert await status_of(client, BEGUN, {"type": "http.disconnect"}) == 499


async def test_a_client_that_never_ends_its_body_is_not_waited_for(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.05)
    assert await status_of(client, BEGUN) == 408


def test_a_text_can_be_parsed_openly_until_a_token_is_set(serve: Serve) -> None:
    assert serve(api_token=None).post("/model/parse", json={"text": "hello"}).json()["intent"]["name"] == "say"
    guarded = serve()
    assert guarded.post("/model/parse", json={"text": "hello"}).status_code == 401
    bearer = {"Authorization": f"Bearer {API_TOKEN}"}
    assert guarded.post("/model/parse", json={"text": "hello"}, headers=bearer).status_code == 200
    assert guarded.post("/model/parse", json={"words": "x"}, headers=bearer).json()["errors"][0]["field"] == "text"
    for broken in (b"{", b"\xff", b'{"text": "\xff"}'):
        response = guarded.post("/model/parse", content=broken, headers={**bearer, "content-type": "application/json"})
        assert response.status_code == 400


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/healthz", "/nowhere"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers
