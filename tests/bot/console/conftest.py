"""A console to sign in to: agents of each role, and browsers of theirs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.console.login import accounts, passwords
from bot.console.person import Role
from bot.database import Database, open_database

PASSWORD = "correct horse battery"
API = "/console/api"


@dataclass
class Browser:
    """Somebody's browser: it keeps the cookie and shows the CSRF token on every write, as the console's pages do."""

    http: TestClient
    csrf: str = ""
    me: dict[str, Any] | None = None

    def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> Any:
        answer = self.http.post(f"{API}/session", json={"email": email, "password": password, **more})
        if answer.status_code == 200 and "csrf" in answer.json():
            self.csrf, self.me = answer.json()["csrf"], answer.json()["me"]
        return answer

    def get(self, path: str, **options: Any) -> Any:
        return self.http.get(API + path, **options)

    def post(self, path: str, body: object = None) -> Any:
        return self.write("POST", path, body)

    def write(self, method: str, path: str, body: object = None) -> Any:
        return self.http.request(method, API + path, json=body, headers={"X-CSRF-Token": self.csrf})

    @property
    def id(self) -> str:
        assert self.me
        return str(self.me["id"])


@pytest.fixture
def database(tmp_path: Path, client: TestClient) -> Database:  # noqa: ARG001  (the tables must be there)
    return open_database(f"sqlite:///{tmp_path}/kefu.db")


@pytest.fixture
def hire(database: Database) -> Callable[..., str]:
    """Make an agent; returns the id."""
    return lambda email, role="agent", **more: make_agent(database, email, role, **more)


def make_agent(database: Database, email: str, role: Role = "agent", name: str = "", **more: Any) -> str:
    now = time.time()
    with database.writing() as connection:
        account = accounts.add(connection, email, name or email.split("@")[0].title(), role, now, **more)
        accounts.set_password(connection, account.id, passwords.hashed(PASSWORD), False, now)
        connection.commit()
    return account.id


@pytest.fixture
def browse(client: TestClient, hire: Callable[..., str]) -> Callable[..., Browser]:
    """A browser in which the agent of that role is signed in; made when there is none yet."""
    made: set[str] = set()

    def start(name: str = "anna", role: Role = "agent", **more: Any) -> Browser:
        email = f"{name}@shop.example"
        if email not in made:
            hire(email, role, **more)
            made.add(email)
        browser = Browser(another(client))
        assert browser.sign_in(email).status_code == 200
        browser.write("PUT", "/me/presence", {"presence": "away"})  # so that nothing is offered by itself
        return browser

    return start


def another(client: TestClient) -> TestClient:
    """Another browser of the same running service: without its cookies, on its event loop."""
    made = TestClient(client.app, raise_server_exceptions=False)
    made.portal = client.portal
    return made


@pytest.fixture
def anna(browse: Callable[..., Browser]) -> Browser:
    return browse("anna")


@pytest.fixture
def admin(browse: Callable[..., Browser]) -> Browser:
    return browse("ada", "admin")


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least of work; what it costs otherwise is tested where passwords are."""
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
