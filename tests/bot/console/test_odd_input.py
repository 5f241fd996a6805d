"""Numbers, characters and moments that no database can hold are no error of ours: they find nothing or are refused."""

import json
from collections.abc import Callable

import pytest

from tests.bot.console.conftest import API, Browser

HUGE = 2**70


@pytest.fixture
def chief(browse: Callable[..., Browser]) -> Browser:
    return browse("odd", "admin")


@pytest.mark.parametrize(
    "path",
    [
        f"/admin/audit?before={HUGE}",
        "/admin/audit?since=nan&until=inf",
        f"/files/{HUGE}",
        f"/conversations/web:a/why/{HUGE}",
        f"/queue?cursor={'A' * 30}",
        "/queue?search=%00",
        "/queue?tag=%00",
        "/queue/web%00a",
        f"/analytics/visits?offset={HUGE}",
        "/analytics?from=0001-01-01&to=0001-01-02",
        "/analytics?from=9999-12-30&to=9999-12-31",
        "/analytics/csv?from=9999-12-30&to=9999-12-31",
        "/analytics/visits?figure=%00",
        "/analytics/gaps?from=0001-01-01&to=0001-01-02",
        f"/customers/{HUGE}",
    ],
)
def test_odd_reading(chief: Browser, path: str) -> None:
    answer = chief.get(path)
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", f"/canned/{HUGE}", None),
        ("PUT", f"/canned/{HUGE}", {"shortcut": "a", "title": "a", "text_en": "a", "text_zh": "a"}),
        ("POST", "/canned", '{"shortcut":"aaa","title":"\\ud800","text_en":"a","text_zh":"a"}'),
        ("DELETE", f"/conversations/web:a/notes/{HUGE}", None),
        ("POST", f"/admin/deliveries/{HUGE}/retry", None),
        ("POST", "/conversations/web:a/snooze", '{"epoch":0,"until":1e999}'),
        ("POST", "/conversations/web:a/snooze", '{"epoch":0,"until":NaN}'),
        ("POST", "/conversations/web:a/take", f'{{"epoch":{HUGE}}}'),
        ("POST", "/conversations/web:a/notes", '{"text":"\\ud800"}'),
        ("POST", "/conversations/web:a/say", '{"epoch":0,"text":"\\ud800","key":"12345678"}'),
        ("POST", "/conversations/web:a/say", '{"epoch":0,"text":"hi","key":"1234567\\ud800"}'),
        ("POST", "/conversations/web:a/say", f'{{"epoch":0,"text":"hi","key":"12345678","files":[{HUGE}]}}'),
        ("PUT", "/conversations/web:a/tags", '{"tags":["\\ud800"]}'),
        ("POST", "/conversations/web:a/teach", f'{{"turn":{HUGE},"intent":"greet"}}'),
        ("POST", "/conversations/web:a/transfer", '{"epoch":0,"to_agent":"\\ud800"}'),
        ("POST", "/conversations/web:a/transfer", '{"epoch":0,"to_skill":"\\ud800","note":"\\ud800"}'),
        ("POST", "/conversations/web:a/hand-back", '{"epoch":0,"note":"\\ud800"}'),
        (
            "POST",
            "/conversations/web:a/suggestions/feedback",
            '{"suggestion_id":"\\ud800","source":"bot","verdict":"up"}',
        ),
        (
            "POST",
            "/conversations/web:a/orders/X1/cancel",
            '{"key":"1234567\\ud800","reason":"\\ud800","dry_run":false}',
        ),
        ("PATCH", "/me", '{"name":"\\ud800"}'),
        ("PATCH", "/me", f'{{"capacity":{HUGE}}}'),
        ("POST", "/password", '{"current":"\\ud800","new":"abcdefghijkl"}'),
        ("POST", "/password", '{"current":"correct horse battery","new":"\\ud800abcdefghijkl"}'),
        ("POST", "/totp/confirm", '{"code":"\\ud800"}'),
        ("POST", "/totp/confirm", '{"code":"é"}'),
        ("POST", "/admin/agents", '{"name":"a","email":"\\ud800@b.c"}'),
    ],
)
def test_odd_writing(chief: Browser, method: str, path: str, body: object) -> None:
    chief.http.post("/webhooks/rest/webhook", json={"sender": "a", "message": "hello"})
    headers = {"X-CSRF-Token": chief.csrf, "content-type": "application/json"}
    content = body if isinstance(body, str) else json.dumps(body)
    answer = chief.http.request(method, API + path, headers=headers, content=content)
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("name", ["email", "password", "code"])
def test_odd_login(chief: Browser, name: str) -> None:
    form = {"email": "odd@shop.example", "password": "correct horse battery", "code": "", name: "X\ud800"}
    answer = chief.http.post(f"{API}/session", content=json.dumps(form), headers={"content-type": "application/json"})
    assert answer.status_code < 500, answer.text


def test_a_key_of_another_conversation_loses_no_words(chief: Browser) -> None:
    for sender in ("joe", "jim"):
        chief.http.post("/webhooks/rest/webhook", json={"sender": sender, "message": "hello"})
    said = {"epoch": 0, "text": "Hello", "key": "the-same-key"}
    assert chief.post("/conversations/rest:joe/say", said).status_code == 200
    refused = chief.post("/conversations/rest:jim/say", said)
    assert (refused.status_code, refused.json()["title"]) == (409, "In use")
