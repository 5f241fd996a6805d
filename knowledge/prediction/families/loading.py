"""A scorer's shape, and a scorer from its files: ["blend", [["linear"], ["boosting"]]]."""

from pathlib import Path
from typing import Any

from knowledge.prediction.families.blend import Blend
from knowledge.prediction.families.boosting import Boosting
from knowledge.prediction.families.lifetime import Lifetime
from knowledge.prediction.families.linear import Linear
from knowledge.prediction.families.scorer import Scorer

KINDS: dict[str, type[Linear] | type[Boosting] | type[Lifetime]] = {
    "linear": Linear,
    "boosting": Boosting,
    "lifetime": Lifetime,
}


def described(scorer: Scorer) -> list[Any]:
    if isinstance(scorer, Blend):
        return ["blend", [described(part) for part in scorer.parts]]
    return [next(name for name, kind in KINDS.items() if isinstance(scorer, kind))]


def loaded(stem: Path, shape: list[Any]) -> Scorer:
    if shape[0] == "blend":
        parts = enumerate(shape[1])
        return Blend(tuple(loaded(stem.with_name(f"{stem.name}-{number}"), part) for number, part in parts))
    return KINDS[shape[0]].load(stem)
