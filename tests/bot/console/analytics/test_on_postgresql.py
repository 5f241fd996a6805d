"""The same week and the same figures on PostgreSQL."""

import time
from collections.abc import Iterator

import pytest

from bot.console.analytics import overview
from bot.console.analytics.board import Now, board
from bot.console.analytics.catching_up import catch_up
from bot.console.analytics.figures import figures_of
from bot.console.analytics.gaps import Looking
from bot.console.analytics.reading import Filters, read_visits
from bot.conversation import ratings
from bot.database import Database, open_database, upgrade
from tests.bot import servers
from tests.bot.console.analytics.test_figures import CONTAINED, LATER, MONDAY, WEEK, a_week, visits
from tests.bot.console.analytics.test_gaps import by_first_word


@pytest.fixture(scope="module")
def week() -> Iterator[Database]:
    with servers.postgres() as url:
        database = open_database(url)
        upgrade(database)
        yield a_week(database)
        database.close()


def test_the_figures_are_those_of_sqlite(week: Database) -> None:
    found = visits(week)
    assert {visit.conversation_id for visit in found if LATER.is_contained(visit)} == CONTAINED
    of = figures_of(found, LATER)
    assert (of.visits, of.customers, of.messages, of.satisfaction.mean) == (11, 9, 15, 3.5)
    assert len(visits(week, Filters(channel="line", intent="out_of_scope", segment=""))) == 1
    assert catch_up(week) == 0


def test_the_pages_can_be_read(week: Database) -> None:
    with week.read() as connection:
        found = read_visits(connection, WEEK, Filters())
        page = overview.of(connection, found, WEEK, LATER, "agent", "en")
        assert [(load.name, load.handled) for load in page.agents] == [("Anna", 1), ("Li Mei", 1)]
        assert [group.name for group in page.groups] == ["Anna", "Li Mei"]
        shown = board(connection, Now(MONDAY + 3600, "2026-03-02", MONDAY - 3600, 300.0), [])
        assert (shown.today.visits, shown.today.late) == (11, 1)
        gaps = Looking(connection, WEEK, None, by_first_word, lambda text, *_: text).gaps("en", least=1)
        assert sum(gap.size for gap in gaps) == 2


def test_a_rating_is_kept(week: Database) -> None:
    now = time.time()
    with week.writing() as connection:
        ratings.ask(connection, "web:ann", None, 2, now)
        asked = ratings.latest(connection, "web:ann")
        assert asked is not None
        ratings.keep_score(connection, asked.id, 5, 3, now)
        ratings.keep_comment(connection, asked.id, "好")
        kept = ratings.latest(connection, "web:ann")
        connection.rollback()
    assert kept is not None
    assert (kept.score, kept.comment, kept.turn) == (5, "好", 3)
