"""Every route of the console, found by itself: who may use it, and that no other site can make a browser use it."""

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from bot.console.login import access
from bot.console.login.access import COOKIE
from tests.bot.console.conftest import API, Browser

Browse = Callable[..., Browser]
OPEN = {("GET", "/console/api/session"), ("POST", "/console/api/session")}
"""Those that people use before they are signed in."""
LEAST = {access._session: "anybody", access._agent: "agent", access._supervisor: "supervisor", access._admin: "admin"}
ROLES = ("agent", "supervisor", "admin")
FILLING = {"agent_id": "a_1", "number": "1", "outbox_id": "1", "turn": "1", "action": "cancel"}


def routes(given: Iterable[object]) -> Iterator[tuple[str, str, str]]:
    """(method, path, least role) of each."""
    for route in given:
        if included := getattr(route, "original_router", None):
            yield from routes(included.routes)
        if isinstance(route, APIRoute) and route.path.startswith(API):
            asked = {LEAST[one.call] for one in route.dependant.dependencies if one.call in LEAST}
            for method in route.methods or ():
                yield method, route.path, asked.pop() if asked else "nobody"


def filled(path: str) -> str:
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: FILLING.get(found[1], "rest:nobody"), path).removeprefix(API)


@pytest.fixture
def all_routes(client: TestClient) -> list[tuple[str, str, str]]:
    assert isinstance(client.app, FastAPI)
    return list(routes(client.app.routes))


def test_every_route_says_who_may_use_it(all_routes: list[tuple[str, str, str]]) -> None:
    assert len(all_routes) > 40
    assert {(method, path) for method, path, least in all_routes if least == "nobody"} == OPEN


def test_nobody_uses_one_without_signing_in(client: TestClient, all_routes: list[tuple[str, str, str]]) -> None:
    for method, path, _ in all_routes:
        if (method, path) not in OPEN:
            answer = client.request(method, API + filled(path), json={})
            assert (answer.status_code, answer.json()["title"]) == (401, "Signed out"), (method, path)


def test_nobody_does_more_than_their_role_may(browse: Browse, all_routes: list[tuple[str, str, str]]) -> None:
    people = {role: browse(role, role) for role in ("agent", "supervisor")}
    tried = 0
    for method, path, least in all_routes:
        for role, browser in people.items():
            if least in ROLES and ROLES.index(role) < ROLES.index(least):
                answer = browser.write(method, filled(path), {})
                assert (answer.status_code, answer.json()["title"]) == (403, "Not allowed"), (role, method, path)
                tried += 1
    assert tried > 10


def test_who_may_is_not_refused(browse: Browse, all_routes: list[tuple[str, str, str]]) -> None:
    """The counterpart, so that the test above does not pass because everything is refused."""
    people = {role: browse(role, role) for role in ROLES}
    for method, path, least in all_routes:
        ends_session = path.endswith(("/session", "/sessions")) and method == "DELETE"
        if least in ROLES and not ends_session:
            answer = people[least].write(method, filled(path), {})
            assert answer.status_code not in (401, 403, 500), (method, path, answer.text)


def test_no_write_is_done_without_the_csrf_token(anna: Browser, all_routes: list[tuple[str, str, str]]) -> None:
    wrong = [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": anna.http.cookies[COOKIE]}]
    for method, path, _ in all_routes:
        if method != "GET" and (method, path) not in OPEN:
            for headers in wrong:
                answer = anna.http.request(method, API + filled(path), json={}, headers=headers)
                assert (answer.status_code, answer.json()["title"]) == (403, "Not your own page"), (method, path)
    assert anna.get("/me").status_code == 200


def test_another_colleagues_token_does_not_do(browse: Browse) -> None:
    anna, mei = browse("anna"), browse("mei")
    anna.csrf = mei.csrf
    assert anna.write("PUT", "/me/presence", {"presence": "away"}).status_code == 403


def test_a_write_of_another_sites_page_is_refused_even_with_the_token(anna: Browser) -> None:
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        headers = {"X-CSRF-Token": anna.csrf, "Origin": origin}
        answer = anna.http.put(f"{API}/me/presence", json={"presence": "away"}, headers=headers)
        assert (answer.status_code, answer.json()["title"]) == (403, "Not your own page")


def test_the_operators_token_does_not_open_the_console(client: TestClient) -> None:
    from tests.bot.conftest import API_TOKEN

    assert client.get(f"{API}/me", headers={"Authorization": f"Bearer {API_TOKEN}"}).status_code == 401


def test_the_last_administrator_stays_one(admin: Browser, browse: Browse) -> None:
    for changes in ({"role": "agent"}, {"is_active": False}):
        answer = admin.write("PATCH", f"/admin/agents/{admin.id}", changes)
        assert (answer.status_code, answer.json()["title"]) == (409, "Last admin")
    other = browse("eve", "admin")
    assert other.write("PATCH", f"/admin/agents/{admin.id}", {"role": "agent"}).status_code == 200
    assert admin.get("/admin/audit").status_code == 403
