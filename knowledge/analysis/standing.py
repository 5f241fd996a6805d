"""The shop's segments: who is in which, the plane they are seen on, and how else one might group them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from knowledge.analysis.comparison import Look
from knowledge.analysis.groups import SMALLEST_GROUP
from knowledge.customers.features import Features, customer_features
from knowledge.customers.transactions import Texts, Transactions
from knowledge.segmentation import ARCHETYPES, SegmentModel, Segments, TooFewCustomers, fit, rfm_segments
from knowledge.segmentation.alternatives import Plane, gaussian_mixture, hdbscan, plane, rfm_k_means, standardised
from knowledge.segmentation.evidence import what_followed
from knowledge.segmentation.rfm_rule import rfm_cells
from knowledge.segmentation.stability import Labels, adjusted_rand

MOST_POINTS = 1500
MOST_FOR_ALTERNATIVES = 3000
HDBSCAN_SHARE = 0.02
RFM = ("recency_days", "orders", "spend")
SEED = 20_261_120


@dataclass(frozen=True)
class Segment:
    code: str
    customers: int
    revenue_share: float
    recency_days: float
    orders: float
    spend: float
    """Medians, like the two above."""
    came_back: float | None
    """Of those who were in it one horizon ago, who bought since."""


@dataclass(frozen=True)
class Alternative:
    """Another way to group the same customers. `agreement`: adjusted Rand index with the segments."""

    name: str
    groups: int
    noise: float
    agreement: float


@dataclass(frozen=True)
class Standing:
    """`model`: None where a rule sorted them, for want of customers. `drawn`: rows of the plane's points."""

    model: SegmentModel | None
    codes: Texts
    segments: tuple[Segment, ...]
    plane: Plane
    drawn: np.ndarray[tuple[int], np.dtype[np.intp]]
    alternatives: tuple[Alternative, ...]


def standing(
    transactions: Transactions, features: Features, cut: float, progress: Callable[[str, float], None]
) -> Standing:
    try:
        model: SegmentModel | None = fit(transactions, cut, progress)
    except TooFewCustomers:
        model = None
    codes = (model.assign(features) if model else rfm_segments(features)).codes
    chance = np.random.default_rng(SEED)
    shown = np.flatnonzero(np.isin(codes, [code for code in ARCHETYPES if (codes == code).sum() >= SMALLEST_GROUP]))
    drawn = np.sort(chance.choice(shown, min(len(shown), MOST_POINTS), replace=False))
    rows = tuple(_segments(model, features, codes))
    return Standing(model, codes, rows, plane(features), drawn, _alternatives(features, codes, model))


def segments_before(transactions: Transactions, cut: float, horizon: int) -> Look | None:
    """Segments learnt one horizon ago, and what their members spent since: no circle, as the one did not know the
    other. None where there were too few customers then."""
    then = cut - horizon
    try:
        model = fit(transactions, then)
    except TooFewCustomers:
        return None
    found: Segments = model.assign(customer_features(transactions, then))
    followed = what_followed(transactions, found.customers, then, horizon)
    return Look("segment", found.codes, "spend_after", followed)


def _segments(model: SegmentModel | None, features: Features, codes: Texts) -> Iterator[Segment]:
    spend = features.column("spend")
    back = {row["segment"]: row.get("came_back") for row in model.figures["segments"]} if model else {}
    for code in ARCHETYPES:
        inside = codes == code
        if inside.sum() >= SMALLEST_GROUP:
            share = float(spend[inside].sum() / spend.sum()) if spend.any() else 0.0
            recency, orders, paid = (float(np.median(features.column(name)[inside])) for name in RFM)
            yield Segment(code, int(inside.sum()), share, recency, orders, paid, back.get(code))


def _alternatives(features: Features, codes: Texts, model: SegmentModel | None) -> tuple[Alternative, ...]:
    """On a sample; none where there are too few to fit them on."""
    if model is None:
        return ()
    chance = np.random.default_rng(SEED)
    count = min(len(codes), MOST_FOR_ALTERNATIVES)
    rows = np.sort(chance.choice(len(codes), count, replace=False))
    table, k = standardised(features)[rows], len(model.centres)
    found: dict[str, Labels] = {
        "rule": rfm_cells(features)[rows],
        "k_means": rfm_k_means(table, k),
        "mixture": gaussian_mixture(table, k),
        "hdbscan": hdbscan(table, max(SMALLEST_GROUP, round(HDBSCAN_SHARE * count))),
    }
    return tuple(_alternative(name, labels, codes[rows]) for name, labels in found.items())


def _alternative(name: str, labels: Labels, codes: Texts) -> Alternative:
    noise = labels == -1 if name == "hdbscan" else np.zeros(len(labels), dtype=bool)
    return Alternative(name, len(np.unique(labels[~noise])), float(noise.mean()), adjusted_rand(labels, codes))
