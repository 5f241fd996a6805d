"""Predictions → a file of customer_id, value: parquet or CSV, by its suffix."""

from pathlib import Path

from knowledge.customers.transactions import Transactions
from knowledge.customers.writing import write_columns
from knowledge.prediction.model import Predictions


def write(task: str, predictions: Predictions, transactions: Transactions, file: Path) -> int:
    """One row a customer; how many were written."""
    customers = transactions.customers[predictions.customers]
    write_columns({"customer_id": customers, "value": predictions.values[task]}, file)
    return len(customers)
