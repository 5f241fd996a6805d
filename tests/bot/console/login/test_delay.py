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
DAY = 86_400


def attempt(database: Database, address: str, now: float, email: str = "anna@shop.example") -> float:
    """A try that goes wrong; returns how long it has to wait instead."""
    with database.writing() as connection:
        wait = delay.begin_try(connection, Door(email, address), now)
        connection.commit()
    return wait


def come_in(database: Database, address: str, now: float) -> None:
    with database.writing() as connection:
        assert delay.begin_try(connection, Door("anna@shop.example", address), now) == 0
        delay.succeeded(connection, Door("anna@shop.example", address), now)
        connection.commit()


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
    assert found == [WRONG] * FREE_TRIES["place"] + [429, 429]
    assert Browser(client).sign_in("anna@shop.example").status_code == 429


@pytest.mark.parametrize(("places", "free"), [(1, FREE_TRIES["here"]), (100, FREE_TRIES["account"])])
def test_tries_at_the_same_moment_are_many_tries(database: Database, places: int, free: int) -> None:
    """Each counts before a password is looked at: a hundred in parallel are no hundred guesses."""
    now = time.time()
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda number: attempt(database, f"10.0.0.{number % places}", now), range(100)))
    assert sum(wait == 0 for wait in waits) == free


def test_a_stranger_elsewhere_keeps_nobody_out(database: Database) -> None:
    now = time.time()
    come_in(database, "10.0.0.1", now)
    while attempt(database, "192.0.2.66", now) == 0:
        pass
    assert attempt(database, "10.0.0.2", now) == 0, "also from where nobody has come in yet"
    come_in(database, "10.0.0.1", now)


def test_many_places_that_guess_at_one_account_are_slowed_but_not_who_is_known_there(database: Database) -> None:
    now = time.time()
    come_in(database, "10.0.0.1", now)
    waits = [attempt(database, f"192.0.2.{number}", now) for number in range(60)]
    assert [wait == 0 for wait in waits] == [True] * FREE_TRIES["account"] + [False] * (60 - FREE_TRIES["account"])
    come_in(database, "10.0.0.1", now)
    assert attempt(database, "198.51.100.7", now) > 0, "that Anna came in does not help those who guess"
    come_in(database, "10.0.0.1", now + 29 * DAY)
    come_in(database, "10.0.0.1", now + 58 * DAY)


def test_a_place_is_not_known_for_ever(database: Database) -> None:
    now = time.time()
    come_in(database, "10.0.0.1", now)
    later = now + 31 * DAY
    for number in range(FREE_TRIES["account"]):
        attempt(database, f"192.0.2.{number}", later)
    assert attempt(database, "10.0.0.1", later) > 0


def test_a_known_place_has_few_tries_as_well(database: Database) -> None:
    now = time.time()
    come_in(database, "10.0.0.1", now)
    waits = [attempt(database, "10.0.0.1", now) for _ in range(FREE_TRIES["here"] + 1)]
    assert waits == [0.0] * FREE_TRIES["here"] + [delay.FIRST_WAIT_SECONDS]


def test_a_new_password_ends_every_wait_for_the_account(database: Database) -> None:
    now = time.time()
    for number in range(60):
        attempt(database, f"192.0.2.{number % 9}", now)
    with database.writing() as connection:
        assert delay.locked_until(connection, "anna@shop.example") == now + delay.FIRST_WAIT_SECONDS
        delay.forgive(connection, "Anna@shop.example")
        assert delay.locked_until(connection, "anna@shop.example") is None
        connection.commit()
    assert attempt(database, "192.0.2.1", now) == 0


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("testclient", "", False),
    ],
)
def test_whoever_can_choose_an_address_as_they_like_has_one_place(one: str, other: str, is_same: bool) -> None:
    assert (delay.place_of(one) == delay.place_of(other)) is is_same


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
    assert len(rows) == 3 and "anna" not in str(rows) and "10.0.0.1" not in str(rows)


def test_a_wrong_password_takes_as_long_whether_or_not_the_name_is_known(
    client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=4096, parallelism=1))
    monkeypatch.setattr(delay, "FREE_TRIES", dict.fromkeys(FREE_TRIES, 10**6))
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
