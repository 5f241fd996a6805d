"""Why a conversation goes to a person, why so soon and why to this one: codes, each in words for people."""

from collections.abc import Mapping

from actions.handoff.priority import WORDS as PRIORITY_WORDS
from actions.handoff.summary import REASONS

Because = Mapping[str, str]
"""{"about": "reason" | "priority" | "agent", "code", "en", "zh"}, JSON all through."""

ROUTING: Mapping[str, tuple[str, str]] = {
    "skill": ("{name} knows about {what}", "{name} 熟悉“{what}”"),
    "language": ("{name} speaks the customer's language", "{name} 会说顾客的语言"),
    "no_language": ("nobody who is there speaks the customer's language", "在线的同事都不说顾客的语言"),
    "knows_customer": ("{name} has talked with this customer before", "{name} 接待过这位顾客"),
    "load": (
        "{name} has {load} of {capacity} conversations in hand",
        "{name} 正在处理 {load} 个会话（最多 {capacity} 个）",
    ),
    "supervisor": ("nobody else took it in time", "其他同事未能及时接手"),
}
TOPICS: Mapping[str, tuple[str, str]] = {
    "vip": ("good customers", "重要客户"),
    "complaint": ("complaints", "投诉"),
    "retention": ("customers who may leave", "挽留流失客户"),
}
"""Skills that no intent names; what an agent may be good at."""


def why_person(reason: str) -> Because:
    en, zh = REASONS.get(reason, (reason, reason))
    return {"about": "reason", "code": reason, "en": en, "zh": zh}


def why_soon(code: str) -> Because:
    en, zh = PRIORITY_WORDS[code]
    return {"about": "priority", "code": code, "en": en, "zh": zh}


def why_agent(code: str, **facts: object) -> Because:
    en, zh = ROUTING[code]
    return {"about": "agent", "code": code, "en": en.format(**facts), "zh": zh.format(**facts)}


def topic(skill: str, language: str) -> str:
    """A skill in words; an intent stands for itself."""
    words = TOPICS.get(skill)
    return words[language == "zh"] if words else skill.replace("_", " ")
