"""A reason in words, English and Chinese: "12 weeks without a purchase; used to buy every 2 weeks"."""

from collections.abc import Callable, Mapping

from knowledge.prediction.reasons import Reason

Facts = Mapping[str, float]
LONG_PAUSE = 1.5
"""Times the usual gap, from which a pause is worth a word."""
NEW_DAYS = 28


def sentence(reason: Reason, language: str) -> str:
    """`language`: "en" or "zh"."""
    return _TELLING[language][reason.code](reason.facts)


def _span(days: float) -> tuple[int, int]:
    """How many of which unit (0 days, 1 weeks, 2 months), as people would say it."""
    if days < 13.5:
        return max(1, round(days)), 0
    return (round(days / 7), 1) if days < 7 * 17.5 else (round(days / 30.4), 2)


def _en_span(days: float) -> str:
    count, unit = _span(days)
    return f"{count} {('day', 'week', 'month')[unit]}{'s' if count > 1 else ''}"


def _en_every(days: float) -> str:
    said = _en_span(days)
    return f"every {said.removeprefix('1 ')}"


def _zh_span(days: float) -> str:
    count, unit = _span(days)
    return f"{count} {('天', '周', '个月')[unit]}"


def _zh_every(days: float) -> str:
    count, unit = _span(days)
    return f"每{('天', '周', '个月')[unit]}" if count == 1 else f"每 {_zh_span(days)}"


def _en_days(count: float) -> str:
    return "1 day" if count == 1 else f"{count:.0f} days"


def _en_pause(facts: Facts) -> str:
    pause, gap = facts["recency_days"], facts["gap_days"]
    if not gap:
        return f"Has bought only once, {_en_span(pause)} ago"
    if pause > LONG_PAUSE * gap:
        return f"{_en_span(pause)} without a purchase; used to buy {_en_every(gap)}"
    return f"Last bought {_en_span(pause)} ago; buys about {_en_every(gap)}"


def _zh_pause(facts: Facts) -> str:
    pause, gap = facts["recency_days"], facts["gap_days"]
    if not gap:
        return f"只买过一次，是 {_zh_span(pause)}前"
    if pause > LONG_PAUSE * gap:
        return f"{_zh_span(pause)}没有下单了，以前大约{_zh_every(gap)}买一次"
    return f"{_zh_span(pause)}前买过，大约{_zh_every(gap)}买一次"


def _en_trend(facts: Facts) -> str:
    lately, usual = facts["visits_28"], facts["usual_visits_28"]
    if not lately:
        return f"Nothing bought in the last 4 weeks; usually on {_about(usual)} days in that time"
    return f"Bought on {_en_days(lately)} in the last 4 weeks; usually on {_about(usual)}"


def _zh_trend(facts: Facts) -> str:
    lately, usual = facts["visits_28"], facts["usual_visits_28"]
    if not lately:
        return f"最近 4 周没有买过东西，平时 4 周里大约买 {_about(usual)} 次"
    return f"最近 4 周买了 {lately:.0f} 次，平时大约 {_about(usual)} 次"


def _about(count: float) -> str:
    return f"{count:.0f}" if count >= 1.5 else f"{count:.1f}"


def _en_pace(facts: Facts) -> str:
    if not facts["visits_91"]:
        return f"Nothing bought in the last 3 months; bought on {_en_days(facts['visits'])} in all"
    return f"Bought on {_en_days(facts['visits_91'])} in the last 3 months"


def _zh_pace(facts: Facts) -> str:
    if not facts["visits_91"]:
        return f"最近 3 个月没有买过东西，此前一共买过 {facts['visits']:.0f} 次"
    return f"最近 3 个月买过 {facts['visits_91']:.0f} 次"


def _en_since(facts: Facts) -> str:
    span = _en_span(facts["tenure_days"])
    return f"New: first bought {span} ago" if facts["tenure_days"] <= NEW_DAYS else f"A customer for {span}"


def _zh_since(facts: Facts) -> str:
    span = _zh_span(facts["tenure_days"])
    return f"新顾客，{span}前第一次购买" if facts["tenure_days"] <= NEW_DAYS else f"成为顾客已有 {span}"


def _en_habit(facts: Facts) -> str:
    if not facts["count"]:
        return "Has never bought in this category"
    return f"Bought in this category on {_en_days(facts['count'])}, last {_en_span(facts['since_days'])} ago"


def _zh_habit(facts: Facts) -> str:
    if not facts["count"]:
        return "还没有买过这一类"
    return f"这一类买过 {facts['count']:.0f} 次，最近一次在 {_zh_span(facts['since_days'])}前"


_TELLING: Mapping[str, Mapping[str, Callable[[Facts], str]]] = {
    "en": {
        "pause": _en_pause,
        "trend": _en_trend,
        "pace": _en_pace,
        "regularity": lambda facts: (
            f"Bought in {facts['periods_active']:.0f} of the {facts['periods']:.0f} four-week periods so far"
        ),
        "worth": lambda facts: (
            f"Spends about {facts['spend_a_visit']:,.2f} a visit; {facts['spend_91']:,.2f} in the last 3 months"
        ),
        "basket": lambda facts: (
            f"About {_about(facts['items_a_visit'])} items a visit, {facts['new_share']:.0%} never bought before"
        ),
        "since": _en_since,
        "category_habit": _en_habit,
        "category_taste": lambda _facts: "What they buy besides, compared with people who buy in this category",
        "category_season": lambda _facts: "How much this category is bought in the shop these weeks",
        "category_pace": lambda _facts: "How often they buy anything at all",
    },
    "zh": {
        "pause": _zh_pause,
        "trend": _zh_trend,
        "pace": _zh_pace,
        "regularity": lambda facts: (
            f"到现在的 {facts['periods']:.0f} 个四周里，有 {facts['periods_active']:.0f} 个买过东西"
        ),
        "worth": lambda facts: f"每次大约花 {facts['spend_a_visit']:,.2f}，最近 3 个月共花 {facts['spend_91']:,.2f}",
        "basket": lambda facts: (
            f"每次大约买 {_about(facts['items_a_visit'])} 种商品，其中 {facts['new_share']:.0%} 是以前没买过的"
        ),
        "since": _zh_since,
        "category_habit": _zh_habit,
        "category_taste": lambda _facts: "平时买的其他东西，和常买这一类的顾客是否相似",
        "category_season": lambda _facts: "这一类商品最近在店里卖得怎么样",
        "category_pace": lambda _facts: "平时多久下一次单",
    },
}
