"""Learns a shop's segments from what was bought before a day."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from knowledge.customers.errors import ExtraMissing
from knowledge.customers.features import Features
from knowledge.customers.transactions import Floats, Ints, Transactions
from knowledge.segmentation.archetypes import ARCHETYPES, LOST, named
from knowledge.segmentation.axis import Axis, learn
from knowledge.segmentation.choosing import SMALLEST_RUNG, Candidate, Rehearsal, candidates, choose
from knowledge.segmentation.errors import TooFewCustomers
from knowledge.segmentation.evidence import Evidence, gather, horizon_of, sampled, what_followed
from knowledge.segmentation.line import borders, k_means
from knowledge.segmentation.model import SegmentModel, Segments
from knowledge.segmentation.stages import Stages

FEWEST_CUSTOMERS = 30
SEED = 20_261_120
GONE_SHARE = 0.1
"""Of customers called lost, fewer come back within the shop's rhythm."""
GONE_SLACK = 1.25
"""How far the share must be beyond that to unsay what the model before said."""

Progress = Callable[[str, float], None]


def fit(
    transactions: Transactions,
    cut: float,
    progress: Progress = lambda _what, _share: None,
    previous: SegmentModel | None = None,
) -> SegmentModel:
    """The segments at the day `cut`, from the rows strictly before it; always the same for the same rows.

    `previous`: the model that serves now; how many rungs it has and what they are called stays while that is nearly as
    good, so that customers do not change their segment because of a name.

    Raises TooFewCustomers below 30 customers, and ExtraMissing without the extra `crm`.
    """
    _need_extra()
    progress("segments: what customers do", 0.0)
    known = sampled(transactions.before(cut), SEED)
    count = len(np.unique(known.customer))
    if count < FEWEST_CUSTOMERS:
        raise TooFewCustomers(count, FEWEST_CUSTOMERS)
    horizon = horizon_of(known, cut)
    evidence, rehearsal = gather(known, cut, horizon), _rehearsal(known, cut, horizon)
    found = candidates(
        evidence, rehearsal, SEED, lambda share: progress("segments: how many", round(0.3 + 0.6 * share, 3))
    )
    chosen = choose(found, len(previous.rungs) if previous else None)
    model = _built(evidence, cut, horizon, found, chosen, rehearsal, previous.rungs if previous else ())
    progress("segments", 1.0)
    return model


def _need_extra() -> None:
    for name, library in (("scipy", "SciPy"), ("sklearn", "scikit-learn")):
        try:
            __import__(name)
        except ImportError as error:
            raise ExtraMissing(library) from error


def _rehearsal(known: Transactions, cut: float, horizon: int) -> Rehearsal | None:
    """None where nobody had bought anything a horizon before the first one that could be looked back on."""
    then = cut - horizon
    if then - horizon < known.day.min():
        return None
    earlier = gather(known, then, horizon)
    if len(earlier.features.customers) < FEWEST_CUSTOMERS:
        return None
    return Rehearsal(earlier, what_followed(known, earlier.features.customers, then, horizon))


def _built(
    evidence: Evidence,
    cut: float,
    horizon: int,
    found: list[Candidate],
    chosen: Candidate,
    rehearsal: Rehearsal | None,
    before: tuple[str, ...],
) -> SegmentModel:
    axis = learn(evidence.features, evidence.unit, evidence.lessons)
    positions = axis.of(evidence.features)
    centres = k_means(positions, chosen.k)
    rung = np.searchsorted(borders(centres), positions).astype(np.int32)
    stages = Stages.learn(evidence.features, horizon)
    is_gone = _is_last_gone(axis, centres, rehearsal, before)
    rungs = named(_profiles(evidence.features, rung, len(centres)), is_gone, before)
    figures: dict[str, Any] = {
        "customers_learnt_from": len(evidence.features.customers),
        "k": len(centres),
        "candidates": [asdict(each) for each in found],
    }
    model = SegmentModel(axis, centres, rungs, stages, horizon, cut, figures)
    figures["segments"] = _described(model, evidence.features, rehearsal)
    return model


def _is_last_gone(axis: Axis, centres: Floats, rehearsal: Rehearsal | None, before: tuple[str, ...]) -> bool | None:
    """Hardly anybody of the lowest rung came back; None: not known. What was said before needs more to be unsaid."""
    if rehearsal is None:
        return None
    lowest = axis.of(rehearsal.evidence.features) < np.append(borders(centres), np.inf)[0]
    share = GONE_SHARE * (1.0 if not before else GONE_SLACK if before[0] == LOST.code else 1 / GONE_SLACK)
    return bool(np.mean(rehearsal.followed[lowest] > 0) < share) if lowest.any() else None


def _profiles(features: Features, rung: Ints, k: int) -> Floats:
    """(k, 3) mean recency, frequency and spend of each rung in standard deviations, up is good."""
    columns = [-np.log1p(features.column("recency_days"))]
    columns += [np.log1p(features.column(name)) for name in ("orders", "spend")]
    table = np.column_stack(columns)
    spread = table.std(axis=0)
    scaled = (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.array([scaled[rung == number].mean(axis=0) for number in range(k)])


def _described(model: SegmentModel, features: Features, rehearsal: Rehearsal | None) -> list[dict[str, Any]]:
    """What the members of each segment are like among those learnt from, and how many of those a horizon ago came back.
    Groups of fewer than five are left out."""
    now = model.assign(features)
    rows = []
    for code in ARCHETYPES:
        members = now.codes == code
        if members.sum() >= SMALLEST_RUNG:
            medians = {
                name: round(float(np.median(features.column(name)[members])), 2)
                for name in ("recency_days", "orders", "spend")
            }
            row = {"segment": code, "customers": int(members.sum()), "median": medians}
            rows.append(row | _came_back(model, code, rehearsal))
    return rows


def _came_back(model: SegmentModel, code: str, rehearsal: Rehearsal | None) -> dict[str, float]:
    if rehearsal is None:
        return {}
    then: Segments = model.assign(rehearsal.evidence.features)
    members = then.codes == code
    if members.sum() < SMALLEST_RUNG:
        return {}
    followed = rehearsal.followed[members]
    return {"came_back": round(float((followed > 0).mean()), 4), "mean_spend_next": round(float(followed.mean()), 2)}
