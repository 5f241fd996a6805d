"""The figures and the visits behind them as tables."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.console.analytics.figures import Figures, Moment, figures_of, groups_by
from bot.console.analytics.period import Period
from bot.console.analytics.reading import Visit
from bot.console.analytics.tables import Cell, as_csv

Language = Literal["en", "zh"]
FIGURES: tuple[tuple[str, str, Callable[[Figures], Cell]], ...] = (
    ("visits", "访问量", lambda of: of.visits),
    ("customers", "客户数", lambda of: of.customers),
    ("messages", "消息数", lambda of: of.messages),
    ("contained", "机器人独立解决", lambda of: of.containment.count),
    ("settled visits", "已定论的访问", lambda of: of.containment.of),
    ("containment", "独立解决率", lambda of: of.containment.share),
    ("containment low (95 %)", "独立解决率下限（95%）", lambda of: of.containment.low),
    ("containment high (95 %)", "独立解决率上限（95%）", lambda of: of.containment.high),
    ("handed over", "转人工", lambda of: of.handed_over.count),
    ("unanswered messages", "未能回答的消息", lambda of: of.unanswered.count),
    ("bot answers after (s, median)", "机器人首次响应（秒，中位数）", lambda of: of.bot_answers_after.median),
    ("bot answers after (s, p90)", "机器人首次响应（秒，P90）", lambda of: of.bot_answers_after.p90),
    ("person answers after (s, median)", "人工首次响应（秒，中位数）", lambda of: of.person_answers_after.median),
    ("person answers after (s, p90)", "人工首次响应（秒，P90）", lambda of: of.person_answers_after.p90),
    ("person settles in (s, median)", "人工解决时长（秒，中位数）", lambda of: of.person_settles_in.median),
    ("person settles in (s, p90)", "人工解决时长（秒，P90）", lambda of: of.person_settles_in.p90),
    ("asked to rate", "邀请评价", lambda of: of.satisfaction.answered.of),
    ("rated", "已评价", lambda of: of.satisfaction.answered.count),
    ("satisfied (4 or 5)", "满意（4–5 分）", lambda of: of.satisfaction.satisfied.share),
    ("mean score", "平均分", lambda of: of.satisfaction.mean),
    ("mood at start (-1 to 1)", "开始时情绪（-1 至 1）", lambda of: of.mood.start),
    ("mood at end (-1 to 1)", "结束时情绪（-1 至 1）", lambda of: of.mood.end),
)
KEYS = {
    "day": ("day", "日期"),
    "channel": ("channel", "渠道"),
    "language": ("language", "语言"),
    "intent": ("intent", "意图"),
    "segment": ("segment", "客户分层"),
    "agent": ("agent", "客服"),
}
VISIT = (
    ("conversation", "会话"),
    ("began", "开始时间"),
    ("channel", "渠道"),
    ("language", "语言"),
    ("intent", "意图"),
    ("segment", "客户分层"),
    ("messages", "消息数"),
    ("unanswered", "未能回答"),
    ("contained", "机器人独立解决"),
    ("against containment", "未独立解决的原因"),
    ("handoff reasons", "转人工原因"),
    ("score", "评分"),
    ("comment", "评价内容"),
)


def figures_csv(visits: Sequence[Visit], period: Period, moment: Moment, by: str, language: Language) -> str:
    """A row for each day, channel, …, but for small segments; durations in seconds, shares from 0 to 1."""
    zh = language == "zh"
    rows = [
        [key, *(cell(of) for _, _, cell in FIGURES)]
        for key, those in groups_by(by, visits, period).items()
        for of in [figures_of(those, moment)]
    ]
    return as_csv([KEYS[by][zh], *(names[zh] for *names, _ in FIGURES)], rows)


def visits_csv(visits: Sequence[Visit], moment: Moment, language: Language, zone: ZoneInfo) -> str:
    return as_csv([names[language == "zh"] for names in VISIT], (_row(visit, moment, zone) for visit in visits))


def _row(visit: Visit, moment: Moment, zone: ZoneInfo) -> list[Cell]:
    is_contained = int(moment.is_contained(visit)) if moment.is_settled(visit) else None
    return [
        visit.conversation_id,
        datetime.fromtimestamp(visit.began_at, zone).isoformat(timespec="seconds"),
        *(visit.channel, visit.language, visit.intent, visit.segment, visit.messages, visit.unanswered, is_contained),
        " ".join(moment.why_not(visit)),
        " ".join(each.reason for each in visit.handovers),
        next((given.score for given in visit.ratings if given.score is not None), None),
        next((given.comment for given in visit.ratings if given.comment), None),
    ]
