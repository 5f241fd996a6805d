"""How good the customer models would have been: fitted on what was known some weeks ago, held against what came after.

    28 days ago    recommendation (what did they buy?), segments (do they stay, what did they spend?), who was active
    91 days ago    who stayed away, how often and for how much they bought

Each figure stands beside what the simplest rule gets on the same customers. Nothing that is kept here serves.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.customers.features import customer_features
from knowledge.customers.transactions import Floats, Ints, Transactions
from knowledge.profiles.errors import ProfileError
from knowledge.profiles.fitting import Source
from knowledge.profiles.models import Progress

if TYPE_CHECKING:
    from knowledge.prediction.tasks import Task

WINDOW_DAYS, LONG_DAYS = 28, 91
LISTED = 10
LEAST_HISTORY_DAYS = 56
Figures = dict[str, Any]


def backtest(source: Source, progress: Progress) -> dict[str, Figures]:
    """Figures by part. Raises ProfileError for a history that is too short, ExtraMissing without the extra `crm`."""
    known = source.transactions.before(source.cut)
    if not len(known) or source.cut - known.day.min() < WINDOW_DAYS + LEAST_HISTORY_DAYS:
        days = WINDOW_DAYS + LEAST_HISTORY_DAYS
        raise ProfileError(f"less than {days} days of purchases: there is nothing to test on yet")
    whole = replace(source, transactions=known)
    parts: dict[str, Callable[[Source, Progress], Figures]] = {
        "recommendation": _recommendation,
        "segmentation": _segmentation,
        "prediction": _prediction,
    }
    return {part: _figures(measure, whole, progress) for part, measure in parts.items()}


def _figures(measure: Callable[[Source, Progress], Figures], source: Source, progress: Progress) -> Figures:
    try:
        return measure(source, progress)
    except ValueError as error:  # too few customers for this part: the others are measured
        return {"not measured": str(error)}


def _recommendation(source: Source, progress: Progress) -> Figures:
    """NDCG at 10 of what customers of old bought in the last 28 days."""
    from knowledge.recommendation import fit
    from knowledge.recommendation.evaluation import interval, score

    then = source.cut - WINDOW_DAYS
    model = fit(source.transactions, source.items, then, progress)
    customers, answers = _bought(source.transactions, then)
    number = {item: place for place, item in enumerate(source.transactions.items.tolist())}
    ids = source.transactions.customers
    lists = {
        one: np.array([number[each.item_id] for each in model.rank(str(ids[one]), "window", LISTED)], dtype=np.int32)
        for one in np.unique(customers).tolist()
    }
    learned = score(lists, customers, answers, LISTED)
    simple = score(_favourites(source.transactions.before(then), lists), customers, answers, LISTED)
    low, high = interval(learned.ndcg - simple.ndcg)
    return {
        "customers": len(learned.ndcg),
        "ndcg at 10": float(learned.ndcg.mean()),
        "recall at 10": float(learned.recall.mean()),
        "ndcg of what they bought most": float(simple.ndcg.mean()),
        "better by": f"{low:+.3f} to {high:+.3f} (95 %)",
    }


def _bought(transactions: Transactions, start: float) -> tuple[Ints, Ints]:
    """Each customer and item once, of customers who had bought before."""
    window = transactions.between(start, start + WINDOW_DAYS)
    has_past = np.isin(window.customer, np.unique(transactions.before(start).customer))
    pairs = np.unique(np.stack([window.customer[has_past], window.item[has_past]]), axis=1)
    return pairs[0], pairs[1]


def _favourites(known: Transactions, wanted: Mapping[int, Ints]) -> dict[int, Ints]:
    """What each customer bought most often, filled up with what everybody buys."""
    popular = np.argsort(-np.bincount(known.item, minlength=len(known.items)), kind="stable").astype(np.int32)
    found = {}
    for one in wanted:
        rows = slice(*np.searchsorted(known.customer, [one, one + 1]).tolist())
        items, counts = np.unique(known.item[rows], return_counts=True)
        own = items[np.argsort(-counts, kind="stable")][:LISTED]
        found[one] = np.concatenate([own, popular[~np.isin(popular, own)]])[:LISTED].astype(np.int32)
    return found


def _segmentation(source: Source, progress: Progress) -> Figures:
    """How many stay where they are for 28 days, and what the segment says about what they spend in them."""
    from knowledge.segmentation import fit
    from knowledge.segmentation.evidence import what_followed
    from knowledge.segmentation.stability import eta_squared

    then = source.cut - WINDOW_DAYS
    earlier = customer_features(source.transactions, then)
    before = fit(source.transactions, then, progress).assign(earlier)
    later = customer_features(source.transactions, source.cut)
    previous = np.full(len(later.customers), "", dtype="U40")
    previous[np.searchsorted(later.customers, earlier.customers)] = before.codes
    after = fit(source.transactions, source.cut, progress).assign(later, previous)
    has_been = previous != ""
    spent = np.log1p(what_followed(source.transactions, earlier.customers, then, WINDOW_DAYS))
    return {
        "customers": len(before.codes),
        "segments": len(before.counts()),
        "stay for 28 days": float(1 - after.moved(previous)[has_been].mean()),
        "eta squared of the next 28 days' spend": float(eta_squared(before.codes, spent)),
    }


def _prediction(source: Source, progress: Progress) -> Figures:
    from knowledge.prediction.tasks import ACTIVE, CHURN, PURCHASES, SPEND

    figures = _predicted(source, WINDOW_DAYS, (ACTIVE,), progress)
    is_long = source.cut - source.transactions.day.min() >= LONG_DAYS + LEAST_HISTORY_DAYS
    return figures | (_predicted(source, LONG_DAYS, (CHURN, PURCHASES, SPEND), progress) if is_long else {})


def _predicted(source: Source, days_ago: int, tasks: "tuple[Task, ...]", progress: Progress) -> Figures:
    from knowledge.prediction import fit
    from knowledge.prediction.visits import Visits

    then = source.cut - days_ago
    predictions = fit(source.transactions, source.items, then, progress, tasks).predict(source.transactions, then)
    visits = Visits.before(source.transactions, source.cut)
    recency = customer_features(source.transactions, then).column("recency_days")
    return {
        task.name: _measured(
            task,
            predictions.values[task.name],
            task.labels(visits, predictions.customers, days_ago, task.days),
            recency,
        )
        for task in tasks
    }


def _measured(task: "Task", predicted: Floats, labels: Floats, recency: Floats) -> Figures:
    from knowledge.prediction import measures

    if task.kind == "amount":
        mean = np.full(len(labels), labels.mean())
        return {"mae": measures.mae(predicted, labels), "mae of the mean": measures.mae(mean, labels)}
    simple = recency if task.name == "churn" else -recency
    return {
        "auc": measures.auc(predicted, labels),
        "auc of recency": measures.auc(simple, labels),
        "ap": measures.average_precision(predicted, labels),
        "ece": measures.ece(predicted, labels),
        "share": float(labels.mean()),
    }
