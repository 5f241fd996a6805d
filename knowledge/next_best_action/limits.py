"""The numbers behind the hard rules: `limits.yml`, single keys overridden by a shop's own file."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.next_best_action.actions import Action
from knowledge.next_best_action.errors import LimitsError

Share = Annotated[float, Field(ge=0, le=1)]
Mood = Annotated[float, Field(ge=-1, le=1)]
Count = Annotated[int, Field(ge=0)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MoodLimits(_Section):
    angry_below: Mood


class FatigueLimits(_Section):
    contacts: Count
    days: Count


class ConsentLimits(_Section):
    ask_again_after_days: Count


class VoucherLimits(_Section):
    a_year: Count
    least_mood: Mood


class MarginLimits(_Section):
    usual: Share
    least_left: Share


class RewardLimits(_Section):
    within_days: Annotated[int, Field(ge=1)]
    costs: dict[Action, Share]

    def of(self, action: Action, has_bought: bool) -> float:
        return float(has_bought) - self.costs.get(action, 0.0)


class Limits(_Section):
    """See limits.yml for what each key means."""

    mood: MoodLimits
    fatigue: FatigueLimits
    consent: ConsentLimits
    voucher: VoucherLimits
    margin: MarginLimits
    reward: RewardLimits


@cache
def load_limits(file: Path | None = None) -> Limits:
    """Raises LimitsError naming the file and the key that is wrong."""
    merged = dict(_packaged())
    for section, values in (_read(file) if file else {}).items():
        below: Any = merged.get(section)
        is_section = isinstance(below, Mapping) and isinstance(values, Mapping)
        merged[section] = {**below, **values} if is_section else values
    try:
        return Limits.model_validate(merged)
    except ValidationError as error:
        problems = (f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors())
        raise LimitsError(f"{file or 'limits.yml'}: {'; '.join(problems)}") from error


def _packaged() -> dict[str, Any]:
    packaged: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("limits.yml").read_text("utf-8"))
    return packaged


def _read(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text("utf-8"))
    except OSError as error:
        raise LimitsError(f"{file} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise LimitsError(f"{file} is not valid YAML: {error}") from error
    if not isinstance(content, dict):
        raise LimitsError(f"{file} must hold sections and keys, like the packaged limits.yml")
    return content
