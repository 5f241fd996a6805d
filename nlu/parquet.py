"""Rows of a parquet file, as plain Python values."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nlu.errors import DatasetError

Row = tuple[Any, ...]


def read_parquet(file: Path, columns: Sequence[str] | None = None) -> tuple[list[str], list[Row]]:
    """The names of the columns and the rows in the file's order. Raises DatasetError when either can't be had."""
    import duckdb

    try:
        with duckdb.connect() as db:
            db.execute("CREATE VIEW rows AS SELECT * FROM read_parquet('" + str(file).replace("'", "''") + "')")
            there = [row[0] for row in db.execute("DESCRIBE rows").fetchall()]
            if missing := [column for column in columns or () if column not in there]:
                raise DatasetError(f"{file} has no column '{missing[0]}'; it has {', '.join(there)}")
            names = list(columns or there)
            return names, db.execute(f"SELECT {', '.join(map(_quoted, names))} FROM rows").fetchall()
    except duckdb.Error as error:
        raise DatasetError(f"{file}: not readable as parquet: {error}") from error


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
