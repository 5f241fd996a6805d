"""The fitted models of all tasks: kept in a folder, and what they say about every customer.

A folder holds model.json (tasks, families, calibrations, figures) and a file for each part of a model: LightGBM's text,
arrays without pickles, or JSON.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from knowledge.customers.transactions import Floats, Ints, Transactions
from knowledge.prediction.calibration import Calibration
from knowledge.prediction.errors import DamagedModel
from knowledge.prediction.families import loading
from knowledge.prediction.families.scorer import Scorer
from knowledge.prediction.reasons import Reason, reasons
from knowledge.prediction.rhythm import Rhythm, UsualGap
from knowledge.prediction.tasks import TASKS, Task
from knowledge.prediction.visits import Visits

FORMAT = 1
AT_ONCE = 100_000
"""Customers whose features are in memory at the same time."""


@dataclass(frozen=True)
class Fitted:
    """`metrics`: of the validation snapshots; empty where there were none, and `untested` says why."""

    task: Task
    family: str
    scorer: Scorer
    calibration: Calibration
    metrics: Mapping[str, float]
    untested: str = ""

    def predicted(self, values: Floats) -> Floats:
        return self.calibration(self.scorer.scores(values))

    def told(self) -> str:
        """What it is and how far it may be trusted, in a line."""
        if not self.metrics:
            return f"{self.family}, untested in windows of {self.task.days} days: {self.untested}"
        figures = ", ".join(f"{name} {value:g}" for name, value in self.metrics.items())
        return f"{self.family}, {self.calibration.how}; on earlier days of this shop: {figures}"


@dataclass(frozen=True)
class Predictions:
    """What is predicted for every customer with a purchase before the cut."""

    customers: Ints
    """(m,) numbers, ascending: `transactions.customers[predictions.customers]` are the ids."""
    values: Mapping[str, Floats]
    """(m,) by task: a chance (0-1) or an amount."""
    _visits: Visits = field(repr=False)
    _model: "PredictionModel" = field(repr=False)

    def explain(self, task: str, rows: Ints, most: int = 3) -> list[tuple[Reason, ...]]:
        """The strongest reasons of some of the customers, by their rows in `customers`."""
        found: dict[int, tuple[Reason, ...]] = {}
        one, usual = self._model.fitted(task), UsualGap.of(self._visits)
        for block in np.array_split(rows, max(1, -(-len(rows) // AT_ONCE))):
            rhythm = Rhythm.of(self._visits.of(self.customers[block]), usual)
            for customer, why in zip(rhythm.customers.tolist(), reasons(rhythm, one.scorer, most), strict=True):
                found[customer] = why
        return [found[customer] for customer in self.customers[rows].tolist()]


@dataclass(frozen=True)
class PredictionModel:
    names: tuple[str, ...]
    """The features, as the models read them."""
    tasks: tuple[Fitted, ...]

    @property
    def metrics(self) -> dict[str, Mapping[str, float]]:
        """By task, as `Fitted` has them."""
        return {one.task.name: one.metrics for one in self.tasks}

    def fitted(self, task: str) -> Fitted:
        return next(one for one in self.tasks if one.task.name == task)

    def predict(self, transactions: Transactions, cut: float) -> Predictions:
        """From the lines before the day `cut` only."""
        visits = Visits.before(transactions, cut)
        blocks = [self._block(rhythm) for rhythm in _rhythms(visits)]
        values = {
            one.task.name: np.concatenate([np.zeros(0), *(b[one.task.name] for b in blocks)]) for one in self.tasks
        }
        return Predictions(np.unique(visits.customer), values, visits, self)

    def _block(self, rhythm: Rhythm) -> dict[str, Floats]:
        return {one.task.name: one.predicted(rhythm.values) for one in self.tasks}

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for one in self.tasks:
            one.scorer.save(folder / one.task.name)
        kept = {"format": FORMAT, "names": self.names, "tasks": [_described(one) for one in self.tasks]}
        (folder / "model.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises DamagedModel where a file is missing or of another version."""
        try:
            kept = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            if kept["format"] != FORMAT or tuple(kept["names"]) != Rhythm.of(Visits.none()).names:
                raise DamagedModel(f"{folder} was written by another version of Kefu: run `kefu crm fit` again")
            return cls(tuple(kept["names"]), tuple(_loaded(folder, one) for one in kept["tasks"]))
        except (OSError, KeyError, json.JSONDecodeError) as error:
            raise DamagedModel(f"{folder} holds no whole model: {error}; run `kefu crm fit` again") from error


def _rhythms(visits: Visits) -> Iterator[Rhythm]:
    """Blocks of customers, none of them split."""
    customers, usual = np.unique(visits.customer), UsualGap.of(visits)
    for start in range(0, len(customers), AT_ONCE):
        first, last = customers[start], customers[min(start + AT_ONCE, len(customers)) - 1]
        span = slice(*np.searchsorted(visits.customer, np.array([first, last + 1])).tolist())
        yield Rhythm.of(visits.where(span), usual)


def _described(one: Fitted) -> dict[str, Any]:
    return {
        "task": one.task.name,
        "family": one.family,
        "parts": loading.described(one.scorer),
        "calibration": asdict(one.calibration),
        "metrics": one.metrics,
        "untested": one.untested,
    }


def _loaded(folder: Path, kept: Mapping[str, Any]) -> Fitted:
    task = next(task for task in TASKS if task.name == kept["task"])
    calibration = Calibration(kept["calibration"]["how"], tuple(kept["calibration"]["numbers"]))
    scorer = loading.loaded(folder / task.name, kept["parts"])
    return Fitted(task, kept["family"], scorer, calibration, kept["metrics"], kept.get("untested", ""))
