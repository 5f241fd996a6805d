"""A file of transactions (parquet or CSV) → Transactions, with an account of every row that was left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.customers.errors import CustomerDataError, ExtraMissing
from knowledge.customers.transactions import Items, Transactions

REQUIRED = ("customer_id", "item_id", "time")
OPTIONAL = {"quantity": "1.0", "amount": "0.0", "order_id": "NULL"}
PROBLEMS = {
    "no customer": "customer_id IS NULL OR customer_id = ''",
    "no item": "item_id IS NULL OR item_id = ''",
    "no time": "time IS NULL",
    "quantity not above 0": "NOT coalesce(quantity > 0, false)",
    "amount below 0": "NOT coalesce(amount >= 0, false)",
}
"""Why a row is left out, in the order in which they are looked for."""


@dataclass(frozen=True)
class Loaded:
    """`left_out`: how many rows for each reason of PROBLEMS that occurred."""

    transactions: Transactions
    items: Items
    left_out: Mapping[str, int]


def read_transactions(file: Path, items: Path | None = None) -> Loaded:
    """Rows of `file` that can be used, sorted. Raises CustomerDataError for a file or a column that isn't there."""
    db = connect()
    _take(db, "given", file, REQUIRED)
    db.execute(f"CREATE TABLE lines AS SELECT {_columns(db)} FROM given")
    left_out = _leave_out(db)
    transactions = _arrays(db)
    return Loaded(transactions, _items(db, items, transactions), left_out)


def connect() -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise ExtraMissing("DuckDB") from error
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    return db


def _take(db: Any, name: str, file: Path, needed: tuple[str, ...]) -> None:
    """The file as a view called `name`."""
    if not file.is_file():
        raise CustomerDataError(f"{file} does not exist; hand over a .parquet or .csv file")
    reader = {".parquet": "read_parquet", ".csv": "read_csv"}.get(file.suffix.lower())
    if reader is None:
        raise CustomerDataError(f"{file}: '{file.suffix}' is not read; hand over a .parquet or .csv file")
    path = str(file).replace("'", "''")
    try:
        db.execute(f"CREATE VIEW {name} AS SELECT * FROM {reader}('{path}')")
    except Exception as error:  # DuckDB's errors share no narrower name without importing it here
        raise CustomerDataError(f"{file}: not readable: {error}") from error
    there = _names(db, name)
    if missing := [column for column in needed if column not in there]:
        raise CustomerDataError(f"{file} has no column '{missing[0]}'; it has {', '.join(there)}")


def _names(db: Any, table: str) -> list[str]:
    return [row[0] for row in db.execute(f"DESCRIBE {table}").fetchall()]


def _columns(db: Any) -> str:
    """The select list that gives every column its type; what is no number or time becomes NULL."""
    there = _names(db, "given")
    given = {name: f'"{name}"' if name in there else default for name, default in OPTIONAL.items()}
    return (
        'CAST("customer_id" AS VARCHAR) AS customer_id, CAST("item_id" AS VARCHAR) AS item_id, '
        'epoch(TRY_CAST("time" AS TIMESTAMP)) / 86400.0 AS time, '
        f"TRY_CAST({given['quantity']} AS DOUBLE) AS quantity, TRY_CAST({given['amount']} AS DOUBLE) AS amount, "
        f"CAST({given['order_id']} AS VARCHAR) AS order_id"
    )


def _leave_out(db: Any) -> dict[str, int]:
    left_out = {}
    for name, condition in PROBLEMS.items():
        (count,) = db.execute(f"SELECT count(*) FROM lines WHERE {condition}").fetchone()
        if count:
            db.execute(f"DELETE FROM lines WHERE {condition}")
            left_out[name] = int(count)
    return left_out


def _arrays(db: Any) -> Transactions:
    """Without an order id, what a customer bought at one moment is one order."""
    customers, items = _distinct(db, "customer_id"), _distinct(db, "item_id")
    rows = db.execute(
        """
        WITH c AS (SELECT customer_id, row_number() OVER (ORDER BY customer_id) - 1 AS customer
                   FROM (SELECT DISTINCT customer_id FROM lines)),
             i AS (SELECT item_id, row_number() OVER (ORDER BY item_id) - 1 AS item
                   FROM (SELECT DISTINCT item_id FROM lines))
        SELECT customer::INTEGER AS customer, item::INTEGER AS item, time, quantity, amount,
               (dense_rank() OVER (ORDER BY customer, coalesce(order_id, time::VARCHAR)) - 1)::INTEGER AS "order"
        FROM lines JOIN c USING (customer_id) JOIN i USING (item_id)
        ORDER BY customer, time, "order", item
        """
    ).fetchnumpy()
    return Transactions(
        customers, items, rows["customer"], rows["item"], rows["order"], rows["time"], rows["quantity"], rows["amount"]
    )


def _distinct(db: Any, column: str) -> np.ndarray[Any, np.dtype[np.str_]]:
    found = db.execute(f"SELECT DISTINCT {column} FROM lines ORDER BY {column}").fetchall()
    return np.array([row[0] for row in found], dtype=np.str_)


def _items(db: Any, file: Path | None, transactions: Transactions) -> Items:
    count = len(transactions.items)
    names, categories = np.full(count, "", dtype=object), np.full(count, "", dtype=object)
    if file is not None:
        _take(db, "item_list", file, ("item_id",))
        there = _names(db, "item_list")
        wanted = [f'CAST("{name}" AS VARCHAR)' if name in there else "''" for name in ("name", "category")]
        number = {item: position for position, item in enumerate(transactions.items.tolist())}
        listed = db.execute(f'SELECT CAST("item_id" AS VARCHAR), {", ".join(wanted)} FROM item_list').fetchall()
        for item, name, category in listed:
            if (position := number.get(item)) is not None:
                names[position], categories[position] = name or "", category or ""
    return Items(names.astype(np.str_), categories.astype(np.str_))
