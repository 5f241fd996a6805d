"""A shop's segments: who is in which, what each is like, and the folder it is kept in."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from knowledge.customers.features import Features
from knowledge.customers.transactions import Floats, Ints, Texts
from knowledge.segmentation.archetypes import AT_RISK, NEW
from knowledge.segmentation.axis import Axis
from knowledge.segmentation.errors import SegmentationError
from knowledge.segmentation.line import borders
from knowledge.segmentation.stages import GONE_SILENCES, Flags, Stages

FILE = "segments.json"
FORMAT = 1
STAYING_MARGIN = 0.1
"""A customer leaves a rung only this far beyond its border, as a share of the way to the next centre; chosen on
Complete Journey's days 252 to 308, where more stay with hardly less said about next month's spend."""


@dataclass(frozen=True)
class Segments:
    """Arrays by row of the features. `position`: the standing, 0 is the average customer; NaN from the RFM rule."""

    customers: Ints
    codes: Texts
    """(m,) codes of archetypes.py."""
    position: Floats

    def moved(self, previous: Texts) -> Flags:
        """(m,) who is in another segment than in `previous` ("": in none)."""
        return np.asarray(self.codes != previous)

    def counts(self) -> dict[str, int]:
        """Customers by segment, also of segments too small to be shown."""
        codes, counts = np.unique(self.codes, return_counts=True)
        return dict(zip(codes.tolist(), counts.tolist(), strict=True))


@dataclass(frozen=True)
class SegmentModel:
    """Serving needs numpy alone: assign() is a few array operations a million customers."""

    axis: Axis
    centres: Floats
    """(k,) positions of the rungs, ascending."""
    rungs: tuple[str, ...]
    """(k,) their codes."""
    stages: Stages
    horizon_days: int
    """The shop's rhythm: how far ahead "next" looks (28, 56, 91 or 182 days)."""
    cut: float
    figures: dict[str, Any]
    """How k was chosen and what the segments are like: JSON, for cards and reports."""

    def assign(self, features: Features, previous: Texts | None = None) -> Segments:
        """Everybody's segment. `previous` (m,): the codes they have had until now, "" for none; who has one keeps it
        until clearly nearer to another."""
        position = self.axis.of(features)
        before = np.full(len(position), "", dtype=np.str_) if previous is None else previous
        rung = self._rungs(position, before)
        codes = np.array(self.rungs, dtype="U40")[rung]
        codes[self.stages.new(features)] = NEW.code
        silences = self.stages.silences(features)
        codes[(silences > 1) & (rung > 0)] = AT_RISK.code
        codes[silences > GONE_SILENCES] = self.rungs[0]
        return Segments(features.customers, codes, position)

    def _rungs(self, position: Floats, previous: Texts) -> Ints:
        """(m,) the rung with the nearest centre, or the one stood on, if its border is not left far behind."""
        between = borders(self.centres)
        nearest = np.searchsorted(between, position)
        slack = STAYING_MARGIN * np.diff(self.centres)
        lowest, highest = np.append(-np.inf, between - slack), np.append(between + slack, np.inf)
        for number, code in enumerate(self.rungs):
            stays = (previous == code) & (position >= lowest[number]) & (position <= highest[number])
            nearest[stays] = number
        return nearest.astype(np.int32)

    def save(self, folder: Path) -> None:
        written = {
            "format": FORMAT,
            "axis": self.axis.to_json(),
            "centres": self.centres.tolist(),
            "rungs": list(self.rungs),
            "stages": self.stages.to_json(),
            "horizon_days": self.horizon_days,
            "cut": self.cut,
            "figures": self.figures,
        }
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises SegmentationError for a folder that holds no segments, or those of another version."""
        path = folder / FILE
        try:
            read = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise SegmentationError(f"{path}: not readable: {error}; fit the customer models again") from error
        if read.get("format") != FORMAT:
            raise SegmentationError(
                f"{path} has format {read.get('format')}, and {FORMAT} is read; fit the customer models again"
            )
        return cls(
            Axis.from_json(read["axis"]),
            np.array(read["centres"], dtype=np.float64),
            tuple(read["rungs"]),
            Stages(**read["stages"]),
            read["horizon_days"],
            read["cut"],
            read["figures"],
        )
