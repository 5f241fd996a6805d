"""Trees by LightGBM: many small ones after each other (boosting), many beside each other (forest), one alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from knowledge.customers.libraries import load_lightgbm
from knowledge.customers.transactions import Floats
from knowledge.prediction.families.linear import Kind

SMALL_TREES = {
    "learning_rate": 0.03,
    "num_leaves": 7,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
}
ROUNDS = 350
"""Small slow trees: between 4 and 15 leaves nothing moved on earlier snapshots by more than their noise."""
FOREST = {
    "boosting": "rf",
    "num_leaves": 63,
    "feature_fraction_bynode": 0.2,
    "bagging_fraction": 0.632,
    "bagging_freq": 1,
}
ONE_TREE = {"num_leaves": 15, "learning_rate": 1.0}
THREADS = 1
"""For learning: the sums are small, and threads waiting for each other cost more than they save."""
SCORING_THREADS = 0
"""As many as the machine, or OMP_NUM_THREADS, allows."""


@dataclass(frozen=True)
class Boosting:
    """`booster`: LightGBM's. `offset` is added to its raw scores."""

    booster: Any
    offset: float = 0.0

    def scores(self, values: Floats) -> Floats:
        return np.asarray(self.booster.predict(values, raw_score=True, num_threads=SCORING_THREADS)) + self.offset

    def contributions(self, values: Floats) -> Floats:
        """Shapley values of the trees (Lundberg, Erion & Lee 2018), as LightGBM computes them."""
        parts = np.asarray(self.booster.predict(values, pred_contrib=True, num_threads=SCORING_THREADS))
        parts[:, -1] += self.offset
        return parts

    def save(self, stem: Path) -> None:
        text = self.booster.model_to_string()
        stem.with_suffix(".txt").write_text(f"offset={self.offset!r}\n{text}", encoding="utf-8")

    @classmethod
    def load(cls, stem: Path) -> Self:
        first, text = stem.with_suffix(".txt").read_text(encoding="utf-8").split("\n", 1)
        return cls(load_lightgbm().Booster(model_str=text), float(first.removeprefix("offset=")))


def boosting(values: Floats, labels: Floats, kind: Kind) -> Boosting:
    return _grown(values, labels, kind, SMALL_TREES, ROUNDS)


def larger_boosting(values: Floats, labels: Floats, kind: Kind) -> Boosting:
    """For many examples of different kinds of things."""
    return _grown(values, labels, kind, SMALL_TREES | {"num_leaves": 15, "learning_rate": 0.05}, 300)


def forest(values: Floats, labels: Floats, kind: Kind) -> Boosting:
    return _grown(values, labels, kind, FOREST, 200)


def tree(values: Floats, labels: Floats, kind: Kind) -> Boosting:
    return _grown(values, labels, kind, ONE_TREE, 1)


def _grown(values: Floats, labels: Floats, kind: Kind, settings: Mapping[str, object], rounds: int) -> Boosting:
    """An amount is learned in units of its mean: a currency's size must not change the model."""
    lightgbm = load_lightgbm()
    size = 1.0 if kind == "chance" else max(float(labels.mean()), 1e-9)
    fixed = {
        "objective": "binary" if kind == "chance" else "poisson",
        "min_data_in_leaf": max(5, min(60, len(labels) // 50)),
        "num_threads": THREADS,
        "seed": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    booster = lightgbm.train({**fixed, **settings}, lightgbm.Dataset(values, labels / size), rounds)
    return Boosting(booster, float(np.log(size)))
