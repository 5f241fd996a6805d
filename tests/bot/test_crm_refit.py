"""The nightly fit: when, by whom, and that nothing it does stops the service."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import crm_refit
from bot.crm_refit import claim, environment, refit_nightly, refit_once, seconds_until
from bot.database import Database, open_database, upgrade
from bot.settings import Settings

NIGHT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path}/kefu.db", crm_models=tmp_path / "crm", crm_refit_hour=3)


@pytest.fixture
def database(settings: Settings) -> Database:
    database = open_database(settings)
    upgrade(database)
    return database


def running(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Instead of `python -m bot crm fit`."""
    monkeypatch.setattr(crm_refit, "quietly", lambda: (sys.executable, "-c", program))


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (NIGHT.replace(hour=2, minute=30), 1800),
        (NIGHT, 86_400),
        (NIGHT.replace(minute=1), 86_340),
        (NIGHT.replace(hour=22), 5 * 3600),
    ],
)
def test_it_waits_for_the_next_time_the_clock_strikes(now: datetime, seconds: float) -> None:
    assert seconds_until(3, now) == seconds


def test_one_process_a_day_does_it(database: Database) -> None:
    assert [claim(database, NIGHT), claim(database, NIGHT)] == [True, False]
    assert claim(database, NIGHT.replace(day=21))


async def test_it_runs_beside_the_service_on_the_same_database(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = "import os, sys, pathlib; pathlib.Path(sys.argv[1]).write_text(os.environ['KEFU_DATABASE_URL'])"
    running(monkeypatch, said.replace("sys.argv[1]", repr(str(tmp_path / "said"))))
    assert await refit_once(settings, database, NIGHT)
    assert (tmp_path / "said").read_text() == settings.database_url
    assert not await refit_once(settings, database, NIGHT), "once a day"


async def test_a_fit_that_fails_says_why_and_is_no_end(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    running(monkeypatch, "import sys; sys.exit('no purchases before today')")
    with caplog.at_level(logging.WARNING):
        assert not await refit_once(settings, database, NIGHT)
    assert "no purchases before today" in caplog.text


async def test_no_process_is_left_behind_when_the_service_stops(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    running(
        monkeypatch,
        f"import os, time, pathlib; pathlib.Path({str(pid)!r}).write_text(str(os.getpid())); time.sleep(60)",
    )
    task = asyncio.create_task(refit_once(settings, database, NIGHT))
    while not pid.exists() or not pid.read_text():
        await asyncio.sleep(0.05)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert not Path(f"/proc/{pid.read_text()}").exists()


async def test_it_goes_on_after_a_bad_night(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights: list[int] = []
    third = asyncio.Event()

    async def bad(*_: object) -> bool:
        nights.append(1)
        if len(nights) == 3:
            third.set()
        raise OSError("no such program")

    monkeypatch.setattr(crm_refit, "refit_once", bad)
    monkeypatch.setattr(crm_refit, "seconds_until", lambda *_: 0.01)
    task = asyncio.create_task(refit_nightly(settings, database, lambda: NIGHT))
    await asyncio.wait_for(third.wait(), 30)
    assert not task.done()
    task.cancel()


async def test_it_is_off_without_an_hour_and_without_the_extra(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await refit_nightly(settings.model_copy(update={"crm_refit_hour": None}), database, lambda: NIGHT)
    monkeypatch.setattr(crm_refit, "NEEDED", ("nothing_of_that_name",))
    with caplog.at_level(logging.WARNING):
        await refit_nightly(settings, database, lambda: NIGHT)
    assert "kefu[crm]" in caplog.text


def test_the_process_is_told_where_everything_is(settings: Settings) -> None:
    told: Mapping[str, str] = environment(settings)
    assert told["KEFU_DATABASE_URL"] == settings.database_url
    assert Path(told["KEFU_CRM_MODELS"]).is_absolute()
