"""The pages over HTTP: who may see them and what they answer."""

import csv
import io
import re
import time
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from bot.database import Database
from bot.settings import Settings
from tests.bot.console.analytics.made_up import MadeUp, hire
from tests.bot.console.conftest import Browser

PATHS = ("/analytics", "/analytics/visits", "/analytics/gaps", "/analytics/csv", "/board")
Browse = Callable[..., Browser]


@pytest.fixture
def sam(browse: Browse) -> Browser:
    return browse("sam", "supervisor")


@pytest.fixture
def two_visits(database: Database) -> None:
    """Two visits of two days ago: one contained, one taken by Anna."""
    moment = time.time() - 50 * 3600
    hire(database, "a1", "Anna")
    MadeUp(database, "web:ann").says(moment, "where is it?")
    bob = MadeUp(database, "line:bob", None, "zh").says(moment, "转人工", "human_handoff").calls_person(moment + 1)
    bob.taken(moment + 30, "a1", answers=moment + 61).resolved(moment + 600)
    bob.rated(moment + 601, 4, "=HYPERLINK(1)", is_person=True)


@pytest.mark.parametrize("path", [*PATHS, "/admin/settings"])
def test_agents_and_strangers_are_kept_out(browse: Browse, client: object, path: str) -> None:
    agent = browse("anna", "agent")
    assert agent.get(path).status_code == 403
    assert Browser(client).get(path).status_code == 401  # type: ignore[arg-type]


def test_only_admins_see_the_settings(sam: Browser, admin: Browser) -> None:
    assert sam.get("/admin/settings").status_code == 403
    assert admin.get("/admin/settings").status_code == 200


@pytest.mark.usefixtures("two_visits")
def test_the_page_of_figures(sam: Browser) -> None:
    shown = sam.get("/analytics", params={"by": "channel", "language": "zh"}).json()
    assert shown["totals"]["visits"] == 2
    assert (shown["totals"]["containment"]["count"], shown["totals"]["containment"]["of"]) == (1, 2)
    assert [(group["key"], group["figures"]["visits"]) for group in shown["groups"]] == [("line", 1), ("web", 1)]
    assert len(shown["days"]) == 30
    assert shown["reasons"] == [{"reason": "asked", "name": "客户要求人工", "count": 1}]
    [anna] = shown["agents"]
    assert (anna["name"], anna["handled"], anna["open"], anna["first_answer"]["median"]) == ("Anna", 1, 0, 60.0)
    assert anna["satisfaction"]["mean"] == 4.0
    assert {choice["key"] for choice in shown["choices"]["channel"]} == {"line", "web"}


@pytest.mark.usefixtures("two_visits")
def test_behind_a_figure_are_its_conversations(sam: Browser) -> None:
    shown = sam.get("/analytics/visits", params={"figure": "handed_over"}).json()
    assert shown["total"] == 1
    [bob] = shown["visits"]
    assert (bob["conversation_id"], bob["reasons"], bob["agents"], bob["score"]) == ("line:bob", ["asked"], ["Anna"], 4)
    assert bob["against"] == ["person"]
    assert (
        sam.get("/analytics/visits", params={"figure": "contained"}).json()["visits"][0]["conversation_id"] == "web:ann"
    )
    assert sam.get("/analytics/visits", params={"customer_language": "fr"}).json()["total"] == 0


