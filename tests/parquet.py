"""Parquet files for tests."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb


def write_parquet(file: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    """Columns of equal length, each of the type of its values."""
    unnested = ", ".join(f'unnest($c{place}) AS "{name}"' for place, name in enumerate(columns))
    with duckdb.connect() as db:
        values = {f"c{place}": list(cells) for place, cells in enumerate(columns.values())}
        db.execute(f"CREATE TABLE written AS SELECT {unnested}", values)
        db.execute(f"COPY written TO '{file}' (FORMAT parquet)")


def read_column(file: Path, column: str) -> list[Any]:
    with duckdb.connect() as db:
        return [value for (value,) in db.execute(f"""SELECT "{column}" FROM '{file}'""").fetchall()]
