"""How fast a channel sends, and for whom a platform's pause holds."""

from types import SimpleNamespace

import pytest

from bot.messaging.pace import Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Its hands are moved by the test."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr("bot.messaging.pace.time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_a_limit_of_one_person_is_theirs_and_of_two_at_a_time_everybodys(clock: SimpleNamespace) -> None:
    pace = Pace(25)
    pace.limit("telegram:ann", 30)
    pace.limit("telegram:ann", 30)
    assert not pace.is_paused
    pace.limit("telegram:bob", 5)
    assert pace.is_paused
    clock.now += 6
    assert not pace.is_paused


def test_a_limit_that_is_over_says_nothing_of_the_next_one(clock: SimpleNamespace) -> None:
    pace = Pace(25)
    pace.limit("telegram:ann", 3)
    clock.now += 4
    pace.limit("telegram:bob", 3)
    assert not pace.is_paused