@pytest.mark.usefixtures("two_visits")
def test_the_visits_as_csv_hold_no_formula(sam: Browser) -> None:
    answer = sam.get("/analytics/csv", params={"what": "visits"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["comment"] for row in rows if row["conversation"] == "line:bob"] == ["'=HYPERLINK(1)"]
    by_day = sam.get("/analytics/csv", params={"by": "day", "language": "zh"}).content.decode("utf-8-sig")
    assert by_day.splitlines()[0].startswith("日期,访问量")
    assert len(by_day.splitlines()) == 31


@pytest.mark.parametrize(
    "query", [{"from": "2026-03-02", "to": "2026-03-01"}, {"from": "yesterday"}, {"by": "mood"}, {"return_hours": "0"}]
)
def test_what_cannot_be_asked_for_is_refused(sam: Browser, query: dict[str, str]) -> None:
    answer = sam.get("/analytics", params=query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_board_shows_who_waits_and_rings(sam: Browser, database: Database) -> None:
    now = time.time()
    MadeUp(database, "web:cy").says(now - 900, "a person", "human_handoff").calls_person(now - 899, "angry")
    MadeUp(database, "web:di").says(now - 5, "a person", "human_handoff").calls_person(now - 4)
    shown = sam.get("/board").json()
    assert [(one["conversation_id"], one["is_late"]) for one in shown["waiting"]] == [
        ("web:cy", True),
        ("web:di", False),
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", shown["day"])
    assert shown["longest_wait"] == pytest.approx(899, abs=5)
    assert {(alarm["code"], alarm["count"]) for alarm in shown["alarms"]} == {
        ("nobody_there", 2),
        ("waiting_too_long", 1),
    }
    sam.write("PUT", "/me/presence", {"presence": "online"})
    after = sam.get("/board").json()
    assert "waiting_too_long" in {alarm["code"] for alarm in after["alarms"]}
    assert {person["name"] for person in after["agents"]} == {"Sam"}


def test_the_board_counts_who_holds_what(sam: Browser, database: Database) -> None:
    now = time.time()
    made = MadeUp(database, "web:cy").says(now - 90, "a person", "human_handoff").calls_person(now - 80)
    made.taken(now - 60, sam.id, answers=now - 50)
    shown = sam.get("/board").json()
    [person] = shown["agents"]
    assert (person["agent"], shown["with_agents"], shown["waiting"]) == (1, 1, [])
    assert shown["alarms"] == []


def test_the_settings_are_shown_without_their_secrets(admin: Browser) -> None:
    shown = {
        one["name"]: (one["value"], one["is_secret"], one["is_set"]) for one in admin.get("/admin/settings").json()
    }
    assert shown["KEFU_API_TOKEN"] == (None, True, True)
    assert shown["KEFU_CSAT"] == ("all", False, True)
    assert shown["KEFU_SMTP_PASSWORD"] == (None, True, False)


def test_a_password_in_an_address_is_not_shown() -> None:
    from bot.console.settings_page import of_channels, own

    settings = Settings(
        database_url="postgresql+pg8000://kefu:s3cret@db.example/kefu",
        redis_url="redis://:s3cret@cache.example:6379/0",
        smtp_password=SecretStr("s3cret-too"),
        channels={"line": {"channel_secret": SecretStr("s3cret-line")}},
    )
    shown = [*own(settings), *of_channels(settings)]
    assert "s3cret" not in str(shown)
    assert {one.value for one in shown if one.name == "KEFU_DATABASE_URL"} == {
        "postgresql+pg8000://kefu:•••@db.example/kefu"
    }
    assert "KEFU_LINE_CHANNEL_SECRET" in {one.name for one in shown}


def test_who_took_a_table_along_is_written_down(sam: Browser, admin: Browser) -> None:
    assert sam.get("/analytics/csv", params={"what": "visits"}).status_code == 200
    [entry] = admin.get("/admin/audit", params={"operation": "export"}).json()["entries"]
    assert (entry["actor"]["id"], entry["target"]) == (sam.id, "visits")
    assert set(entry["details"]) == {"from", "to", "visits"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://kefu:pw@db/kefu", "postgresql://kefu:•••@db/kefu"),
        ("postgresql://db/kefu?user=kefu&password=pw", "postgresql://db/kefu?user=•••&password=•••"),
        ("https://hooks.example/in?token=pw", "https://hooks.example/in?token=•••"),
        ("http://[pw", "•••"),
    ],
)
def test_an_address_is_shown_without_what_lets_in(url: str, shown: str) -> None:
    from bot.console.settings_page import in_words

    assert in_words(url) == shown
