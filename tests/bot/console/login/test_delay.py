import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from bot.console.login import delay, passwords
from bot.console.login.delay import FREE_TRIES, LONGEST_WAIT_SECONDS, Door, waiting
from bot.database import Database
from tests.bot.console.conftest import PASSWORD, Browser, make_agent

WRONG = 401


def tries(browser: Browser, email: str, count: int) -> list[int]:
    return [browser.sign_in(email, "wrong").status_code for _ in range(count)]


def test_the_wait_grows_and_has_an_end() -> None:
    waits = [waiting(failures, 5) for failures in range(1, 16)]
    assert waits[:4] == [0.0] * 4
    assert waits[4:9] == [15.0, 30.0, 60.0, 120.0, 240.0]
    assert waits == sorted(waits) and max(waits) == LONGEST_WAIT_SECONDS
    assert waiting(10**6, 5) == LONGEST_WAIT_SECONDS


def test_the_right_password_waits_too_and_then_starts_anew(
    client: TestClient, hire: Callable[..., str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire("anna@shop.example")
    browser = Browser(client)
    assert tries(browser, "anna@shop.example", 5) == [WRONG] * 5
    locked = browser.sign_in("anna@shop.example", PASSWORD)
    assert (locked.status_code, locked.json()["title"]) == (429, "Locked")
    assert 1 <= int(locked.headers["retry-after"]) <= 15
    later = time.time() + 16
    monkeypatch.setattr(time, "time", lambda: later)
    assert browser.sign_in("anna@shop.example", PASSWORD).status_code == 200
    with database.read() as connection:
        assert delay.locked_until(connection, "anna@shop.example") is None


def test_an_account_that_is_not_there_is_locked_just_the_same(client: TestClient, hire: Callable[..., str]) -> None:
    hire("anna@shop.example")
    answers = {}
    for email in ("anna@shop.example", "nobody@shop.example"):
        found = [Browser(client).sign_in(email, "wrong") for _ in range(7)]
        answers[email] = [(one.status_code, one.json()["title"], one.json()["detail"][:20]) for one in found]
    assert answers["anna@shop.example"] == answers["nobody@shop.example"]
    assert [status for status, *_ in answers["nobody@shop.example"]] == [WRONG] * 5 + [429, 429]


def test_many_names_from_one_address_are_locked_by_the_address(client: TestClient, hire: Callable[..., str]) -> None:
    """Password spraying: one try each for very many accounts."""
    hire("anna@shop.example")
    found = [Browser(client).sign_in(f"a{number}@shop.example", "wrong").status_code for number in range(22)]
    assert found == [WRONG] * FREE_TRIES["address"] + [429, 429]
    assert Browser(client).sign_in("anna@shop.example").status_code == 429


def test_tries_at_the_same_moment_are_many_tries(database: Database) -> None:
    """Each counts before a password is looked at: a hundred in parallel are no hundred guesses."""

    def attempt(number: int) -> float:
        with database.writing() as connection:
            wait = delay.begin_try(connection, Door("anna@shop.example", f"10.0.0.{number}"), time.time())
            connection.commit()
        return wait

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(attempt, range(100)))
    assert sum(wait == 0 for wait in waits) == FREE_TRIES["account"]


def test_old_tries_are_forgotten(database: Database) -> None:
    door, now = Door("anna@shop.example", "10.0.0.1"), time.time()
    with database.writing() as connection:
        for _ in range(4):
            assert delay.begin_try(connection, door, now) == 0
        for _ in range(4):
            assert delay.begin_try(connection, door, now + 90_000) == 0
        connection.commit()


def test_neither_names_nor_addresses_are_stored(database: Database) -> None:
    with database.writing() as connection:
        delay.begin_try(connection, Door("anna@shop.example", "10.0.0.1"), time.time())
        connection.commit()
        rows = connection.exec_driver_sql("SELECT * FROM login_tries").all()
    assert len(rows) == 2 and "anna" not in str(rows) and "10.0.0.1" not in str(rows)


def test_a_wrong_password_takes_as_long_whether_or_not_the_name_is_known(
    client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=4096, parallelism=1))
    monkeypatch.setattr(delay, "FREE_TRIES", {"account": 10**6, "address": 10**6})
    passwords._nobodys.cache_clear()
    make_agent(database, "anna@shop.example")
    browser = Browser(client)

    def seconds(email: str) -> float:
        started = time.perf_counter()
        browser.sign_in(email, "wrong")
        return time.perf_counter() - started

    for email in ("anna@shop.example", "nobody@shop.example"):
        seconds(email)
    pairs = [(seconds("anna@shop.example"), seconds("nobody@shop.example")) for _ in range(15)]
    known, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert 0.6 < known / unknown < 1.6, (known, unknown)
