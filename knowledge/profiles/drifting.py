"""The customers of now against those of the fit, by the models that serve."""

from pathlib import Path

from knowledge.customers.transactions import Transactions
from knowledge.profiles.computing import compute
from knowledge.profiles.drift import Drift, Snapshot
from knowledge.profiles.errors import ProfileError
from knowledge.profiles.fitting import day_text
from knowledge.profiles.models import load_models
from knowledge.profiles.sealing import verified


def drifts_since_fit(folder: Path, transactions: Transactions, cut: float, alarm: float) -> list[Drift]:
    """The version in `folder` looks at the rows before `cut`; the largest change first. Raises ProfileError."""
    verified(folder)
    if not len(transactions.before(cut)):
        raise ProfileError(f"no purchases before {day_text(cut)}: nobody to compare with those of the fit")
    return Snapshot.load(folder).against(compute(load_models(folder), transactions, cut, {}).columns(), alarm)
