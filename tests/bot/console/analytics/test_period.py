from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.console.analytics.period import Period
from bot.problem import Problem
from tests.bot.console.analytics.made_up import HOUR, ZONE, at


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [
        *((date(2026, 3, 8), date(2026, 3, 8), 23), (date(2026, 11, 1), date(2026, 11, 1), 25)),
        *((date(2026, 3, 2), date(2026, 3, 8), 167), (date(2026, 7, 1), date(2026, 7, 2), 48)),
    ],
)
def test_a_day_is_as_long_as_the_clock_made_it(first: date, last: date, hours: int) -> None:
    period = Period(first, last, ZONE)
    assert period.until - period.since == hours * HOUR


def test_a_message_belongs_to_the_day_that_the_shops_clock_shows() -> None:
    period = Period(date(2026, 3, 7), date(2026, 3, 9), ZONE)
    assert period.days == ["2026-03-07", "2026-03-08", "2026-03-09"]
    assert period.day_of(at("2026-03-08 23:59")) == "2026-03-08"
    assert period.day_of(at("2026-03-09 00:00")) == "2026-03-09"
    shanghai = Period(period.first, period.last, ZoneInfo("Asia/Shanghai"))
    assert shanghai.day_of(at("2026-03-08 23:59")) == "2026-03-09"


def test_where_nothing_is_said_it_is_the_last_thirty_days() -> None:
    period = Period.of(None, None, ZONE, at("2026-03-31 23:30"))
    assert (period.first, period.last) == (date(2026, 3, 2), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 3, 2), date(2026, 3, 1)), (date(2024, 1, 1), date(2026, 1, 1))]
)
def test_a_period_that_cannot_be_counted_is_refused(first: date, last: date) -> None:
    with pytest.raises(Problem):
        Period.of(first, last, ZONE, at("2026-03-31 23:30"))
