"""Containment and the rest against a week that was counted by hand."""

import time
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from bot.console.analytics import overview
from bot.console.analytics.catching_up import catch_up
from bot.console.analytics.exporting import figures_csv
from bot.console.analytics.figures import (
    Moment,
    against_of,
    behind,
    figures_of,
    grouped,
    groups_by,
    keys_by,
    reasons_of,
)
from bot.console.analytics.period import Period
from bot.console.analytics.reading import Filters, Visit, read_visits
from bot.database import Database
from knowledge.profiles.schema import ProfileRow
from tests.bot.console.analytics.made_up import HOUR, ZONE, MadeUp, at, hire

WEEK = Period(date(2026, 3, 2), date(2026, 3, 8), ZONE)
LATER = Moment(at("2026-03-20 12:00"))
MONDAY = at("2026-03-02 10:00")

CONTAINED = {"web:ann", "line:bao", "web:eve-2"}
"""The hand count: settled, no person, no return within 24 h, no bad end, not rated 1 or 2."""


@pytest.fixture
def week(tables: Database) -> Database:
    return a_week(tables)


def a_week(tables: Database) -> Database:
    """Eleven visits of a week; beside each what speaks against containment."""
    hire(tables, "a1", "Anna")
    hire(tables, "a2", "Li Mei")
    MadeUp(tables, "web:ann").says(MONDAY, "where is it?").says(MONDAY + 60, "thanks", "thank", mood=0.9)  # none
    bao = MadeUp(tables, "line:bao", "c-bao", "zh").says(MONDAY, "我的订单到哪了")  # none: came back after 30 h
    bao.says(MONDAY + 30 * HOUR, "还没到！", "complaint", mood=-0.9)  # complaint
    MadeUp(tables, "web:cem", "c-cem").says(MONDAY, "refund?", "refund_status")  # returned, on another channel
    MadeUp(tables, "line:cem", "c-cem").says(
        MONDAY + 20 * HOUR, "refund??", "refund_status", kind="fallback"
    )  # unanswered
    dan = MadeUp(tables, "web:dan").says(MONDAY, "a person please", "human_handoff").calls_person(MONDAY + 2)  # person
    dan.taken(MONDAY + 60, "a1", answers=MONDAY + 90).says(MONDAY + 2 * HOUR, "thanks Anna", "thank", kind="person")
    dan.resolved(MONDAY + 2 * HOUR + 30).rated(MONDAY + 2 * HOUR + 31, 5, "she was lovely", is_person=True)
    eve = MadeUp(tables, "web:eve").says(MONDAY, "do you gift wrap?", "out_of_scope", kind="dont_know")  # unanswered
    eve.says(MONDAY + 10, "ok I hate this", "small_talk", mood=-0.8)  # upset, since this is the last message
    MadeUp(tables, "web:eve-2").says(MONDAY, "hello", "greet").says(MONDAY + 5, "opening hours?", "ask_hours")  # none
    MadeUp(tables, "web:fay").says(MONDAY, "cancel it", "cancel_order").rated(MONDAY + 9, 2, "too slow")  # low_score
    MadeUp(tables, "web:gus").says(MONDAY, "pay", "ask_payment", kind="failure")  # failed
    hao = MadeUp(tables, "line:hao", None, "zh").says(MONDAY, "转人工", "human_handoff", mood=-0.6)  # person, upset
    hao.calls_person(MONDAY + 1, "angry").taken(MONDAY + 600, "a2", answers=MONDAY + 601)
    catch_up(tables)
    return tables


def visits(database: Database, filters: Filters | None = None, period: Period = WEEK) -> list[Visit]:
    with database.read() as connection:
        return read_visits(connection, period, filters or Filters())


def test_the_conversations_are_cut_into_the_visits_that_were_counted(week: Database) -> None:
    found = visits(week)
    assert len(found) == 11
    assert sorted((v.conversation_id, v.messages) for v in found if v.messages > 1) == [
        *(("web:ann", 2), ("web:dan", 2), ("web:eve", 2), ("web:eve-2", 2)),
    ]


