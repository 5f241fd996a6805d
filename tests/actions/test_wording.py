"""Dates as people say them: the year only where it is another one."""

from datetime import UTC, datetime, timedelta

import pytest

from actions import wording
from actions.base import Language
from actions.service.coupon_question import CouponQuestion
from knowledge.shop.schema import CouponRow
from tests.actions.products.stage import NOW, open_stage

TODAY = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("year", "language", "said"),
    [
        (2026, "en", "November 20"),
        (2027, "en", "November 20, 2027"),
        (2025, "en", "November 20, 2025"),
        (2026, "zh", "11月20日"),
        (2027, "zh", "2027年11月20日"),
    ],
)
def test_a_date_has_its_year_where_it_is_not_this_one(year: int, language: Language, said: str) -> None:
    assert wording.date(TODAY.replace(year=year), language, TODAY) == said


@pytest.mark.parametrize(("language", "said"), [("en", "until March 10, 2027"), ("zh", "有效期至2027年3月10日")])
def test_a_coupon_that_lasts_a_year_does_not_seem_to_end_today(language: str, said: str) -> None:
    stage = open_stage().speak(language)
    lasting = CouponRow(code="WELCOME10", percent_off=10, starts_at=NOW, ends_at=NOW + timedelta(days=365))
    lasting.is_public = True
    stage.session.add(lasting)
    assert said in stage.ask(CouponQuestion(), "WELCOME10").text
    stage.session.close()
