"""Do groups of customers differ, by how much, and would it still count after so many looks?

Each group is compared with all other customers. Segments are made of what customers bought, so that comparing them on
that would be a circle: those of a while ago are compared on what came afterwards (standing.py hands that in).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from knowledge.analysis.effects import (
    Estimate,
    benjamini_hochberg,
    between,
    cliffs_delta,
    cramers_v,
    crossed,
    hedges_g,
    holm,
)
from knowledge.analysis.groups import Groups, shown
from knowledge.customers.features import Features
from knowledge.customers.transactions import Floats, Ints, Texts

OUTCOMES = ("spend_182", "orders_182", "mean_order_spend")
LOUD = 0.05


@dataclass(frozen=True)
class Look:
    """Customers to compare: the groups by row, and what is compared."""

    grouping: str
    group: Texts
    outcome: str
    values: Floats


@dataclass(frozen=True)
class Compared:
    """One group against all others of the grouping. `delta`: Cliff's; `g`: Hedges', of the logarithms; p-values: as
    found, and put right by Holm and by Benjamini-Hochberg for all comparisons of the report."""

    grouping: str
    group: str
    outcome: str
    count: int
    median: float
    others_median: float
    delta: Estimate
    g: Estimate
    p: float
    p_holm: float = 1.0
    p_bh: float = 1.0


@dataclass(frozen=True)
class Together:
    """Two groupings of the same customers."""

    first: str
    second: str
    count: int
    v: float
    p: float
    p_holm: float = 1.0


def looks(groups: Groups, features: Features) -> list[Look]:
    """Every grouping by every outcome."""
    return [
        Look(name, group[features.customers], outcome, features.column(outcome))
        for name, group in groups.items()
        for outcome in OUTCOMES
    ]


def compare(all_looks: Sequence[Look]) -> list[Compared]:
    """One row a group, grouping and outcome; groups of fewer than five are not looked at."""
    found = [row for look in all_looks for row in _compared(look)]
    p_values = [row.p for row in found]
    corrected = zip(found, holm(p_values), benjamini_hochberg(p_values), strict=True) if found else ()
    return [replace(row, p_holm=float(strict), p_bh=float(mild)) for row, strict, mild in corrected]


def _compared(look: Look) -> list[Compared]:
    from scipy.stats import mannwhitneyu

    names = shown(look.group)
    known = np.isin(look.group, names)
    rows = []
    for name in _to_compare(names):
        inside, outside = look.values[known & (look.group == name)], look.values[known & (look.group != name)]
        p = float(mannwhitneyu(inside, outside).pvalue) if np.ptp(look.values[known]) > 0 else 1.0
        rows.append(
            Compared(
                look.grouping,
                name,
                look.outcome,
                len(inside),
                float(np.median(inside)),
                float(np.median(outside)),
                between(cliffs_delta, inside, outside),
                between(hedges_g, np.log1p(inside), np.log1p(outside)),
                p,
            )
        )
    return rows


def _to_compare(names: Sequence[str]) -> Sequence[str]:
    """Of two groups, one: the other's comparison is the same, turned round."""
    return names[:1] if len(names) == 2 else names if len(names) > 2 else ()


def go_together(groups: Groups, customers: Ints) -> list[Together]:
    """Every pair of groupings, by Cramér's V."""
    from scipy.stats import chi2_contingency

    names, found = list(groups), []
    for position, first in enumerate(names):
        for second in names[position + 1 :]:
            one, other = groups[first][customers], groups[second][customers]
            known = np.isin(one, shown(one)) & np.isin(other, shown(other))
            table = crossed(one[known], other[known])
            if min(table.shape) > 1:
                p = float(chi2_contingency(table, correction=False).pvalue)
                found.append(Together(first, second, int(known.sum()), cramers_v(one[known], other[known]), p))
    corrected = holm([each.p for each in found]) if found else ()
    return [replace(each, p_holm=float(p)) for each, p in zip(found, corrected, strict=True)]
