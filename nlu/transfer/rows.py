"""One foreign text, and reading the tables they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as parquet

from nlu.errors import DatasetError

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
    there = parquet.read_schema(file).names
    if missing := [column for column in columns if column not in there]:
        raise DatasetError(f"{file} has no column '{missing[0]}'; it has {', '.join(there)}")
    rows: list[dict[str, Any]] = parquet.read_table(file, columns=list(columns)).to_pylist()
    return rows
