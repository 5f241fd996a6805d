"""Whether customers are still those the models were fitted on: how far features and predictions have moved.

    at fit      Snapshot.of(columns) → drift.json: for each column, ten equal parts and the share of customers in each
    later       snapshot.against(columns now) → [Drift]: PSI = Σ (now − then) · ln(now / then); an alarm, or none

The population stability index is as in Siddiqi, Credit Risk Scorecards (2006): below 0.1 nothing has changed, above 0.2
it is worth a look.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.profiles.errors import ModelTampered

FILE = "drift.json"
PARTS = 10
ALARM = 0.2
LEAST = 1e-4
"""The share that an empty part counts as, so that one customer in it is no infinite change."""
FEWEST = 50
"""Fewer customers than this, then or now, and the index is mostly chance."""


@dataclass(frozen=True)
class Drift:
    name: str
    index: float
    """PSI, 0 or more; 0 where there are too few customers to tell."""
    is_alarm: bool
    mean_then: float
    mean_now: float


@dataclass(frozen=True)
class Column:
    """A column as it was: `edges` (k) part the line into k + 1 parts, `shares` (k + 1) add up to 1."""

    edges: tuple[float, ...]
    shares: tuple[float, ...]
    mean: float

    @classmethod
    def of(cls, values: Floats) -> Self:
        edges = np.unique(np.quantile(values, np.linspace(0, 1, PARTS + 1)[1:-1])) if len(values) else np.zeros(0)
        return cls(tuple(edges.tolist()), tuple(_shares(values, edges).tolist()), _mean(values))


@dataclass(frozen=True)
class Snapshot:
    """All columns of a moment."""

    customers: int
    columns: Mapping[str, Column]

    @classmethod
    def of(cls, columns: Mapping[str, Floats]) -> Self:
        """`columns`: (m,) values by name; the m may differ."""
        count = max((len(values) for values in columns.values()), default=0)
        return cls(count, {name: Column.of(values) for name, values in columns.items()})

    def against(self, columns: Mapping[str, Floats], alarm: float = ALARM) -> list[Drift]:
        """Every column that both have, the largest change first."""
        found = [self._drift(name, columns[name], alarm) for name in self.columns if name in columns]
        return sorted(found, key=lambda drift: -drift.index)

    def _drift(self, name: str, values: Floats, alarm: float) -> Drift:
        then = self.columns[name]
        index = 0.0
        if min(self.customers, len(values)) >= FEWEST:
            index = stability(np.array(then.shares), _shares(values, np.array(then.edges)))
        return Drift(name, index, index >= alarm, then.mean, _mean(values))

    def save(self, folder: Path) -> None:
        columns = {name: vars(column) for name, column in self.columns.items()}
        (folder / FILE).write_text(json.dumps({"customers": self.customers, "columns": columns}), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        try:
            said = json.loads((folder / FILE).read_text("utf-8"))
            columns = {
                name: Column(tuple(one["edges"]), tuple(one["shares"]), one["mean"])
                for name, one in said["columns"].items()
            }
            return cls(said["customers"], columns)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelTampered(folder / FILE, "cannot be read") from error


def stability(then: Floats, now: Floats) -> float:
    """PSI of two rows of shares over the same parts."""
    then, now = np.maximum(then, LEAST), np.maximum(now, LEAST)
    return float(((now - then) * np.log(now / then)).sum())


def _shares(values: Floats, edges: Floats) -> Floats:
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    shares: Floats = counts / max(1, len(values))
    return shares


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0
