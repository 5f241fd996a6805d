import pytest

from tests.nlu.entities.small_shop import values


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I ordered it yesterday", "2026-11-19"),
        ("the day before yesterday", "2026-11-18"),
        ("can it come tomorrow", "2026-11-21"),
        ("next Friday", "2026-11-27"),
        ("last monday", "2026-11-16"),
        ("last Friday", "2026-11-13"),
        ("by Sunday", "2026-11-22"),
        ("5 days ago", "2026-11-15"),
        ("two weeks ago", "2026-11-06"),
        ("a month ago", "2026-10-20"),
        ("in three days", "2026-11-23"),
        ("Nov 3", "2026-11-03"),
        ("on the 3rd of March 2026", "2026-03-03"),
        ("March 2nd, 2026", "2026-03-02"),
        ("2026-10-01", "2026-10-01"),
        ("12/28", "2026-12-28"),
        ("25/12/2026", "2026-12-25"),
        ("last week", "2026-11-09"),
        ("昨天买的", "2026-11-19"),
        ("大前天", "2026-11-17"),
        ("三天前", "2026-11-17"),
        ("两周前下的单", "2026-11-06"),
        ("上周五发货", "2026-11-13"),
        ("下周一能到吗", "2026-11-23"),
        ("星期天", "2026-11-22"),
        ("11月3号买的", "2026-11-03"),
        ("2026年1月15日", "2026-01-15"),
        ("十二月二十五号", "2026-12-25"),
        ("上个月5号", "2026-10-05"),
        ("半个月了，16号到的", "2026-11-16"),
    ],
)
def test_dates_become_iso_dates(text: str, day: str) -> None:
    assert values(text, "date") == [day]


@pytest.mark.parametrize(
    "text", ["may I return it", "it took 3 days", "第二天", "2026-13-45", "I like sunny lamps", "5号楼"]
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert values(text, "date") == []


def test_a_date_without_year_is_the_nearest_one() -> None:
    assert values("Jan 5", "date") == ["2027-01-05"]
    assert values("Sep 30", "date") == ["2026-09-30"]
