"""How soon a person should look at a handoff, and why: what the customer feels, and what they are to the shop.

Everybody is answered. Priority only orders the queue, so it is points that anybody can check, not a model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from actions.base import Language
from knowledge.profiles.reading import Computed

Level = Literal["urgent", "high", "normal"]
ANGRY = -0.5
FALLING = 0.4
LATEST = 3
TOP_SPENDERS = 0.9
LIKELY_TO_LEAVE = 0.5
POINTS = {"angry": 2, "mood_falling": 1, "bot_failed": 1, "top_spender": 1, "may_leave": 1}
LEVELS: tuple[tuple[int, Level], ...] = ((3, "urgent"), (2, "high"), (0, "normal"))
WORDS: dict[str, tuple[str, str]] = {
    "angry": ("was very upset in the last messages", "最近几条消息情绪非常不满"),
    "mood_falling": ("is more upset than at first", "情绪比开始时差"),
    "bot_failed": ("the bot failed to understand", "机器人没听懂"),
    "top_spender": ("among the 10 % who buy most", "消费额在前 10%"),
    "may_leave": ("a good customer who may be leaving", "是重要客户，而且有流失风险"),
}
LEVEL_WORDS: dict[Level, tuple[str, str]] = {
    "urgent": ("urgent", "紧急"),
    "high": ("high", "高"),
    "normal": ("normal", "普通"),
}


@dataclass(frozen=True)
class Priority:
    level: Level
    because: tuple[str, ...]
    """Codes of POINTS, the weightiest first."""

    def words(self, language: Language) -> list[str]:
        return [WORDS[code][language == "zh"] for code in self.because]

    def line(self, language: Language) -> str:
        """ "high: was very upset in the last messages", for the summary."""
        level, zh = LEVEL_WORDS[self.level][language == "zh"], language == "zh"
        return (
            level + ("：" if zh else ": ") + ("，" if zh else ", ").join(self.words(language))
            if self.because
            else level
        )


def priority(moods: Sequence[float], reason: str, computed: Computed | None) -> Priority:
    """`moods`: scores (-1 to 1) of the customer's messages, oldest first."""
    is_top = _is_top_spender(computed)
    facts = {
        "angry": bool(moods) and min(moods[-LATEST:]) <= ANGRY,
        "mood_falling": len(moods) > 1 and moods[0] - moods[-1] >= FALLING,
        "bot_failed": reason == "repeated_failure",
        "top_spender": is_top,
        "may_leave": is_top and _may_leave(computed),
    }
    because = tuple(code for code in POINTS if facts[code])
    points = sum(POINTS[code] for code in because)
    return Priority(next(level for least, level in LEVELS if points >= least), because)


def is_value_at_risk(computed: Computed | None) -> bool:
    """Whether it is a customer who spends much and may be leaving."""
    return _is_top_spender(computed) and _may_leave(computed)


def _is_top_spender(computed: Computed | None) -> bool:
    return computed is not None and computed.features.get("spend_rank", 0.0) >= TOP_SPENDERS


def _may_leave(computed: Computed | None) -> bool:
    churn = computed.prediction("churn") if computed else None
    return churn is not None and churn.value >= LIKELY_TO_LEAVE
