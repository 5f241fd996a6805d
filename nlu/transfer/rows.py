"""One foreign text, and reading the tables they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nlu.errors import DatasetError
from nlu.parquet import read_parquet

Part = Literal["look", "test"]
"""`look`: where mistakes may be read and learned from. `test`: only counted."""


@dataclass(frozen=True)
class Row:
    """A customer's message as its source labels it."""

    text: str
    labels: tuple[str, ...]
    """One, or several when the message holds several wishes."""
    part: Part


def read_table(file: Path, columns: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of a parquet file. Raises DatasetError when the file or a column is missing."""
    if not file.is_file():
        raise DatasetError(f"{file} is missing; --data names the folder that holds it")
    names, rows = read_parquet(file, columns)
    return [dict(zip(names, row, strict=True)) for row in rows]
