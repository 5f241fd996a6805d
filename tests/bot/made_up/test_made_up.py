"""Made-up conversations: held with the real bot, put into the past, delivered, tagged, and made once."""

import time
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.assembly import Kefu, assemble
from bot.database import Database, open_database, upgrade
from bot.made_up.dating import Diary
from bot.made_up.talking import make_up, read_scripts
from bot.settings import Settings
from knowledge.shop.columns import utc_now
from knowledge.shop.demo.seeding import seed

DAY = 86_400.0


def test_a_moment_is_as_long_after_the_last_entry_as_it_really_was() -> None:
    diary = Diary()
    diary.note(1000.0, 50.0)
    diary.note(1001.0, 90.0)
    assert [diary.moved(moment) for moment in (1000.0, 1000.5, 1001.2)] == [50.0, 50.5, pytest.approx(90.2)]


def test_every_script_says_something_in_its_language() -> None:
    scripts = read_scripts()
    assert {script.language for script in scripts} == {"en", "zh"}
    assert sum(script.is_waiting for script in scripts) == 3
    for script in scripts:
        is_chinese = any("\u4e00" <= sign <= "\u9fff" for sign in "".join(script.says))
        assert is_chinese == (script.language == "zh")


@pytest.fixture
def kefu(tmp_path: Path) -> Kefu:
    url = f"sqlite:///{tmp_path}/kefu.db"
    database = open_database(url, "OFF")
    upgrade(database)
    with database.transaction() as session:
        seed(session, seed=7, customers=40, now=utc_now(), progress=lambda *_: None)
    database.close()
    return assemble(Settings(database_url=url, sqlite_synchronous="NORMAL", demo=True))


def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


async def test_they_are_held_once_and_lie_in_the_past(kefu: Kefu) -> None:
    now = time.time()
    assert await make_up(kefu, count=25, days=7, seed=3) == 28
    assert await make_up(kefu, count=25, days=7, seed=3) == 0
    database = kefu.database
    assert rows(database, "SELECT COUNT(*) FROM tags WHERE tag = 'made-up'") == [(28,)]
    began = [float(str(at)) for (at,) in rows(database, "SELECT began_at FROM visits ORDER BY began_at")]
    assert len(began) == 28
    assert all(now - 9 * DAY < at < now - 3000 for at in began[:-3])
    assert all(now - 1800 < at < now + 60 for at in began[-3:]), "three wait now"
    assert rows(database, "SELECT DISTINCT status FROM outbox") == [("delivered",)]
    assert rows(database, "SELECT COUNT(*) FROM handoffs WHERE state = 'requested'") == [(3,)]
    [(late,)] = rows(database, "SELECT MAX(answered_seconds) FROM visits")
    assert 0 < float(str(late)) < 20, "answers stay as quick as they were"
    order = rows(database, "SELECT COUNT(*) FROM handoffs WHERE taken_at < requested_at OR ended_at < taken_at")
    assert order == [(0,)]
    await kefu.close()
