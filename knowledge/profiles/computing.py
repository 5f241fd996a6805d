"""Models and purchases → a profile for every customer who has bought anything before the cut.

features ─► segments (staying where they were is easier) ─► predictions with reasons ─► rows for customer_profiles
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.customers.features import Features, Flags, customer_features
from knowledge.customers.transactions import Floats, Ints, Items, Texts, Transactions
from knowledge.profiles.models import CustomerModels
from knowledge.segmentation.archetypes import ARCHETYPES
from knowledge.segmentation.rfm_rule import rfm_segments

if TYPE_CHECKING:
    from knowledge.prediction.likely_categories import Likely
    from knowledge.prediction.model import Predictions
    from knowledge.prediction.reasons import Reason

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
MOST_CATEGORIES = 3
MOST_EXPLAINED = 50_000
"""Exact reasons take over a millisecond a customer; in a larger shop those who spent most get them."""
AT_ONCE = 20_000
"""Customers whose reasons are in memory at the same time."""


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
    predictions: "Predictions | None"
    """Of the same customers in the same order."""
    categories: "Mapping[int, tuple[Likely, ...]]" = field(default_factory=dict)
    """By row: the categories that the customer will most likely buy in."""

    def columns(self) -> dict[str, Floats]:
        """What drift.py watches, by name: features, segments and predictions."""
        order = {code: float(place) for place, code in enumerate(ARCHETYPES)}
        segments = np.array([order.get(code, -1.0) for code in self.segments.tolist()])
        predicted = self.predictions.values if self.predictions else {}
        features = {name: self.features.column(name) for name in WATCHED}
        return features | {"segment": segments} | {f"predicted {task}": values for task, values in predicted.items()}


def compute(
    models: CustomerModels,
    transactions: Transactions,
    cut: float,
    before: Mapping[str, Membership],
    items: Items | None = None,
) -> Computed:
    """`before`: who was in which segment, by customer id; whoever is not in it was in none. Without `items` nothing is
    said of categories.

    A shop too small to learn segments from gets those of the plain rule.
    """
    features = customer_features(transactions, cut)
    ids = transactions.customers[features.customers]
    previous = np.array([_segment(before.get(one)) for one in ids.tolist()], dtype="U40")
    segments = models.segmentation.assign(features, previous) if models.segmentation else rfm_segments(features)
    predictions = models.prediction.predict(transactions, cut) if models.prediction else None
    likely = _categories(models, transactions, items, cut, features) if items else {}
    return Computed(ids, features, segments.codes, predictions, likely)


def _categories(
    models: CustomerModels, transactions: Transactions, items: Items, cut: float, features: Features
) -> "dict[int, tuple[Likely, ...]]":
    if models.categories is None:
        return {}
    from knowledge.prediction.likely_categories import likely

    is_explained = _top(spend_ranks(features.column("spend")), MOST_EXPLAINED)
    found = likely(models.categories, transactions, items, cut, features.customers[is_explained], MOST_CATEGORIES)
    return dict(enumerate(found[customer] for customer in features.customers.tolist()))


def profiles_of(computed: Computed) -> Iterator[dict[str, Any]]:
    """A row for each customer: customer_id, segment, features and predictions, as ProfileRow has them."""
    kept = {name: computed.features.column(name) for name in KEPT}
    kept["spend_rank"] = spend_ranks(computed.features.column("spend"))
    is_explained = _top(kept["spend_rank"], MOST_EXPLAINED)
    rows = np.arange(len(computed.customer_ids), dtype=np.int32)
    for block in np.array_split(rows, max(1, -(-len(rows) // AT_ONCE))):
        predictions = _predictions(computed.predictions, block, is_explained[block])
        for place, row in enumerate(block.tolist()):
            predictions[place] += [_category(one) for one in computed.categories.get(row, ())]
        for place, row in enumerate(block.tolist()):
            yield {
                "customer_id": str(computed.customer_ids[row]),
                "segment": str(computed.segments[row]),
                "features": {name: round(float(values[row]), 4) for name, values in kept.items()},
                "predictions": predictions[place],
            }


def _predictions(predictions: "Predictions | None", rows: Ints, is_explained: Flags) -> list[list[dict[str, Any]]]:
    """For each of the rows what is predicted, with the strongest reasons where they are wanted."""
    found: list[list[dict[str, Any]]] = [[] for _ in rows]
    for task, values in predictions.values.items() if predictions else ():
        why = iter(predictions.explain(task, rows[is_explained], REASONS) if predictions else ())
        for one, value, has_reasons in zip(found, values[rows].tolist(), is_explained.tolist(), strict=True):
            reasons = [_kept(reason) for reason in next(why)] if has_reasons else []
            one.append({"task": task, "value": round(value, 6), "reasons": reasons})
    return found


def _category(likely: "Likely") -> dict[str, Any]:
    reasons = [_kept(reason) for reason in likely.reasons]
    return {"task": "category", "about": likely.category, "value": round(likely.chance, 6), "reasons": reasons}


def _top(ranks: Floats, most: int) -> Flags:
    """(m,) the `most` highest."""
    top = np.zeros(len(ranks), dtype=bool)
    top[np.argsort(-ranks, kind="stable")[:most]] = True
    return top


def _kept(reason: "Reason") -> dict[str, Any]:
    return asdict(reason)


def spend_ranks(spend: Floats) -> Floats:
    """(m,) the share of customers who spent less (0–1)."""
    return np.searchsorted(np.sort(spend), spend, side="left") / max(1, len(spend))


def _segment(membership: Membership | None) -> str:
    return (membership.segment if membership else None) or ""