def test_containment_is_what_was_counted_by_hand(week: Database) -> None:
    found = visits(week)
    assert {v.conversation_id for v in found if LATER.is_contained(v)} == CONTAINED
    of = figures_of(found, LATER).containment
    assert (of.count, of.of) == (3, 11)
    assert of.share == pytest.approx(3 / 11)
    assert of.low == pytest.approx(0.0975, abs=1e-3)
    assert of.high == pytest.approx(0.5656, abs=1e-3)


@pytest.mark.parametrize(
    ("conversation_id", "against"),
    [
        *(("web:ann", []), ("web:cem", ["returned"]), ("line:cem", ["unanswered"]), ("web:dan", ["person"])),
        *(("web:eve", ["upset"]), ("web:fay", ["low_score"]), ("web:gus", ["failed"])),
        ("line:hao", ["person", "upset"]),
    ],
)
def test_each_visit_says_what_speaks_against_it(week: Database, conversation_id: str, against: list[str]) -> None:
    [visit] = [v for v in visits(week) if v.conversation_id == conversation_id]
    assert LATER.why_not(visit) == against


def test_coming_back_counts_within_the_hours_that_are_asked_for(week: Database) -> None:
    in_30_hours = Moment(LATER.now, 31)
    first = min((v for v in visits(week) if v.conversation_id == "line:bao"), key=lambda v: v.began_at)
    assert LATER.is_contained(first)
    assert in_30_hours.why_not(first) == ["returned"]


def test_what_ended_just_now_is_not_counted_yet(week: Database) -> None:
    soon_after = Moment(MONDAY + 25 * HOUR)
    of = figures_of(visits(week), soon_after).containment
    assert of.of == 8, "two have not ended for 24 hours, and one had a person until noon"
    assert figures_of([], LATER).containment.share is None


def test_the_other_figures(week: Database) -> None:
    of = figures_of(visits(week), LATER)
    assert (of.visits, of.customers, of.messages) == (11, 9, 15)
    assert of.handed_over.count == 2
    outcomes = of.outcomes
    assert (of.containment.count, outcomes.people, outcomes.other, outcomes.open) == (3, 2, 6, 0)
    assert against_of(visits(week), LATER) == {
        **{"person": 2, "unanswered": 1, "upset": 2, "complaint": 1, "failed": 1, "low_score": 1, "returned": 1}
    }
    assert of.unanswered.count == 3, "asked back, did not know, broke down"
    assert of.bot_answers_after.median == 1.0
    assert of.person_answers_after.count == 2
    assert of.person_answers_after.median == pytest.approx(344.0)
    assert of.person_settles_in.median == pytest.approx(2 * HOUR + 28)
    assert of.satisfaction.scores == (0, 1, 0, 0, 1)
    assert (of.satisfaction.mean, of.satisfaction.satisfied.share) == (3.5, 0.5)
    assert (of.satisfaction.answered.count, of.satisfaction.answered.of) == (2, 2)
    assert (of.mood.better.count, of.mood.worse.count) == (1, 1)


def test_it_can_be_cut_every_way(week: Database) -> None:
    found = visits(week)
    sizes = {by: {key: len(of) for key, of in grouped(found, keys_by(by, WEEK)).items()} for by in ("channel", "agent")}
    assert sizes == {"channel": {"web": 7, "line": 4}, "agent": {"a1": 1, "a2": 1}}
    days = grouped(found, keys_by("day", WEEK), WEEK.days)
    assert [len(of) for of in days.values()] == [9, 2, 0, 0, 0, 0, 0]
    assert reasons_of(found) == {"angry": 1, "asked": 1}


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        *((Filters(channel="line"), 4), (Filters(language="zh"), 3), (Filters(intent="refund_status"), 1)),
        *((Filters(agent="a1"), 1), (Filters(segment="champions"), 0), (Filters(segment=""), 11)),
    ],
)
def test_filters_keep_what_they_say(week: Database, filters: Filters, count: int) -> None:
    assert len(visits(week, filters)) == count


@pytest.fixture
def segmented(week: Database) -> Database:
    """Six loyal customers, one of whom came twice, and four new ones, on the Sunday."""
    sunday = MONDAY + 6 * 24 * HOUR
    for number in range(10):
        customer = f"c-{number}"
        segment = "loyal" if number < 6 else "new"
        with week.transaction() as session:
            seen = datetime(2026, 3, 1, tzinfo=UTC)
            session.add(
                ProfileRow(
                    customer_id=customer, computed_at=seen, version="v", segment=segment, features={}, predictions=[]
                )
            )
        MadeUp(week, f"web:{number}", customer).says(sunday, "where is it?")
    MadeUp(week, "line:0", "c-0").says(sunday + HOUR, "where is it?")
    catch_up(week)
    return week


