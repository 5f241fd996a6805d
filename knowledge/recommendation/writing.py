"""Lists → a file of customer_id, rank, item_id: parquet or CSV, by its suffix."""

from pathlib import Path

import numpy as np

from knowledge.customers.transactions import Transactions
from knowledge.customers.writing import write_columns
from knowledge.recommendation.ranking import Lists


def write(lists: Lists, transactions: Transactions, file: Path) -> int:
    """One row a customer and place, best first; how many were written."""
    row, place = np.nonzero(lists.items >= 0)
    columns = {
        "customer_id": transactions.customers[lists.customers[row]],
        "rank": place.astype(np.int32) + 1,
        "item_id": transactions.items[lists.items[row, place]],
    }
    write_columns(columns, file)
    return len(row)
