"""Lines by customer on Spark: each part of the customers as a Transactions, as if it were a shop of its own."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.customers.transactions import Transactions

LINES_A_PART = 400_000
"""So that a part needs about 200 MB where it is computed."""

Columns = Mapping[str, npt.NDArray[Any]]


def part_of(table: Any) -> Transactions:
    """The lines of a pyarrow.Table (customer_id, item_id, order_key, time, quantity, amount), each once."""
    texts = [table.column(name).to_pylist() for name in ("customer_id", "item_id", "order_key")]
    figures = [table.column(name).to_numpy().astype(np.float64) for name in ("time", "quantity", "amount")]
    return Transactions.numbered(*texts, *figures)


def by_parts(lines: Any, compute: Callable[[Transactions], Columns], schema: str) -> Any:
    """A DataFrame of what `compute` says of each part's customers; `schema` names its columns as Spark does.

    `compute` travels to the machines by name or by value: it may hold models, no connections.
    """
    from pyspark.sql import functions

    parts = 1 + lines.count() // LINES_A_PART

    def computed(table: Any) -> Any:
        import pyarrow

        return pyarrow.table(dict(compute(part_of(table).without_repeats())))

    part = functions.pmod(functions.xxhash64("customer_id"), functions.lit(parts))
    return lines.withColumn("part", part).groupBy("part").applyInArrow(computed, schema)