def test_a_segment_of_fewer_than_five_customers_is_not_shown(segmented: Database) -> None:
    found = visits(segmented)
    assert {key: len(of) for key, of in groups_by("segment", found, WEEK).items()} == {None: 11, "loyal": 7}
    assert figures_of(visits(segmented, Filters(segment="loyal")), LATER).customers == 6
    with segmented.read() as connection:
        shown = overview.of(connection, found, WEEK, LATER, "segment", "en")
    assert [(group.key, group.figures.visits) for group in shown.groups] == [("", 11), ("loyal", 7)]
    assert [choice.key for choice in shown.choices["segment"]] == ["loyal"]
    rows = figures_csv(found, WEEK, LATER, "segment", "en").splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["", "loyal"]


@pytest.mark.parametrize(
    ("figure", "count"),
    [
        *(("contained", 3), ("not_contained", 8), ("because:person", 2), ("because:returned", 1), ("handed_over", 2)),
        *(("reason:angry", 1), ("unanswered", 3), ("rated", 2), ("score:2", 1), ("commented", 2), ("worse", 1)),
        *(("better", 1), ("", 11), ("returned", 1)),
    ],
)
def test_behind_each_figure_are_its_visits(week: Database, figure: str, count: int) -> None:
    assert sum(map(behind(figure, LATER), visits(week))) == count


def test_folding_again_changes_nothing_and_goes_on_where_a_visit_was_open(week: Database) -> None:
    before = visits(week)
    catch_up(week)
    assert visits(week) == before
    ann = MadeUp.__new__(MadeUp)
    ann.database, ann.conversation_id, ann.language, ann.turn, ann.seq = week, "web:ann", "en", 2, 9
    ann.says(MONDAY + 120, "and cancel it", "cancel_order", kind="fallback")
    assert catch_up(week) >= 1
    [visit] = [v for v in visits(week) if v.conversation_id == "web:ann"]
    assert (visit.messages, visit.bad_end, visit.intent) == (3, "unanswered", "track_order")


def test_a_no_thanks_does_not_make_an_unanswered_question_answered(tables: Database) -> None:
    asked = MadeUp(tables, "web:ann").says(MONDAY, "do you engrave?", "out_of_scope", kind="dont_know")
    asked.says(MONDAY + 9, "no", "deny", kind="dont_know").says(MONDAY + 20, "thanks", "thank", mood=0.8)
    catch_up(tables)
    [visit] = visits(tables)
    assert (visit.bad_end, visit.unanswered, visit.intent) == ("unanswered", 1, "out_of_scope")


def test_turns_of_the_last_minute_are_looked_at_again(tables: Database) -> None:
    """A turn with a smaller number may still be committed by another process."""
    now = time.time()
    MadeUp(tables, "web:ann").says(now - 5, "hello", "greet", answered_after=0.1)
    assert (catch_up(tables), catch_up(tables)) == (1, 0)
    with tables.transaction() as session:
        session.execute(text("UPDATE turns SET id = 100 WHERE conversation_id = 'web:ann'"))
    assert catch_up(tables) == 1
    late = MadeUp(tables, "web:bob").says(now - 4, "hello", "greet", answered_after=0.1)
    with tables.transaction() as session:
        session.execute(text("UPDATE turns SET id = 50 WHERE conversation_id = :id"), {"id": late.conversation_id})
    assert catch_up(tables) == 1
    assert catch_up(tables) == 0


def test_erasing_a_conversation_takes_its_visits_along(week: Database) -> None:
    from bot.conversation.belonging import Whose, conversations_of
    from bot.conversation.forgetting import forget_conversations

    with week.transaction() as session:
        connection = session.connection()
        forget_conversations(connection, conversations_of(connection, Whose("c-cem")))
    assert "c-cem" not in {v.person for v in visits(week)}
    assert len(visits(week)) == 9
