from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.console.login import accounts, sessions
from bot.console.login.access import COOKIE
from bot.console.login.demo import AGENTS
from bot.console.login.demo import PASSWORD as DEMO_PASSWORD
from bot.database import Database
from tests.bot.conftest import Serve
from tests.bot.console.conftest import API, PASSWORD, Browser

Browse = Callable[..., Browser]
NEW = "another horse battery"


def test_who_signs_in_is_known_until_they_sign_out(client: TestClient, hire: Callable[..., str]) -> None:
    agent_id = hire("anna@shop.example")
    browser = Browser(client)
    assert client.get(f"{API}/session").json() == {"me": None, "csrf": None, "ended": None, "demo": None}
    assert browser.get("/me").status_code == 401
    assert browser.sign_in(" Anna@Shop.example ").status_code == 200
    assert browser.get("/me").json()["id"] == agent_id
    assert client.get(f"{API}/session").json()["csrf"] == browser.csrf
    assert browser.write("DELETE", "/session").status_code == 204
    assert browser.get("/me").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient, hire: Callable[..., str]) -> None:
    hire("anna@shop.example")
    kept = Browser(client).sign_in("anna@shop.example").headers["set-cookie"]
    assert kept.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/console"} <= {part.strip() for part in kept.split(";")}
    assert "Secure" not in kept


def test_behind_https_the_cookie_never_goes_out_in_the_clear(serve: Serve) -> None:
    client = serve(public_url="https://chat.example.com", demo=True)
    answer = Browser(client).sign_in(AGENTS[0].email, DEMO_PASSWORD)
    assert "Secure" in answer.headers["set-cookie"]


def test_the_database_holds_neither_token_nor_password(anna: Browser, tmp_path: Path) -> None:
    token = anna.http.cookies[COOKIE]
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("kefu.db*"))
    assert sessions.session_id(token).encode() in stored
    for secret in (token, PASSWORD, anna.csrf):
        assert secret.encode() not in stored


def test_signing_in_makes_a_new_session_and_ends_the_one_before(anna: Browser) -> None:
    before, csrf = anna.http.cookies[COOKIE], anna.csrf
    assert anna.sign_in("anna@shop.example").status_code == 200
    assert anna.http.cookies[COOKIE] != before and anna.csrf != csrf
    old = Browser(TestClient(anna.http.app, cookies={COOKIE: before}), csrf)
    assert old.get("/me").status_code == 401


def test_a_session_that_was_chosen_for_somebody_is_not_taken(client: TestClient, hire: Callable[..., str]) -> None:
    """Session fixation: the cookie that an attacker planted does not become the agent's."""
    hire("anna@shop.example")
    client.cookies.set(COOKIE, "planted-by-an-attacker", path="/console")
    Browser(client).sign_in("anna@shop.example")
    planted = TestClient(client.app, cookies={COOKIE: "planted-by-an-attacker"})
    assert planted.get(f"{API}/me").status_code == 401


@pytest.mark.parametrize("column", ["seen_at", "created_at"])
def test_a_session_ends_by_itself(anna: Browser, database: Database, column: str) -> None:
    """By not being used for an hour, and after twelve hours in any case."""
    hours = {"seen_at": 1.01, "created_at": 12.01}[column]
    with database.transaction() as session:
        session.connection().exec_driver_sql(f"UPDATE console_sessions SET {column} = {column} - {hours * 3600}")
    assert anna.get("/me").status_code == 401
    assert anna.http.get(f"{API}/session").json() == {"me": None, "csrf": None, "ended": "expired", "demo": None}


def test_being_used_keeps_it_from_ending(anna: Browser, database: Database) -> None:
    def idle(seconds: float) -> None:
        with database.transaction() as session:
            session.connection().exec_driver_sql(f"UPDATE console_sessions SET seen_at = seen_at - {seconds}")

    for _ in range(3):
        idle(3000)
        assert anna.get("/me").status_code == 200


def test_signing_out_everywhere_ends_every_session(browse: Browse) -> None:
    here, there = browse("anna"), browse("anna")
    assert [one["is_this"] for one in here.get("/sessions").json()].count(True) == 1
    assert len(here.get("/sessions").json()) == 2
    assert here.write("DELETE", "/sessions").status_code == 204
    assert [one.get("/me").status_code for one in (here, there)] == [401, 401]
    assert [one.get("/session").json()["ended"] for one in (here, there)] == [None, "ended"]


