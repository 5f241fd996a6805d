"""What a public data set is to the benchmark, and which there are."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from nlu.classification.reading import Columns, read_labelled
from nlu.classification.texts import LabelledTexts
from nlu.parquet import read_parquet

OWN_METRICS = ("accuracy", "macro_f1")


@dataclass(frozen=True)
class Split:
    """What one classifier learns from and is tested on; without `dev` the choice is made within `train`."""

    train: LabelledTexts
    dev: LabelledTexts | None
    test: LabelledTexts


@dataclass(frozen=True)
class PublicSet:
    """A data set as it was published, or as README.md of the data says that it was split."""

    name: str
    title: str
    metric: str
    """accuracy, macro_f1 or in_scope_accuracy: what the others publish."""
    read: Callable[[Path], list[Split]]
    """From the folder of all data: several splits where it is cross-validated or drawn several times."""
    repeats: int = 1
    """In how many of the splits each test text occurs."""


def public_sets() -> dict[str, PublicSet]:
    """Every set by name."""
    modules = [import_module(f"nlu.classification.{name}_sets") for name in ("english", "chinese")]
    return {one.name: one for module in modules for one in module.SETS}


def by_split_column(file: Path, columns: Columns) -> Split:
    """A file that says for each row where it belongs: train, dev or test."""
    belongs = [name for (name,) in read_parquet(file, ("split",))[1]]
    rows = read_labelled(file, columns)
    train, dev, test = (
        rows.at(row for row, name in enumerate(belongs) if name == part) for part in ("train", "dev", "test")
    )
    return Split(train, dev, test)


def own_set(train: Path, test: Path, dev: Path | None, columns: Columns, metric: str) -> PublicSet:
    """Somebody's own files."""

    def read(_: Path) -> list[Split]:
        chosen_on = None if dev is None else read_labelled(dev, columns)
        return [Split(read_labelled(train, columns), chosen_on, read_labelled(test, columns))]

    return PublicSet(test.stem, str(test), metric, read)
