"""How long a customer has to wait for a person, said honestly: minutes only where they are known."""

from datetime import datetime
from math import ceil

from actions.base import Language, Standing
from actions.service.opening import is_open
from knowledge.shop.policy import Contact

LONG_MINUTES = 60


def is_somebody_there(contact: Contact, moment: datetime, standing: Standing | None) -> bool:
    """Within the opening hours; or somebody works all the same."""
    return is_open(contact, moment) or (standing is not None and standing.people > 0)


def standing_words(standing: Standing | None, language: Language) -> str:
    """ "You are number 2 in the queue; it should take about 4 minutes.", or nothing where nothing is known."""
    if standing is None:
        return ""
    zh = language == "zh"
    ahead = standing.position - 1
    place = (
        ("您是下一位" if not ahead else f"您前面还有 {ahead} 位")
        if zh
        else ("You're next" if not ahead else f"You're number {standing.position} in the queue")
    )
    return f"{place}{_wait(standing.wait_seconds, zh)}{'。' if zh else '.'}"


def _wait(seconds: float | None, zh: bool) -> str:
    if seconds is None:
        return ""
    minutes = max(ceil(seconds / 60), 1)
    if minutes > LONG_MINUTES:
        return "，现在人比较多，可能要等一个多小时" if zh else "; it is busy just now and may take more than an hour"
    if zh:
        return f"，大约要等 {minutes} 分钟"
    return f"; it should take about {minutes} minute{'' if minutes == 1 else 's'}"
