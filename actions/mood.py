"""How the customer seems to feel, where it changes what is said first."""

from actions.desk import Desk

UPSET = -0.6
LONG_ENOUGH = 12
"""Letters; of a shorter text the mood is a guess."""


def is_upset(desk: Desk) -> bool:
    """Whether the latest message sounds angry or disappointed."""
    moods: list[float] = desk.get("recent_sentiment") or []
    return bool(moods) and moods[-1] <= UPSET and len(desk.said.text.encode("utf-8")) >= LONG_ENOUGH


def brings_trouble(desk: Desk) -> bool:
    """Whether what they want help with has gone wrong, or they say so."""
    return desk.form.startswith("report_") or is_upset(desk)
