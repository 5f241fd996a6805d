"""Models and purchases → a profile for every customer who has bought anything before the cut.

features ─► segments (staying where they were is easier) ─► predictions with reasons ─► rows for customer_profiles
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from knowledge.customers.features import Features, customer_features
from knowledge.customers.transactions import Floats, Texts, Transactions
from knowledge.profiles.models import CustomerModels
from knowledge.segmentation.archetypes import ARCHETYPES
from knowledge.segmentation.rfm_rule import rfm_segments

KEPT = (
    "recency_days",
    "tenure_days",
    "orders",
    "spend",
    "mean_order_spend",
    "mean_gap_days",
    "recency_over_gap",
    "trend",
)
"""Features that a profile keeps, beside `spend_rank`."""
WATCHED = (
    "recency_days", "orders_28", "spend_28", "mean_order_spend", "mean_gap_days", "recency_over_gap", "trend",
    "top_item_share",
)  # fmt: skip
"""Features whose change means something: totals since ever grow by themselves."""
REASONS = 3


@dataclass(frozen=True)
class Membership:
    """The segment a customer has been in until now, and since when."""

    segment: str | None
    since: datetime | None


@dataclass(frozen=True)
class Computed:
    """Everybody's figures; (m,) arrays by row of `features`."""

    customer_ids: Texts
    features: Features
    segments: Texts
    predictions: Mapping[str, Floats]
    """By task."""

    def columns(self) -> dict[str, Floats]:
        """What drift.py watches, by name: features, segments and predictions."""
        order = {code: float(place) for place, code in enumerate(ARCHETYPES)}
        segments = np.array([order.get(code, -1.0) for code in self.segments.tolist()])
        features = {name: self.features.column(name) for name in WATCHED}
        return features | {"segment": segments} | {f"predicted {task}": one for task, one in self.predictions.items()}


def profiles_of(computed: Computed, models: CustomerModels) -> Iterator[dict[str, Any]]:
    """A row for each customer: customer_id, segment, features and predictions, as ProfileRow has them."""
    kept = {name: computed.features.column(name).tolist() for name in KEPT}
    kept["spend_rank"] = spend_ranks(computed.features.column("spend")).tolist()
    for row, customer_id in enumerate(computed.customer_ids.tolist()):
        yield {
            "customer_id": customer_id,
            "segment": str(computed.segments[row]),
            "features": {name: round(values[row], 4) for name, values in kept.items()},
            "predictions": [
                {"task": task, "value": round(float(values[row]), 6), "reasons": []}
                for task, values in computed.predictions.items()
            ],
        }


def compute(
    models: CustomerModels, transactions: Transactions, cut: float, before: Mapping[str, Membership]
) -> Computed:
    """`before`: who was in which segment, by customer id; whoever is not in it was in none.

    A shop too small to learn segments from gets those of the plain rule.
    """
    features = customer_features(transactions, cut)
    ids = transactions.customers[features.customers]
    previous = np.array([_segment(before.get(one)) for one in ids.tolist()], dtype="U40")
    segments = models.segmentation.assign(features, previous) if models.segmentation else rfm_segments(features)
    predictions: dict[str, Floats] = {}
    return Computed(ids, features, segments.codes, predictions)


def spend_ranks(spend: Floats) -> Floats:
    """(m,) the share of customers who spent less (0–1)."""
    return np.searchsorted(np.sort(spend), spend, side="left") / max(1, len(spend))


def _segment(membership: Membership | None) -> str:
    return (membership.segment if membership else None) or ""
