"""One figure for each customer: where they stand, from "gone" to "comes all the time".

What the shop's own past says a customer will spend next is the axis: recency, frequency and spend are weighed by how
well they told the following weeks, at earlier cuts. Every weight points the way it must (more and later is better),
and is drawn towards all weights being equal, so that a shop with little history gets plain RFM.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from knowledge.customers.features import Features
from knowledge.customers.transactions import Floats, Ints

READS = ("recency_days", "spend", "active_days_91", "active_days_182", "spend_91", "spend_182")
"""Windows of a quarter and longer: what happened last week moves nobody into another segment."""
OUTLIER = 3.0
"""Standard deviations beyond which a value counts as if it were there."""
EQUAL_WEIGHTS_COUNT = 1000.0
"""The wish for equal weights counts as much as this many customers; chosen on Complete Journey's days 252 to 308."""
RANK_SHARE = 0.75
"""How much of the axis is a customer's rank, the rest their score. By score alone, k-means' borders lie in the thinly
settled ends and move with every sample; by rank alone, all rungs would be of one size."""
UNIFORM_SPREAD = float(np.sqrt(12.0))
"""Makes ranks in 0-1 spread as wide as scores in standard deviations."""
SHARES = np.linspace(0.0, 1.0, 101)
ARRAYS = ("means", "spreads", "weights", "scores", "ranks")


@dataclass(frozen=True)
class Axis:
    """Features → position; 0 is the average customer, about 1 a standard deviation."""

    unit: float
    """What a usual order costs: spend is counted in it, so that the currency is the same to us."""
    means: Floats
    """(6,) of the logarithms, like `spreads` and `weights` in the order of READS."""
    spreads: Floats
    weights: Floats
    scores: Floats
    """(q,) scores, ascending, and at `ranks` (q,) the shares of customers below them."""
    ranks: Floats
    mean: float
    spread: float

    def of(self, features: Features) -> Floats:
        """(m,) positions."""
        score = self.score(features)
        rank = np.interp(score, self.scores, self.ranks) - 0.5
        return RANK_SHARE * UNIFORM_SPREAD * rank + (1 - RANK_SHARE) * (score - self.mean) / self.spread

    def score(self, features: Features) -> Floats:
        """(m,) sums of the weighted figures."""
        figures = (logarithms(features, self.unit) - self.means) / self.spreads
        return np.asarray(np.clip(figures, -OUTLIER, OUTLIER) @ self.weights, dtype=np.float64)

    def to_json(self) -> dict[str, Any]:
        arrays = {name: getattr(self, name).tolist() for name in ARRAYS}
        return {"unit": self.unit, "mean": self.mean, "spread": self.spread} | arrays

    @classmethod
    def from_json(cls, read: dict[str, Any]) -> Self:
        arrays = {name: np.array(read[name], dtype=np.float64) for name in ARRAYS}
        return cls(unit=read["unit"], mean=read["mean"], spread=read["spread"], **arrays)


def logarithms(features: Features, unit: float) -> Floats:
    """(m, 6) the columns of READS as logarithms, turned so that up is good."""
    columns = []
    for name in READS:
        column = features.column(name)
        columns.append(np.log1p(column / unit if name.startswith("spend") else column))
    columns[0] = -columns[0]
    return np.column_stack(columns)


def usual_order(features: Features) -> float:
    """What a usual customer's usual order costs; 1 where nothing has a price."""
    paid = features.column("mean_order_spend")
    return float(np.median(paid[paid > 0])) if (paid > 0).any() else 1.0


@dataclass(frozen=True)
class Lessons:
    """What customers looked like at earlier cuts (r, 6), and the logarithm of what they spent thereafter (r,)."""

    figures: Floats
    followed: Floats
    customer: Ints
    """(r,) whose: a row of the features at the cut."""


def learn(features: Features, unit: float, lessons: Lessons | None, counts: Floats | None = None) -> Axis:
    """The axis at a cut. `counts` (m,): how often each customer counts (a resample); all once by default."""
    counts = np.ones(len(features.customers)) if counts is None else counts
    figures = logarithms(features, unit)
    means, spreads = _weighed(figures, counts)
    weights = np.ones(len(READS)) / len(READS)
    if lessons is not None:
        weights = _weights(lessons, counts[lessons.customer], means, spreads)
    score = Axis(unit, means, spreads, weights, SHARES, SHARES, 0.0, 1.0).score(features)
    mean, spread = _weighed(score, counts)
    return Axis(unit, means, spreads, weights, *_ranks(score, counts), float(mean), float(spread))


def _weights(lessons: Lessons, counts: Floats, means: Floats, spreads: Floats) -> Floats:
    """Least squares, none below 0, drawn towards equal ones. Lawson & Hanson 1974, chapter 23."""
    from scipy.optimize import nnls

    figures = np.clip((lessons.figures - means) / spreads, -OUTLIER, OUTLIER)
    figures = figures - np.average(figures, axis=0, weights=counts)
    followed = lessons.followed - np.average(lessons.followed, weights=counts)
    together = figures.sum(axis=1)
    equal = max(0.0, float((counts * together * followed).sum() / max(1e-9, (counts * together**2).sum())))
    pull, often = np.sqrt(EQUAL_WEIGHTS_COUNT), np.sqrt(counts)
    rows = np.vstack([figures * often[:, None], pull * np.eye(len(READS))])
    weights, _ = nnls(rows, np.concatenate([followed * often, np.full(len(READS), pull * equal)]))
    total = float(weights.sum())
    return np.asarray(weights / total, dtype=np.float64) if total > 0 else np.ones(len(READS)) / len(READS)


def _weighed(values: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation along the first axis; a figure that is the same for all has a spread of 1."""
    mean = np.average(values, axis=0, weights=counts)
    spread = np.sqrt(np.average((values - mean) ** 2, axis=0, weights=counts))
    return mean, np.where(spread > 1e-9, spread, 1.0)


def _ranks(score: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Scores and the ranks that they have; many customers of one score share the rank in their middle."""
    order = np.argsort(score, kind="stable")
    reached = np.cumsum(counts[order]) - counts[order] / 2
    scores, which = np.unique(np.interp(SHARES, reached / counts.sum(), score[order]), return_inverse=True)
    return scores, np.bincount(which, SHARES) / np.bincount(which)