def test_a_new_password_ends_the_other_sessions_only(browse: Browse) -> None:
    here, there = browse("anna"), browse("anna")
    assert here.post("/password", {"current": PASSWORD, "new": NEW}).status_code == 204
    assert [one.get("/me").status_code for one in (here, there)] == [200, 401]
    assert there.sign_in("anna@shop.example").status_code == 401
    assert there.sign_in("anna@shop.example", NEW).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "status", "title"),
    [
        ("wrong", NEW, 403, "Wrong password"),
        (PASSWORD, "short", 422, "Weak password"),
        (PASSWORD, "aaaaaaaaaaaa", 422, "Weak password"),
        (PASSWORD, "anna@shop.example", 422, "Weak password"),
        (PASSWORD, PASSWORD, 422, "Weak password"),
    ],
)
def test_a_password_is_not_changed_to_anything(anna: Browser, current: str, new: str, status: int, title: str) -> None:
    answer = anna.post("/password", {"current": current, "new": new})
    assert (answer.status_code, answer.json()["title"]) == (status, title)
    assert anna.sign_in("anna@shop.example").status_code == 200


def test_a_temporary_password_lets_in_to_change_it_and_nothing_else(admin: Browser, client: TestClient) -> None:
    made = admin.post("/admin/agents", {"name": "Mia", "email": "mia@shop.example"}).json()
    mia = Browser(TestClient(client.app))
    assert mia.sign_in("mia@shop.example", made["password"]).json()["me"]["must_change_password"] is True
    refused = mia.get("/queue")
    assert (refused.status_code, refused.json()["title"]) == (403, "Change your password")
    assert mia.post("/password", {"current": made["password"], "new": NEW}).status_code == 204
    assert mia.get("/queue").status_code == 200


def test_who_is_switched_off_is_out_at_once_and_stays_out(admin: Browser, anna: Browser) -> None:
    assert admin.write("PATCH", f"/admin/agents/{anna.id}", {"is_active": False}).status_code == 200
    assert anna.get("/me").status_code == 401
    assert anna.sign_in("anna@shop.example").json()["title"] == "Wrong e-mail or password"


def test_everybody_may_be_a_demo_agent_while_it_is_a_demo(serve: Serve) -> None:
    client = serve(demo=True)
    shown = client.get(f"{API}/session").json()["demo"]
    assert [one["role"] for one in shown] == ["agent", "agent", "supervisor", "admin"]
    for one in shown:
        assert Browser(client).sign_in(one["email"], one["password"]).json()["me"]["role"] == one["role"]


def test_the_demo_agents_do_not_come_in_once_it_is_no_demo_any_more(serve: Serve) -> None:
    assert Browser(serve(demo=True)).sign_in(AGENTS[3].email, DEMO_PASSWORD).status_code == 200
    real = serve(demo=False)
    assert real.get(f"{API}/session").json()["demo"] is None
    assert Browser(real).sign_in(AGENTS[3].email, DEMO_PASSWORD).status_code == 401


def test_agents_are_there_when_they_sign_in_and_gone_when_they_sign_out(browse: Browse) -> None:
    """Those who look after them are not: nothing is offered to who only looks at figures."""
    here, there, sam = browse("anna"), browse("anna"), browse("sam", "supervisor")
    for browser in (here, there):
        browser.sign_in("anna@shop.example")
    sam.write("PUT", "/me/presence", {"presence": "offline"})
    sam.sign_in("sam@shop.example")

    def presences() -> dict[str, str]:
        return {one["name"]: one["presence"] for one in sam.get("/people").json()}

    assert presences() == {"Anna": "online", "Sam": "offline"}
    here.write("DELETE", "/session")
    assert presences()["Anna"] == "online"
    there.write("DELETE", "/session")
    assert presences()["Anna"] == "offline"


def test_another_site_cannot_sign_anybody_in(client: TestClient, hire: Callable[..., str]) -> None:
    """Login CSRF: the visitor would write into the attacker's account."""
    hire("anna@shop.example")
    login = {"email": "anna@shop.example", "password": PASSWORD}
    answer = client.post(f"{API}/session", json=login, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["title"]) == (403, "Not your own page")
    assert client.post(f"{API}/session", content="email=anna", headers={"Content-Type": "text/plain"}).status_code in (
        400,
        415,
        422,
    )
    own = client.post(f"{API}/session", json=login, headers={"Origin": "http://testserver"})
    assert own.status_code == 200


def test_logins_are_counted_and_written_down(client: TestClient, admin: Browser, anna: Browser) -> None:
    Browser(TestClient(client.app)).sign_in("anna@shop.example", "wrong")
    metrics = client.get("/metrics").text
    assert 'kefu_console_logins_total{outcome="in"} 2.0' in metrics
    assert 'kefu_console_logins_total{outcome="wrong"} 1.0' in metrics
    entries = admin.get(f"/admin/audit?actor={anna.id}").json()["entries"]
    assert [one["operation"] for one in entries] == ["sign_in_refused", "sign_in"]
    assert entries[0]["details"] == {"why": "password"}
    assert PASSWORD not in str(entries)


def test_a_hash_of_weaker_times_is_made_anew(
    anna: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher

    from bot.console.login import passwords

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert anna.sign_in("anna@shop.example").status_code == 200
    with database.read() as connection:
        stored = accounts.password_hash(connection, anna.id)
    assert stored is not None and "t=2" in stored
