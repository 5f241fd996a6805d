"""Why a prediction is what it is: the contributions of all features, added up by what they are about.

Features about the same thing are close relatives and share a contribution by chance; their sum is stable. All reasons
of a customer and what everybody has add up to the score, to the last digit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.prediction.families.scorer import Scorer
from knowledge.prediction.rhythm import Rhythm

ABOUT: Mapping[str, tuple[str, ...]] = {
    "pause": ("recency", "share_longer", "share_pauses", "latest_gap", "longest_gap"),
    "trend": ("visits_trend", "spend_trend", "visits_period", "visits_7", "visits_14", "visits_28", "visits_fading_10"),
    "pace": ("visits", "mean_gap", "recent_gap", "orders"),
    "regularity": ("gap_deviation", "periods"),
    "worth": ("spend", "last_spend"),
    "basket": ("items", "new_"),
    "since": ("tenure",),
}
"""Code of a reason: how the names of its features begin. The longest beginning counts."""
CODES = tuple(ABOUT)


@dataclass(frozen=True)
class Reason:
    """`facts`: the figures that sentences.py tells. `contribution`: to a chance's log-odds or an amount's log;
    above 0 it speaks for it."""

    code: str
    facts: Mapping[str, float]
    contribution: float


def reasons(rhythm: Rhythm, scorer: Scorer, most: int) -> list[tuple[Reason, ...]]:
    """For each customer the `most` reasons that move the score most, the strongest first."""
    grouped = by_code(rhythm.names, scorer.contributions(rhythm.values))
    facts = [_facts(row) for row in _rows(rhythm)]
    order = np.argsort(-np.abs(grouped[:, :-1]), axis=1, kind="stable")[:, :most]
    return [
        tuple(Reason(CODES[code], known[CODES[code]], float(parts[code])) for code in codes.tolist())
        for parts, known, codes in zip(grouped, facts, order, strict=True)
    ]


def by_code(names: tuple[str, ...], contributions: Floats) -> Floats:
    """(m, f + 1) → (m, len(CODES) + 1): what features about the same thing add together; last what everybody has."""
    which = np.array([*(CODES.index(code_of(name)) for name in names), len(CODES)])
    member = (which[:, None] == np.arange(len(CODES) + 1)).astype(np.float64)
    return np.asarray(contributions @ member)


def code_of(name: str) -> str:
    """Which reason a feature belongs to."""
    return max(
        ((len(start), code) for code, starts in ABOUT.items() for start in starts if name.startswith(start)),
        default=(0, "pace"),
    )[1]


def _rows(rhythm: Rhythm) -> list[dict[str, float]]:
    return [dict(zip(rhythm.names, row, strict=True)) for row in rhythm.values.tolist()]


def _facts(row: Mapping[str, float]) -> dict[str, dict[str, float]]:
    return {code: {name: round(value, 2) for name, value in told(row).items()} for code, told in _TOLD.items()}


def _own_gap(row: Mapping[str, float]) -> float:
    """Days between two visits of this customer; 0 where there was only one."""
    return (row["tenure_days"] - row["recency_days"]) / (row["visits"] - 1) if row["visits"] > 1 else 0.0


_TOLD: Mapping[str, Callable[[Mapping[str, float]], dict[str, float]]] = {
    "pause": lambda row: {"recency_days": row["recency_days"], "gap_days": _own_gap(row)},
    "trend": lambda row: {
        "visits_28": row["visits_28"],
        "usual_visits_28": row["visits"] * 28 / max(28.0, row["tenure_days"]),
    },
    "pace": lambda row: {"visits_91": row["visits_91"], "visits": row["visits"]},
    "regularity": lambda row: {
        "periods_active": row["periods_active"],
        "periods": round(row["periods_active"] / row["periods_active_share"]),
    },
    "worth": lambda row: {"spend_a_visit": row["spend_a_visit"], "spend_91": row["spend_91"]},
    "basket": lambda row: {"items_a_visit": row["items_a_visit"], "new_share": row["new_share"]},
    "since": lambda row: {"tenure_days": row["tenure_days"]},
}
