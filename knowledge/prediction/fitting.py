"""Transactions → PredictionModel: for each task what was best on earlier days of this shop, learned up to the cut."""

from collections.abc import Callable
from dataclasses import replace

from knowledge.customers.transactions import Items, Transactions
from knowledge.prediction import measures
from knowledge.prediction.errors import NothingBought
from knowledge.prediction.model import Fitted, PredictionModel
from knowledge.prediction.selection import Chosen, choose, fitted
from knowledge.prediction.snapshots import Past, few_customers
from knowledge.prediction.tasks import TASKS, Task
from knowledge.prediction.visits import Visits

Progress = Callable[[str, float], None]
MOST_CUSTOMERS = 25_000
"""Customers that are learned from: more move nothing, and fitting takes as long in every larger shop."""


def fit(
    transactions: Transactions,
    items: Items,  # noqa: ARG001 - all models about customers are fitted alike
    cut: float,
    progress: Progress,
    tasks: tuple[Task, ...] = TASKS,
) -> PredictionModel:
    """From the lines before the day `cut` only. Raises NothingBought where there are none."""
    visits = Visits.before(transactions, cut)
    if not len(visits):
        raise NothingBought
    past = Past(few_customers(visits, MOST_CUSTOMERS))
    found = []
    for number, task in enumerate(tasks):
        progress(f"learning: {task.name}", number / len(tasks))
        found.append(_fitted(past, task))
    progress("learned", 1.0)
    return PredictionModel(past.rhythm(0).names, tuple(found))


def _fitted(past: Past, task: Task) -> Fitted:
    chosen = choose(past, task)
    scorer = fitted(chosen.family, past, replace(task, horizons=chosen.horizons or task.horizons))
    return Fitted(task, chosen.family, scorer, chosen.calibration, _metrics(task, chosen), chosen.untested or "")


def _metrics(task: Task, chosen: Chosen) -> dict[str, float]:
    """Of the validation snapshots: what may be expected, a little flattered by having been chosen by."""
    if not len(chosen.labels):
        return {}
    by = measures.CHANCE if task.kind == "chance" else measures.AMOUNT
    found = {name: round(measure(chosen.out_of_time, chosen.labels), 4) for name, measure in by.items()}
    return found | {"customers": len(chosen.labels), "mean": round(float(chosen.labels.mean()), 4)}
