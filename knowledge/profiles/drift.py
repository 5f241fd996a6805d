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
HALF = 0.5
"""Customers added to every part, so that one more or less in an empty one is no infinite change."""
RARE = 3.09
"""Standard deviations that chance exceeds once in a thousand times."""


@dataclass(frozen=True)
class Drift:
    name: str
    index: float
    """PSI, 0 or more."""
    by_chance: float
    """What chance alone stays under 999 times in 1,000, with so many customers."""
    is_alarm: bool
    """Whether it is above the alarm, and above chance."""
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
        now = _shares(values, np.array(then.edges))
        index = stability(_filled(np.array(then.shares), self.customers), _filled(now, len(values)))
        chance = stability_by_chance(len(then.shares), self.customers, len(values))
        return Drift(name, index, chance, index >= max(alarm, chance), then.mean, _mean(values))

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
    """PSI of two rows of shares, none of them 0, over the same parts."""
    return float(((now - then) * np.log(now / then)).sum())


def stability_by_chance(parts: int, then: int, now: int) -> float:
    """The 99.9 % point of the PSI of two samples of the same customers: χ² with `parts` − 1 degrees, times 1/n + 1/m.

    Yurdakul & Naranjo, "Statistical properties of the population stability index" (2020); the point of χ² by Wilson and
    Hilferty's cube.
    """
    degrees = max(1, parts - 1)
    point = degrees * (1 - 2 / (9 * degrees) + RARE * np.sqrt(2 / (9 * degrees))) ** 3
    return float(point * (1 / max(1, then) + 1 / max(1, now)))


def _shares(values: Floats, edges: Floats) -> Floats:
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    shares: Floats = counts / max(1, len(values))
    return shares


def _filled(shares: Floats, customers: int) -> Floats:
    filled: Floats = (shares * customers + HALF) / (customers + HALF * len(shares))
    return filled


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0
