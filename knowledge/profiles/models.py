"""The customer models of a version: fitted one after the other, kept in one folder, each of them optional.

A part that cannot be fitted (too few customers, say) is left out with the reason; the others go on, and the bot with
what it has. Nothing is imported before it is needed: what serves must not load what only fits.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.customers.errors import ExtraMissing
from knowledge.customers.transactions import Items, Transactions

if TYPE_CHECKING:
    from knowledge.prediction import PredictionModel
    from knowledge.prediction.categories import CategoryModel
    from knowledge.recommendation import RecommendationModel
    from knowledge.segmentation import SegmentModel

Progress = Callable[[str, float], None]
"""Told what is being done, and how much of it is (0–1)."""
PARTS = {
    "segmentation": "SegmentModel",
    "prediction": "PredictionModel",
    "categories": "CategoryModel",
    "recommendation": "RecommendationModel",
}
"""Each a package of knowledge with `fit`, and the class that `load`s what it saved."""
MODULES = {"categories": "knowledge.prediction.categories"}
"""Of a part that is no package of its own."""
NEEDS_ITEMS = frozenset({"prediction", "categories", "recommendation"})


@dataclass(frozen=True)
class CustomerModels:
    """None: there is no such part in this version."""

    segmentation: "SegmentModel | None" = None
    prediction: "PredictionModel | None" = None
    categories: "CategoryModel | None" = None
    recommendation: "RecommendationModel | None" = None

    def save(self, folder: Path) -> None:
        for part in PARTS:
            if (model := getattr(self, part)) is not None:
                (folder / part).mkdir()
                model.save(folder / part)


@dataclass(frozen=True)
class Fitted:
    models: CustomerModels
    problems: Mapping[str, str] = field(default_factory=dict)
    """Why a part could not be fitted, by part."""
    seconds: Mapping[str, float] = field(default_factory=dict)


def fit_all(
    transactions: Transactions, items: Items, cut: float, progress: Progress, present: "SegmentModel | None" = None
) -> Fitted:
    """Learn from the rows before `cut`. Raises ExtraMissing without the extra `crm`.

    `present`: the segments that serve, whose names stay where they may.
    """
    models: dict[str, Any] = {}
    problems: dict[str, str] = {}
    seconds: dict[str, float] = {}
    for part in PARTS:
        started = time.perf_counter()
        given = (transactions, items, cut) if part in NEEDS_ITEMS else (transactions, cut)
        settled = {"previous": present} if part == "segmentation" else {}
        try:
            models[part] = _module(part).fit(*given, progress, **settled)
        except ExtraMissing:
            raise
        except (
            ValueError
        ) as error:  # every package's own errors: too few customers, one product, nothing bought twice …
            problems[part] = str(error)
        else:
            seconds[part] = round(time.perf_counter() - started, 2)
    return Fitted(CustomerModels(**models), problems, seconds)


def _module(part: str) -> Any:
    return import_module(MODULES.get(part, f"knowledge.{part}"))


def load_part(folder: Path, part: str) -> Any:
    """One part of a version, its files taken as they are (sealing.py checks them); None where there is none."""
    if not (folder / part).is_dir():
        return None
    return getattr(_module(part), PARTS[part]).load(folder / part)


def load_models(folder: Path) -> CustomerModels:
    return CustomerModels(**{part: load_part(folder, part) for part in PARTS})
