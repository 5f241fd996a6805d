"""A database that was a demo's, and is a shop's now."""

import pytest
from fastapi.testclient import TestClient

from bot.console.login import accounts
from bot.console.login.demo import AGENTS, PASSWORD
from bot.database import Database
from tests.bot.conftest import Serve
from tests.bot.console.conftest import API, Browser, make_agent

OWN = "owner@shop.example"


@pytest.fixture
def demo_admin(database: Database, serve: Serve) -> Browser:  # noqa: ARG001  (its service is no demo and comes first)
    browser = Browser(serve(demo=True))
    assert browser.sign_in(AGENTS[3].email, PASSWORD).status_code == 200
    return browser


def is_active(database: Database, email: str) -> bool:
    with database.read() as connection:
        account = accounts.find_by_email(connection, email)
    assert account is not None
    return account.agent.is_active


def with_cookie_of(real: TestClient, browser: Browser) -> int:
    return real.get(f"{API}/me", headers={"Cookie": f"kefu_console={browser.http.cookies['kefu_console']}"}).status_code


def test_a_demo_agents_session_ends_with_the_demo(database: Database, serve: Serve, demo_admin: Browser) -> None:
    assert with_cookie_of(serve(demo=True), demo_admin) == 200
    assert with_cookie_of(serve(demo=False), demo_admin) == 401
    assert not any(is_active(database, one.email) for one in AGENTS)
    assert Browser(serve(demo=True)).sign_in(AGENTS[0].email, PASSWORD).status_code == 200


def test_whomever_the_demos_administrator_let_in_is_out_too(
    database: Database, serve: Serve, demo_admin: Browser
) -> None:
    make_agent(database, OWN, "admin")
    made = demo_admin.post("/admin/agents", {"name": "Eve", "email": "eve@evil.example", "role": "admin"}).json()
    eve = Browser(serve(demo=True))
    eve.sign_in("eve@evil.example", made["password"])
    eve.post("/password", {"current": made["password"], "new": "a password of eve's own"})
    assert eve.post("/admin/agents", {"name": "Mallory", "email": "mal@evil.example"}).status_code == 201
    real = serve(demo=False)
    assert with_cookie_of(real, eve) == 401
    assert Browser(real).sign_in("eve@evil.example", "a password of eve's own").status_code == 401
    assert not is_active(database, "mal@evil.example")
    assert Browser(real).sign_in(OWN).status_code == 200
