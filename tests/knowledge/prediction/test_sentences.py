"""Reasons in words: the right figures, in both languages, for every code."""

import pytest

from knowledge.prediction import Reason, sentence
from knowledge.prediction.reasons import ABOUT, CODES, code_of
from knowledge.prediction.rhythm import Rhythm
from knowledge.prediction.visits import Visits

SAID = [
    (
        "pause",
        {"recency_days": 84, "gap_days": 14},
        "12 weeks without a purchase; used to buy every 2 weeks",
        "12 周没有下单了，以前大约每 2 周买一次",
    ),
    (
        "pause",
        {"recency_days": 3, "gap_days": 7},
        "Last bought 3 days ago; buys about every 7 days",
        "3 天前买过，大约每 7 天买一次",
    ),
    (
        "pause",
        {"recency_days": 200, "gap_days": 1},
        "7 months without a purchase; used to buy every day",
        "7 个月没有下单了，以前大约每天买一次",
    ),
    (
        "pause",
        {"recency_days": 30, "gap_days": 0},
        "Has bought only once, 4 weeks ago",
        "只买过一次，是 4 周前",
    ),
    (
        "trend",
        {"visits_28": 1, "usual_visits_28": 4.2},
        "Bought on 1 day in the last 4 weeks; usually on 4",
        "最近 4 周买了 1 次，平时大约 4 次",
    ),
    (
        "trend",
        {"visits_28": 0, "usual_visits_28": 0.6},
        "Nothing bought in the last 4 weeks; usually on 0.6 days in that time",
        "最近 4 周没有买过东西，平时 4 周里大约买 0.6 次",
    ),
    (
        "pace",
        {"visits_91": 9, "visits": 30},
        "Bought on 9 days in the last 3 months",
        "最近 3 个月买过 9 次",
    ),
    (
        "pace",
        {"visits_91": 0, "visits": 1},
        "Nothing bought in the last 3 months; bought on 1 day in all",
        "最近 3 个月没有买过东西，此前一共买过 1 次",
    ),
    (
        "regularity",
        {"periods_active": 9, "periods": 12},
        "Bought in 9 of the 12 four-week periods so far",
        "到现在的 12 个四周里，有 9 个买过东西",
    ),
    (
        "worth",
        {"spend_a_visit": 35.2, "spend_91": 1410},
        "Spends about 35.20 a visit; 1,410.00 in the last 3 months",
        "每次大约花 35.20，最近 3 个月共花 1,410.00",
    ),
    (
        "basket",
        {"items_a_visit": 12.4, "new_share": 0.3},
        "About 12 items a visit, 30% never bought before",
        "每次大约买 12 种商品，其中 30% 是以前没买过的",
    ),
    (
        "since",
        {"tenure_days": 243},
        "A customer for 8 months",
        "成为顾客已有 8 个月",
    ),
    (
        "since",
        {"tenure_days": 14},
        "New: first bought 2 weeks ago",
        "新顾客，2 周前第一次购买",
    ),
]


@pytest.mark.parametrize(("code", "facts", "english", "chinese"), SAID)
def test_a_reason_is_said_in_both_languages(code: str, facts: dict[str, float], english: str, chinese: str) -> None:
    reason = Reason(code, facts, 0.5)
    assert sentence(reason, "en") == english
    assert sentence(reason, "zh") == chinese


def test_every_code_is_said() -> None:
    assert {code for code, *_ in SAID} == set(CODES)


def test_every_feature_belongs_to_a_reason() -> None:
    for name in Rhythm.of(Visits.none()).names:
        assert any(name.startswith(start) for starts in ABOUT.values() for start in starts), name
    assert code_of("visits_a_week") == "pace"
    assert code_of("visits_period_3") == code_of("visits_7") == "trend"
    assert code_of("recency_over_gap") == "pause"
