"""Columns → a file, parquet or CSV by its suffix; what could not be written is told before the work."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt

from knowledge.customers.errors import CustomerDataError, ExtraMissing

FORMATS = {".csv": "FORMAT csv, HEADER", ".parquet": "FORMAT parquet"}


def check_name(file: Path) -> None:
    """Before an hour's work: raises CustomerDataError for a file that could not be written."""
    if file.suffix.lower() not in FORMATS:
        raise CustomerDataError(f"{file}: '{file.suffix}' is not written; name a .csv or .parquet file")
    if not file.parent.is_dir():
        raise CustomerDataError(f"{file}: there is no folder {file.parent}")
    if file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK):
        raise CustomerDataError(f"{file}: may not be written; name another file")


def write_columns(columns: Mapping[str, npt.NDArray[Any]], file: Path) -> None:
    """Columns of the same length, in the order given."""
    check_name(file)
    try:
        import duckdb
    except ImportError as error:
        raise ExtraMissing("DuckDB") from error
    with duckdb.connect() as db:
        db.register("written", dict(columns))
        target = str(file).replace("'", "''")
        db.execute(f"COPY (SELECT * FROM written) TO '{target}' ({FORMATS[file.suffix.lower()]})")
