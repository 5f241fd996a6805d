"""The segments a shop may have: code, name and description in both languages, and what a typical one looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from knowledge.customers.transactions import Floats


@dataclass(frozen=True)
class Archetype:
    """`profile`: typical recency, frequency and spend in standard deviations from the average customer, up is good.

    Stages have none: a rule finds them, not a centre (stages.py).
    """

    code: str
    name_en: str
    name_zh: str
    about_en: str
    about_zh: str
    profile: tuple[float, float, float] | None = None

    def name(self, language: str) -> str:
        return self.name_zh if language == "zh" else self.name_en

    def about(self, language: str) -> str:
        return self.about_zh if language == "zh" else self.about_en


NEW = Archetype(
    "new",
    "New",
    "新客",
    "Bought for the first time not long ago. Too early to say what they will be: a good first experience decides.",
    "不久前才第一次下单，现在还看不出会不会常来。第一印象最要紧。",
)
AT_RISK = Archetype(
    "at_risk",
    "At risk",
    "流失预警",
    "Bought a lot, and have been silent for much longer than they usually are. Ask what is wrong, while they may tell.",
    "以前买得多，最近却比平时安静得多。趁还来得及，先问问是不是哪里没做好。",
)
CHAMPIONS = Archetype(
    "champions",
    "Champions",
    "核心客户",
    "Buy most often and spend the most. Thank them; they need no discount to come back.",
    "买得最勤，花得也最多。好好谢谢他们，不打折他们也会再来。",
    (0.7, 1.4, 1.2),
)
LOYAL = Archetype(
    "loyal",
    "Loyal",
    "忠实客户",
    "Come back regularly and spend more than most. Keep what they buy in stock, and show what goes with it.",
    "定期回来，花费高于多数人。别让他们常买的断货，再推荐一点搭配的。",
    (0.5, 0.7, 0.6),
)
PROMISING = Archetype(
    "promising",
    "Promising",
    "潜力客户",
    "Buy now and then, neither much nor little. A reason to come again soon may make a habit of it.",
    "时不时来买一点，不多也不少。给他们一个早点再来的理由，也许就成了习惯。",
    (0.3, 0.1, 0.1),
)
NEED_ATTENTION = Archetype(
    "need_attention",
    "Need attention",
    "需要关怀",
    "Come less and less, or never came very often. A friendly reminder of what they liked does no harm.",
    "来得渐渐少了，或者本来就不算多。用他们喜欢过的东西，友好地提醒一下。",
    (0.0, -0.4, -0.4),
)
HIBERNATING = Archetype(
    "hibernating",
    "Hibernating",
    "沉睡客户",
    "Have not bought for some time, and most of them not much before. Write seldom, and only with real news.",
    "有一阵没来了，多数人以前买得也不多。少打扰，真有新鲜东西再说。",
    (-0.7, -0.9, -0.9),
)
LOST = Archetype(
    "lost",
    "Lost",
    "已流失",
    "Have not been here for very long. Few come back: spend nothing on them that you would miss.",
    "很久没有来过，多半不会再来。不必为他们花太多预算。",
    (-1.8, -1.6, -1.7),
)

LADDER = (LOST, HIBERNATING, NEED_ATTENTION, PROMISING, LOYAL, CHAMPIONS)
"""What a rung can be, worst first."""
ARCHETYPES = {
    each.code: each for each in (CHAMPIONS, LOYAL, PROMISING, NEW, NEED_ATTENTION, AT_RISK, HIBERNATING, LOST)
}
"""By code, in the order in which people are shown them."""


NEARLY = 0.25
"""How much farther from the archetypes than the nearest names, in squared standard deviations, the present model's may
be to be kept: halfway between two archetypes a rung's mean may move by about a sixth of a standard deviation."""


def named(profiles: Floats, is_last_gone: bool | None = None, before: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Codes for the rungs whose mean `profiles` (k, 3) these are, worst rung first; k ≤ 6.

    No name is given twice and better rungs get better names; of all such ways the one nearest to the archetypes' own
    profiles, that is, the optimal assignment. Whether the lowest rung is called lost depends on `is_last_gone`; None:
    not known, then on its profile. `before`: the present model's codes, kept while they fit nearly as well: what a
    rung is called must not change overnight because a mean moved a little.
    """
    typical = np.array([each.profile for each in LADDER])
    costs = ((profiles[:, None] - typical[None]) ** 2).sum(axis=2)
    ways = list(combinations(range(len(LADDER)), len(profiles)))
    fitting = [way for way in ways if is_last_gone in (None, way[0] == 0)]
    best = min(fitting or ways, key=lambda way: _cost(costs, way))
    kept = [way for way in fitting if _codes(way) == before and _cost(costs, way) <= NEARLY + _cost(costs, best)]
    return _codes(kept[0] if kept else best)


def _codes(way: Sequence[int]) -> tuple[str, ...]:
    return tuple(LADDER[position].code for position in way)


def _cost(costs: Floats, way: Sequence[int]) -> float:
    return float(costs[np.arange(len(way)), list(way)].sum())
