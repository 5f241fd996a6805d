import pytest
from fastapi.testclient import TestClient

from tests.bot.conftest import API_TOKEN, Serve

BEARER = {"Authorization": f"Bearer {API_TOKEN}"}


@pytest.fixture
def spoken(client: TestClient) -> TestClient:
    client.post("/webhooks/rest/webhook", json={"sender": "ann", "message": "hello", "message_id": "m1"})
    return client


def test_the_tracker_is_in_rasas_shape(spoken: TestClient) -> None:
    tracker = spoken.get("/conversations/rest:ann/tracker", headers=BEARER).json()
    assert tracker["sender_id"] == "rest:ann"
    assert tracker["slots"]["heard"] == 1
    assert tracker["latest_message"]["text"] == "hello"
    assert [event["event"] for event in tracker["events"]] == ["user", "slot", "slot", "bot"]
    assert tracker["events"][0]["message_id"] == "m1"
    assert {"paused", "followup_action", "active_loop", "latest_action_name", "latest_input_channel"} <= set(tracker)
    assert spoken.get("/conversations/rest:ann/tracker?include_events=NONE", headers=BEARER).json()["events"] == []


@pytest.mark.parametrize("path", ["tracker", "explain/1"])
@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer ", f"Basic {API_TOKEN}", f"Bearer {API_TOKEN}x"])
def test_without_the_token_nothing_is_shown(spoken: TestClient, path: str, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    response = spoken.get(f"/conversations/rest:ann/{path}", headers=headers)
    assert response.status_code == 401 and "hello" not in response.text


def test_with_no_token_set_the_routes_do_not_exist(serve: Serve) -> None:
    client = serve(api_token=None)
    for path in ("tracker", "explain/1"):
        assert client.get(f"/conversations/rest:ann/{path}", headers=BEARER).status_code == 404
    assert client.post("/conversations/rest:ann/tracker/events", json={}, headers=BEARER).status_code == 404


def test_events_after_a_restart_are_the_default_and_all_can_be_had(spoken: TestClient) -> None:
    events = "/conversations/rest:ann/tracker/events"
    spoken.post(events, json=[{"event": "restart"}, {"event": "slot", "name": "heard", "value": 7}], headers=BEARER)
    tracker = spoken.get("/conversations/rest:ann/tracker", headers=BEARER).json()
    assert [event["event"] for event in tracker["events"]] == ["restart", "slot"]
    assert tracker["slots"]["heard"] == 7
    everything = spoken.get("/conversations/rest:ann/tracker?include_events=ALL", headers=BEARER).json()
    assert len(everything["events"]) == 6


def test_an_appended_event_counts_in_the_next_turn(spoken: TestClient) -> None:
    event = {"event": "slot", "name": "heard", "value": 41}
    spoken.post("/conversations/rest:ann/tracker/events", json=event, headers=BEARER)
    spoken.post("/webhooks/rest/webhook", json={"sender": "ann", "message": "hello again"})
    assert spoken.get("/conversations/rest:ann/tracker", headers=BEARER).json()["slots"]["heard"] == 42


@pytest.mark.parametrize("event", [{"event": "dance"}, {"event": "slot"}, {"no": "event"}, {"event": "undo"}])
def test_a_wrong_event_is_refused_with_its_reason(spoken: TestClient, event: dict[str, str]) -> None:
    response = spoken.post("/conversations/rest:ann/tracker/events", json=event, headers=BEARER)
    assert response.status_code == 422 and response.json()["detail"]


def test_a_conversation_nobody_began_is_not_found(client: TestClient) -> None:
    assert client.get("/conversations/rest:nobody/tracker", headers=BEARER).status_code == 404
    assert client.get("/conversations/rest:nobody/explain/1", headers=BEARER).status_code == 404
    event = {"event": "resume"}
    assert client.post("/conversations/rest:nobody/tracker/events", json=event, headers=BEARER).status_code == 404


def test_a_sender_with_slashes_can_be_looked_up(client: TestClient) -> None:
    client.post("/webhooks/rest/webhook", json={"sender": "a/b:c 王", "message": "hello"})
    assert client.get("/conversations/rest:a/b:c 王/tracker", headers=BEARER).json()["sender_id"] == "rest:a/b:c 王"


def test_a_turns_decision_record_can_be_read(spoken: TestClient) -> None:
    assert spoken.get("/conversations/rest:ann/explain/1", headers=BEARER).json()["turn_number"] == 1
    assert spoken.get("/conversations/rest:ann/explain/2", headers=BEARER).status_code == 404
    assert spoken.get("/conversations/rest:ann/explain/x", headers=BEARER).status_code == 422
