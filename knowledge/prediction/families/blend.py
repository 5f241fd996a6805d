"""The mean of several models' scores; the contributions are the means of theirs."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.prediction.families.scorer import Scorer


@dataclass(frozen=True)
class Blend:
    parts: tuple[Scorer, ...]

    def scores(self, values: Floats) -> Floats:
        return np.asarray(np.mean([part.scores(values) for part in self.parts], axis=0))

    def contributions(self, values: Floats) -> Floats:
        return np.asarray(np.mean([part.contributions(values) for part in self.parts], axis=0))

    def save(self, stem: Path) -> None:
        for number, part in enumerate(self.parts):
            part.save(stem.with_name(f"{stem.name}-{number}"))
