"""Lists → a file of customer_id, rank, item_id: parquet or CSV, by its suffix."""

import os
from pathlib import Path

import numpy as np

from knowledge.customers.errors import CustomerDataError, ExtraMissing
from knowledge.customers.transactions import Transactions
from knowledge.recommendation.ranking import Lists

FORMATS = {".csv": "FORMAT csv, HEADER", ".parquet": "FORMAT parquet"}


def check_name(file: Path) -> None:
    """Before an hour's work: raises CustomerDataError for a file that could not be written."""
    if file.suffix.lower() not in FORMATS:
        raise CustomerDataError(f"{file}: '{file.suffix}' is not written; name a .csv or .parquet file")
    if not file.parent.is_dir():
        raise CustomerDataError(f"{file}: there is no folder {file.parent}")
    if file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK):
        raise CustomerDataError(f"{file}: may not be written; name another file")


def write(lists: Lists, transactions: Transactions, file: Path) -> int:
    """One row a customer and place, best first; how many were written."""
    check_name(file)
    try:
        import duckdb
    except ImportError as error:
        raise ExtraMissing("DuckDB") from error
    row, place = np.nonzero(lists.items >= 0)
    columns = {
        "customer_id": transactions.customers[lists.customers[row]],
        "rank": place.astype(np.int32) + 1,
        "item_id": transactions.items[lists.items[row, place]],
    }
    with duckdb.connect() as db:
        db.register("lists", columns)
        target = str(file).replace("'", "''")
        db.execute(f"COPY (SELECT * FROM lists) TO '{target}' ({FORMATS[file.suffix.lower()]})")
    return len(row)
