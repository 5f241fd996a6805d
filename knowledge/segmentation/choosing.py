"""How many rungs: one row of figures a k, and the rule that picks among them.

Purchases are a continuum: no k is "the" number of natural clusters, and the silhouette only falls with k. So k is the
one that loses least of what the segment says about the next weeks, among those that another sample of customers gives
again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.segmentation.axis import learn
from knowledge.segmentation.evidence import Evidence
from knowledge.segmentation.line import borders, k_means, spread_within
from knowledge.segmentation.stability import adjusted_rand, eta_squared, mean_and_least

KS = (2, 3, 4, 5, 6, 7)
MOST_RUNGS = 5
"""With the two stages that makes seven names, and more nobody keeps in mind; what lies above is shown, not chosen."""
RESAMPLES = 25
STABLE_ARI = 0.85
SMALLEST_RUNG = 5
NEGLIGIBLE_ETA = 0.005
"""Both loose enough that on a supermarket's year, learnt anew every fortnight, k came out the same every time: a shop
that learns each night must not rename everybody because a figure crossed a line by chance."""
SETTLED_ARI, SETTLED_ETA = 0.80, 0.01
"""The k of the present model is kept down to this ARI, and up to this much below the best η²."""
MOST_FOR_SILHOUETTE = 2000


@dataclass(frozen=True)
class Candidate:
    """`spread_within`: for the elbow. `ari_*`: agreement with fits on resampled customers. `eta_squared`: of the
    logarithm of what the last `horizon` before the cut brought, by segments of the day before; None: too young."""

    k: int
    silhouette: float
    spread_within: float
    ari_mean: float
    ari_least: float
    smallest: int
    eta_squared: float | None


@dataclass(frozen=True)
class Rehearsal:
    """The same fit one horizon earlier, and what came of it (m,)."""

    evidence: Evidence
    followed: Floats


def candidates(
    evidence: Evidence, rehearsal: Rehearsal | None, seed: int, progress: Callable[[float], None]
) -> list[Candidate]:
    axis = learn(evidence.features, evidence.unit, evidence.lessons)
    positions = axis.of(evidence.features)
    again = [_again(evidence, seed + number, progress, number) for number in range(RESAMPLES)]
    silhouettes = _Silhouettes.of(positions, seed)
    return [_candidate(k, positions, again, silhouettes, rehearsal) for k in KS]


def choose(found: Sequence[Candidate], before: int | None = None) -> Candidate:
    """The smallest k that says about as much as the best stable one; where none is stable, the most stable.

    `before`: the k of the present model, kept while it is nearly as good.
    """
    possible = [each for each in found if each.k <= MOST_RUNGS and each.smallest >= SMALLEST_RUNG] or [found[0]]
    best = _best(possible)
    return next((each for each in possible if each.k == before and _is_nearly(each, best)), best)


def _is_nearly(one: Candidate, best: Candidate) -> bool:
    is_stable = one.ari_mean >= min(best.ari_mean, SETTLED_ARI)
    return is_stable and (one.eta_squared or 0.0) >= (best.eta_squared or 0.0) - SETTLED_ETA


def _best(possible: Sequence[Candidate]) -> Candidate:
    stable = [each for each in possible if each.ari_mean >= STABLE_ARI]
    if not stable:
        return max(possible, key=lambda each: each.ari_mean)
    if any(each.eta_squared is None for each in stable):
        return stable[-1]
    best = max(each.eta_squared or 0.0 for each in stable)
    return next(each for each in stable if (each.eta_squared or 0.0) >= best - NEGLIGIBLE_ETA)


def labels(positions: Floats, centres: Floats) -> Floats:
    return np.searchsorted(borders(centres), positions).astype(np.float64)


@dataclass(frozen=True)
class _Again:
    """The fit on a resample: where everybody stands, and how often each customer was drawn."""

    positions: Floats
    counts: Floats


def _again(evidence: Evidence, seed: int, progress: Callable[[float], None], number: int) -> _Again:
    count = len(evidence.features.customers)
    counts = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count)).astype(np.float64)
    axis = learn(evidence.features, evidence.unit, evidence.lessons, counts)
    progress((number + 1) / RESAMPLES)
    return _Again(axis.of(evidence.features), counts)


def _candidate(
    k: int, positions: Floats, again: Sequence[_Again], silhouettes: "_Silhouettes", rehearsal: Rehearsal | None
) -> Candidate:
    centres = k_means(positions, k)
    own = labels(positions, centres)
    others = [labels(each.positions, k_means(each.positions, k, each.counts)) for each in again]
    mean, least = mean_and_least([adjusted_rand(own, other) for other in others])
    smallest = int(np.bincount(own.astype(np.intp), minlength=k).min())
    eta = _told(k, rehearsal) if rehearsal else None
    return Candidate(k, silhouettes.at(centres), spread_within(positions, centres), mean, least, smallest, eta)


def _told(k: int, rehearsal: Rehearsal) -> float:
    evidence = rehearsal.evidence
    positions = learn(evidence.features, evidence.unit, evidence.lessons).of(evidence.features)
    followed = np.log1p(rehearsal.followed / evidence.unit)
    return eta_squared(labels(positions, k_means(positions, k)), followed)


@dataclass(frozen=True)
class _Silhouettes:
    """A sample of positions: the silhouette compares everybody with everybody."""

    positions: Floats

    @classmethod
    def of(cls, positions: Floats, seed: int) -> "_Silhouettes":
        count = min(len(positions), MOST_FOR_SILHOUETTE)
        return cls(np.random.default_rng(seed).choice(positions, count, replace=False))

    def at(self, centres: Floats) -> float:
        from sklearn.metrics import silhouette_score

        groups = labels(self.positions, centres)
        if not 1 < len(np.unique(groups)) < len(groups):
            return 0.0
        return float(silhouette_score(self.positions[:, None], groups))
