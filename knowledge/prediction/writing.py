"""Predictions → a file of customer_id, value: parquet or CSV, by its suffix."""

from pathlib import Path

import numpy as np

from knowledge.customers.transactions import Transactions
from knowledge.customers.writing import write_columns
from knowledge.prediction.categories import Chances
from knowledge.prediction.model import Predictions


def write(task: str, predictions: Predictions, transactions: Transactions, file: Path) -> int:
    """One row a customer; how many were written."""
    customers = transactions.customers[predictions.customers]
    write_columns({"customer_id": customers, "value": predictions.values[task]}, file)
    return len(customers)


def write_categories(chances: Chances, transactions: Transactions, file: Path) -> int:
    """customer_id, category, value: a row a customer and category; how many were written."""
    customers = np.repeat(transactions.customers[chances.customers], len(chances.categories))
    categories = np.tile(np.array(chances.categories), len(chances.customers))
    write_columns({"customer_id": customers, "category": categories, "value": chances.values.ravel()}, file)
    return len(customers)
