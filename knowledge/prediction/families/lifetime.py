"""BG/NBD and Gamma-Gamma as a family: no labels needed, so it serves shops with weeks of history, or one customer."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import Self

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.prediction.bg_nbd import BgNbd
from knowledge.prediction.families.scorer import log_odds, logs
from knowledge.prediction.gamma_gamma import GammaGamma

COLUMNS = ("recency_days", "tenure_days", "visits", "spend")
"""Of the features, what these models read."""
WEEK = 7.0


@dataclass(frozen=True)
class Lifetime:
    """`positions`: where COLUMNS stand among the features. `usual`: what an explanation compares with."""

    task: str
    days: int
    positions: tuple[int, ...]
    usual: tuple[float, ...]
    buying: BgNbd
    worth: GammaGamma

    @classmethod
    def fitted(cls, task: str, days: int, names: tuple[str, ...], values: Floats) -> Self:
        positions = tuple(names.index(name) for name in COLUMNS)
        given = values[:, positions]
        recency, tenure, visits, spend = given.T
        buying = BgNbd.fitted(visits - 1, (tenure - recency) / WEEK, tenure / WEEK)
        usual = tuple(np.median(given, axis=0).tolist())
        return cls(task, days, positions, usual, buying, GammaGamma.fitted(visits, spend / visits))

    def scores(self, values: Floats) -> Floats:
        return self._scores(values[:, self.positions])

    def contributions(self, values: Floats) -> Floats:
        """Shapley values of the four figures against the median customer's: exact, from all 16 subsets."""
        parts = np.zeros((len(values), values.shape[1] + 1))
        parts[:, -1] = self._scores(np.array([self.usual]))
        parts[:, self.positions] = _shapley(self._scores, values[:, self.positions], np.array(self.usual))
        return parts

    def _scores(self, given: Floats) -> Floats:
        recency, tenure, visits, spend = given.T
        tenure = np.maximum(tenure, recency)  # a subset of figures may not fit together
        history = (visits - 1, (tenure - recency) / WEEK, tenure / WEEK)
        silent = self.buying.silent(*history, self.days / WEEK)
        if self.task == "active":
            return log_odds(1 - silent)
        if self.task == "churn":
            return log_odds(silent)
        expected = self.buying.expected(*history, self.days / WEEK)
        return logs(expected if self.task == "purchases" else expected * self.worth.expected(visits, spend / visits))

    def save(self, stem: Path) -> None:
        stem.with_suffix(".json").write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, stem: Path) -> Self:
        kept = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        models = (BgNbd(**kept["buying"]), GammaGamma(**kept["worth"]))
        return cls(kept["task"], kept["days"], tuple(kept["positions"]), tuple(kept["usual"]), *models)


def _shapley(scores: Callable[[Floats], Floats], values: Floats, usual: Floats) -> Floats:
    """(m, k) what each of k figures adds on average over all orders in which they become known."""
    count = values.shape[1]
    known = {}
    for size in range(count + 1):
        for subset in combinations(range(count), size):
            mixed = np.tile(usual, (len(values), 1))
            mixed[:, subset] = values[:, subset]
            known[subset] = scores(mixed)
    parts = np.zeros_like(values)
    for subset, score in known.items():
        for one in set(range(count)) - set(subset):
            weight = factorial(len(subset)) * factorial(count - len(subset) - 1) / factorial(count)
            parts[:, one] += weight * (known[tuple(sorted({*subset, one}))] - score)
    return parts
