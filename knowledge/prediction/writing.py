"""Predictions → a file of customer_id, value: parquet or CSV, by its suffix."""

from pathlib import Path

from knowledge.customers.transactions import Transactions
from knowledge.prediction.model import Predictions
from knowledge.recommendation.writing import FORMATS, check_name

__all__ = ["check_name", "write"]


def write(task: str, predictions: Predictions, transactions: Transactions, file: Path) -> int:
    """One row a customer; how many were written."""
    import duckdb

    check_name(file)
    columns = {"customer_id": transactions.customers[predictions.customers], "value": predictions.values[task]}
    with duckdb.connect() as db:
        db.register("predictions", columns)
        target = str(file).replace("'", "''")
        db.execute(f"COPY (SELECT * FROM predictions) TO '{target}' ({FORMATS[file.suffix.lower()]})")
    return len(predictions.customers)
